/**
 * Decides by search, for any model: places one operation after the other, each time one that no
 * operation left precedes, and goes back if none can be placed.
 *
 * This is the algorithm of Wing and Gong (1993) with the improvements of Lowe (2017): placed
 * operations are removed from a linked list, and a configuration (the operations placed, and the
 * state) is visited once. Four rules make it faster:
 *
 * - A read that agrees with the state is placed immediately, and nowhere else: in any order, the
 *   read can move to here. Without this rule, n concurrent reads make 2^n configurations.
 * - Of operations with the same effect, the one that returned first goes first, see `twins.ts`.
 *   Without this rule, n equal writes that never returned make 2^n configurations.
 * - An operation that never returned is tried last, since it need not have happened. A configuration
 *   is skipped if one with fewer such operations is known.
 * - A needed state is not left if it cannot be reached again, see `needs.ts`, or not in time, see
 *   `deadlines.ts`. States that no operation can tell apart are one, see `Horizon` in `model.ts`.
 *
 * A refutation is exact, because configurations are compared in full, see `configuration_set.ts`.
 *
 * The search has its own stack, so that no history is too long for it. It works in slices, so that
 * several searches can take turns.
 *
 * @module
 */

import { ConfigurationSet } from "./configuration_set.ts";
import { Deadlines } from "./deadlines.ts";
import { Needs } from "./needs.ts";
import type { TimeLimit } from "../pace.ts";
import { Placement } from "./placement.ts";
import { type AnyProblem, NONE } from "./problem.ts";
import { Twins } from "./twins.ts";

/** The result of a search. */
export interface SearchResult {
  /** `undefined` if it is not decided. */
  linearizable: boolean | undefined;
  /** Operations in the order in which they take effect: all that returned, or the most that could
   * be placed. */
  order: number[];
  /** The operation that returned first of those that could not be placed after `order`. */
  stuck: number | undefined;
}

/** The limits of a search. */
export interface SearchLimits extends TimeLimit {
  /** The number of configurations that may be kept for each part. */
  configurationsMax?: number;
  /** The number of bytes for configurations and states, 1 GiB if absent. */
  bytesMax?: number;
}

/** The default of `bytesMax`. */
export const BYTES_MAX = 2 ** 30;
/** Nodes visited and words compared, about 0.1 ms. */
const WORK_BETWEEN_QUESTIONS = 16_384;

/** A search that works in slices. */
export class Search {
  readonly problem: AnyProblem;
  readonly #limits: SearchLimits;
  readonly #seen: ConfigurationSet;
  readonly #placement: Placement;
  readonly #isRead: Uint8Array;
  readonly #twins: Twins;
  readonly #needs: Needs | undefined;
  readonly #deadlines: Deadlines | undefined;
  /** The placed operations in their order, and the state before each. */
  readonly #placed: Int32Array;
  readonly #before: Int32Array;
  #depth = 0;
  #state = 0;
  /** The longest `#placed` so far, and the index from which `#placed` has changed since. */
  #best: number[] = [];
  #bestStuck: number | undefined;
  #changedFrom = 0;
  #work = 0;
  /** The operation to try next, {@linkcode NONE} if none is left; absent before the first. */
  #candidate: number | undefined;
  #linearizable: boolean | undefined;

  /** @param mayPrune False to find the longest linearizable beginning of a wrong history. */
  constructor(problem: AnyProblem, limits: SearchLimits, mayPrune = true) {
    this.problem = problem;
    problem.prepareSteps();
    this.#limits = limits;
    const { size } = problem;
    this.#placement = new Placement(problem);
    const prunes = mayPrune && problem.knowsSources;
    this.#needs = prunes ? new Needs(problem) : undefined;
    this.#deadlines = prunes ? new Deadlines(problem) : undefined;
    const { key, optional } = this.#placement;
    this.#seen = new ConfigurationSet(key.length, optional.length);
    this.#isRead = problem.isRead;
    this.#twins = new Twins(problem);
    this.#placed = new Int32Array(size);
    this.#before = new Int32Array(size);
  }

  /** The number of bytes in use. */
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

  /** Continues the search.
   *
   * @param work The approximate number of nodes to visit.
   * @param bytesMax The number of bytes that the search may use.
   * @returns "done" if it is decided, "more" if the work is used up, or "over" if a limit ends the
   * search. */
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

  /** Tries to place an operation, or goes back if none is left to try.
   *
   * @returns False if it cannot go back any further. */
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

  /** Places an operation that is no read, if it leads to a new configuration. */
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

  /** Returns true if the operation left that returned first can no longer be placed. */
  #isMissed(state: number): boolean {
    const { firstReturned, isPlaced } = this.#placement;
    return firstReturned !== undefined &&
      this.#deadlines?.isMissed(firstReturned, state, isPlaced) === true;
  }

  /** Places every read that may come next and agrees with the state. */
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

  /** Takes back the last choice and all that followed.
   *
   * @returns The operation of that choice, or {@linkcode NONE} if there was none. */
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

  /** Remembers the placed operations if they are the most so far. */
  #remember(): void {
    if (this.#depth <= this.#best.length && this.#bestStuck !== undefined) return;
    this.#best.length = Math.min(this.#best.length, this.#changedFrom);
    for (let k = this.#best.length; k < this.#depth; k++) this.#best.push(this.#placed[k]!);
    this.#bestStuck = this.#placement.firstReturned;
    this.#changedFrom = this.#depth;
  }
}
