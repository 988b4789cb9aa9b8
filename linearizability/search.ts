/**
 * Deciding by search, for any model: place one operation after the other, of those
 * that nothing unplaced precedes, and go back where it leads nowhere.
 *
 * The frame is that of Wing and Gong (1993) with Lowe's (2017) two improvements: the
 * calls and returns stand in a linked list from which placed operations are lifted,
 * and a configuration (the operations placed, and the state) is entered once. Four
 * more make it fast where that is not:
 *
 * - A read that agrees with the state is placed at once, and never tried later. It
 *   changes nothing, and earlier never hurts: any order in which it comes later is
 *   still one with the read moved here. Without this rule, n reads at the same time
 *   are 2^n configurations.
 * - Of operations with the same effect, the one that returned first goes first, see
 *   `twins.ts`. Without this rule, n equal writes that never returned are 2^n
 *   configurations.
 * - An operation that never returned is tried last, as it need not have happened; and
 *   a configuration is not entered where one is known that has used fewer of these.
 * - A state that somebody still has to find is not left for good, see `needs.ts`, nor
 *   while it cannot be reached again in time, see `deadlines.ts`; and
 *   states that nobody can tell apart are one, see `Horizon` in `model.ts`.
 *
 * A refutation is exact: configurations are compared as they are, see
 * `configuration_set.ts`. A hash that stood for one could refute a linearizable history
 * when two collide; and an exact configuration is as short, see `placement.ts`.
 *
 * The search keeps its own stack, so that no history is too long for it. It goes on in
 * slices, so that several can take turns, and counts its own work, so that it asks for
 * time at regular distances whatever the history looks like.
 *
 * @module
 */

import { ConfigurationSet } from "./configuration_set.ts";
import { Deadlines } from "./deadlines.ts";
import { Needs } from "./needs.ts";
import type { TimeLimit } from "./pace.ts";
import { Placement } from "./placement.ts";
import { type AnyProblem, NONE } from "./problem.ts";
import { Twins } from "./twins.ts";

/** The end of a search. */
export interface SearchResult {
  /** `undefined` if it was told to stop first. */
  linearizable: boolean | undefined;
  /** Operations in the order of their linearization points: all that returned, or the
   * most that could be placed. */
  order: number[];
  /** The operation that should have been placed where nothing could be any more, as it
   * returned first. */
  stuck: number | undefined;
}

/** The limits of a search. */
export interface SearchLimits extends TimeLimit {
  /** The number of configurations that may be kept, in each part. */
  configurationsMax?: number;
  /** The number of bytes for configurations and states, 1 GiB if absent. */
  bytesMax?: number;
  /** Goes as far as it can also where it is known that nothing comes of it: for the
   * longest beginning of a history that is refuted. */
  goesOn?: boolean;
}

/** The bytes that a search may take if nobody says otherwise. */
export const BYTES_MAX = 2 ** 30;
/** Nodes visited and words compared, about 0.1 ms. */
const WORK_BETWEEN_QUESTIONS = 16_384;

/** A search that goes on in slices. */
export class Search {
  /** The problem that is searched. */
  readonly problem: AnyProblem;
  readonly #limits: SearchLimits;
  readonly #seen: ConfigurationSet;
  readonly #placement: Placement;
  readonly #isRead: Uint8Array;
  readonly #twins: Twins;
  readonly #needs: Needs | undefined;
  readonly #deadlines: Deadlines | undefined;
  /** The placed operations in their order, each with the state before it. */
  readonly #placed: Int32Array;
  readonly #before: Int32Array;
  #depth = 0;
  #state = 0;
  /** The longest that `#placed` has been, and from where on it has changed since. */
  #best: number[] = [];
  #bestStuck: number | undefined;
  #changedFrom = 0;
  #work = 0;
  /** The operation to try next, {@linkcode NONE} if none is left; absent before the first. */
  #candidate: number | undefined;
  #linearizable: boolean | undefined;

  constructor(problem: AnyProblem, limits: SearchLimits) {
    this.problem = problem;
    problem.prepareSteps();
    this.#limits = limits;
    const { size } = problem;
    this.#placement = new Placement(problem);
    const prunes = limits.goesOn !== true && problem.knowsLeads;
    this.#needs = prunes ? new Needs(problem) : undefined;
    this.#deadlines = prunes ? new Deadlines(problem) : undefined;
    const { key, optional } = this.#placement;
    this.#seen = new ConfigurationSet(key.length, optional.length);
    this.#isRead = problem.isRead;
    this.#twins = new Twins(problem);
    this.#placed = new Int32Array(size);
    this.#before = new Int32Array(size);
  }

  /** Returns the number of bytes that the search holds. */
  get bytes(): number {
    return this.#seen.bytes + this.problem.bytes;
  }

  /** The result so far. */
  get result(): SearchResult {
    const linearizable = this.#linearizable;
    if (linearizable !== true) return { linearizable, order: this.#best, stuck: this.#bestStuck };
    const order = Array.from(this.#placed.subarray(0, this.#depth));
    return { linearizable, order, stuck: undefined };
  }

  /** Goes on.
   *
   * @param work The approximate number of nodes to visit.
   * @param bytesMax The number of bytes that the search may hold.
   * @returns "done" if it is decided, "more" if the work is done but nothing decided, or
   * "over" if a limit was met: then it cannot go on. */
  advance(work: number, bytesMax: number): "done" | "more" | "over" {
    const { isOver, configurationsMax = Infinity } = this.#limits;
    const placement = this.#placement;
    const end = this.#work + this.#seen.work + work;
    let question = this.#work + this.#seen.work + WORK_BETWEEN_QUESTIONS;
    if (this.#candidate === undefined) {
      this.#placeReads();
      this.#candidate = placement.first;
    }
    while (!placement.isDone) {
      if (this.#work + this.#seen.work > question) {
        if (isOver?.() === true) return "over";
        if (this.#work + this.#seen.work > end) return "more";
        question = this.#work + this.#seen.work + WORK_BETWEEN_QUESTIONS;
      }
      if (!this.#visit(this.#candidate)) {
        this.#linearizable = false;
        return "done";
      }
      if (this.#seen.size > configurationsMax || this.bytes > bytesMax) return "over";
    }
    this.#linearizable = true;
    return "done";
  }

  /** Tries to place an operation, or goes back.
   *
   * @returns False if there is nowhere to go back to. */
  #visit(candidate: number): boolean {
    const placement = this.#placement;
    this.#work++;
    if (candidate === NONE) {
      this.#remember();
      const choice = this.#goBack();
      if (choice === NONE) return false;
      this.#candidate = placement.after(choice);
    } else {
      this.#candidate = this.#tryPlace(candidate) ? placement.first : placement.after(candidate);
    }
    return true;
  }

  /** Places an operation that changes something, if it leads to anything new. */
  #tryPlace(i: number): boolean {
    const placement = this.#placement;
    if (this.#isRead[i] === 1) return false;
    if (this.#twins.goFirst(i, placement.isPlaced, placement.deadline)) return false;
    const after = this.problem.step(i, this.#state);
    if (after === NONE || this.#needs?.isLeftBehind(i, this.#state, after) === true) return false;
    placement.place(i);
    if (this.#isMissed(after) || !this.#seen.add(placement.key, after, placement.optional)) {
      placement.takeBack(i);
      return false;
    }
    this.#record(i, after);
    this.#placeReads();
    return true;
  }

  /** Returns true if the operation that has to be placed next cannot be. */
  #isMissed(state: number): boolean {
    const { firstReturned, isPlaced } = this.#placement;
    return firstReturned !== undefined &&
      this.#deadlines?.isMissed(firstReturned, state, isPlaced) === true;
  }

  /** Places every read that may come now and agrees with the state. */
  #placeReads(): void {
    const placement = this.#placement;
    for (let i = placement.first; i !== NONE && !placement.isOptional(i);) {
      this.#work++;
      if (this.#isRead[i] === 1 && this.problem.step(i, this.#state) !== NONE) {
        placement.place(i);
        this.#record(i, this.#state);
        if (placement.isDone) return;
      }
      i = placement.after(i);
    }
  }

  /** Records an operation that was placed. */
  #record(i: number, after: number): void {
    this.#placed[this.#depth] = i;
    this.#before[this.#depth] = this.#state;
    this.#depth++;
    this.#state = after;
    this.#needs?.count(i, -1);
  }

  /** Takes back everything since the last choice, and that.
   *
   * @returns The operation that was chosen, or {@linkcode NONE}. */
  #goBack(): number {
    while (this.#depth > 0) {
      this.#depth--;
      const i = this.#placed[this.#depth]!;
      this.#state = this.#before[this.#depth]!;
      this.#needs?.count(i, 1);
      this.#placement.takeBack(i);
      if (this.#depth < this.#changedFrom) this.#changedFrom = this.#depth;
      if (this.#isRead[i] === 0) return i;
    }
    return NONE;
  }

  /** Keeps what is placed, if it is more than ever. */
  #remember(): void {
    if (this.#depth <= this.#best.length && this.#bestStuck !== undefined) return;
    this.#best.length = Math.min(this.#best.length, this.#changedFrom);
    for (let k = this.#best.length; k < this.#depth; k++) this.#best.push(this.#placed[k]!);
    this.#bestStuck = this.#placement.firstReturned;
    this.#changedFrom = this.#depth;
  }
}
