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
 * - Of two operations with the same effect, the one that was called and returned
 *   earlier goes first: where it does not, the two can change places. Without this
 *   rule, n equal writes that never returned are 2^n configurations.
 * - An operation that never returned is tried last, as it need not have happened; and
 *   a configuration is not entered where one is known that has used fewer of these.
 * - A configuration is 16 bytes, whatever the length of the history; see
 *   `configuration_set.ts`.
 *
 * The search keeps its own stack, so that no history is too long for it.
 *
 * @module
 */

import { ConfigurationSet } from "./configuration_set.ts";
import { type AnyProblem, NONE } from "./problem.ts";
import { Timeline } from "./timeline.ts";

/** How a search ended. */
export interface SearchResult {
  /** `undefined` if it was told to stop first. */
  linearizable: boolean | undefined;
  /** Operations in the order of their linearization points: all that returned, or the
   * most that could be placed. */
  order: number[];
  /** Where nothing could be placed any more, the operation that should have been, as it
   * returned first. */
  stuck: number | undefined;
}

/** How far a search may go. */
export interface SearchLimits {
  /** Asked from time to time whether to stop. */
  isOver?(): boolean;
  /** How many configurations may be kept, at about 25 bytes each. */
  configurationsMax?: number;
}

const CONFIGURATIONS_MAX = 16_000_000;
const STEPS_BETWEEN_QUESTIONS = 4096;

/** Searches for a linearization. */
export function search(problem: AnyProblem, limits: SearchLimits = {}): SearchResult {
  return new Search(problem, limits).run();
}

class Search {
  readonly #problem: AnyProblem;
  readonly #limits: SearchLimits;
  readonly #seen: ConfigurationSet;
  readonly #timeline: Timeline;
  readonly #isRead: Uint8Array;
  /** For each operation one that goes first, or {@linkcode NONE}. */
  readonly #twin: Int32Array;
  readonly #isPlaced: Uint8Array;
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  /** What was placed, each with the state before it, and whether it was a choice. */
  readonly #placed: Int32Array;
  readonly #before: Int32Array;
  readonly #isChoice: Uint8Array;
  #depth = 0;
  #state = 0;
  #setLow = 0;
  #setHigh = 0;
  /** The place of each optional operation among them, and which of them are placed. */
  readonly #optionalPlace: Int32Array;
  readonly #optional: Int32Array;
  /** The longest that `#placed` has been, and from where on it has changed since. */
  #best: number[] = [];
  #bestStuck: number | undefined;
  #changedFrom = 0;

  constructor(problem: AnyProblem, limits: SearchLimits) {
    this.#problem = problem;
    this.#limits = limits;
    const size = problem.size;
    this.#timeline = new Timeline(problem);
    let optionalCount = 0;
    this.#optionalPlace = Int32Array.from(problem.returns, (returned) => {
      return returned === Infinity ? optionalCount++ : NONE;
    });
    this.#optional = new Int32Array(Math.ceil(optionalCount / 32));
    this.#seen = new ConfigurationSet(optionalCount);
    this.#isRead = Uint8Array.from({ length: size }, (_, i) => problem.isRead(i) ? 1 : 0);
    this.#twin = findTwins(problem);
    this.#isPlaced = new Uint8Array(size);
    this.#low = randomBits(size, 0x9e3779b1);
    this.#high = randomBits(size, 0x85ebca6b);
    this.#placed = new Int32Array(size);
    this.#before = new Int32Array(size);
    this.#isChoice = new Uint8Array(size);
  }

  run(): SearchResult {
    const { isOver, configurationsMax = CONFIGURATIONS_MAX } = this.#limits;
    const timeline = this.#timeline;
    let steps = 0;
    this.#placeReads();
    let node = timeline.first;
    while (!timeline.isDone) {
      if (++steps % STEPS_BETWEEN_QUESTIONS === 0 && isOver?.() === true) {
        return this.#end(undefined);
      }
      if (node % 2 === 1) {
        // This operation returned before any other that is left and returned was called.
        node = timeline.firstOptional;
      } else if (!timeline.mayBeNext(node)) {
        this.#remember();
        const choice = this.#goBack();
        if (choice === NONE) return this.#end(false);
        node = timeline.after(2 * choice);
      } else if (this.#tryPlace(node >> 1)) {
        if (this.#seen.size > configurationsMax) return this.#end(undefined);
        node = timeline.first;
      } else {
        node = timeline.after(node);
      }
    }
    return this.#end(true);
  }

  /** Places an operation that changes something, if it leads to anything new. */
  #tryPlace(i: number): boolean {
    if (this.#isRead[i] === 1) return false;
    const twin = this.#twin[i]!;
    if (twin !== NONE && this.#isPlaced[twin] === 0) return false;
    const after = this.#problem.step(i, this.#state);
    if (after === NONE) return false;
    this.#toggle(i);
    const isNew = this.#seen.add(this.#setLow, this.#setHigh, after, this.#optional);
    this.#toggle(i);
    if (!isNew) return false;
    this.#place(i, after, 1);
    this.#placeReads();
    return true;
  }

  /** Places every read that may come now and agrees with the state. */
  #placeReads(): void {
    const timeline = this.#timeline;
    if (timeline.isDone) return;
    for (let node = timeline.first; node % 2 === 0;) {
      const i = node >> 1;
      if (this.#isRead[i] === 0 || this.#problem.step(i, this.#state) === NONE) {
        node = timeline.after(node);
      } else {
        node = this.#place(i, this.#state, 0);
        if (timeline.isDone) return;
      }
    }
  }

  /** @returns The node that follows the call of the operation. */
  #place(i: number, after: number, isChoice: 0 | 1): number {
    this.#placed[this.#depth] = i;
    this.#isPlaced[i] = 1;
    this.#before[this.#depth] = this.#state;
    this.#isChoice[this.#depth] = isChoice;
    this.#depth++;
    this.#state = after;
    this.#toggle(i);
    return this.#timeline.lift(i);
  }

  /** Takes back everything since the last choice, and that.
   *
   * @returns The operation that was chosen, or {@linkcode NONE}. */
  #goBack(): number {
    while (this.#depth > 0) {
      this.#depth--;
      const i = this.#placed[this.#depth]!;
      this.#isPlaced[i] = 0;
      this.#state = this.#before[this.#depth]!;
      this.#toggle(i);
      this.#timeline.putBack(i);
      if (this.#depth < this.#changedFrom) this.#changedFrom = this.#depth;
      if (this.#isChoice[this.#depth] === 1) return i;
    }
    return NONE;
  }

  /** Adds an operation to those that identify the configuration, or takes it away. */
  #toggle(i: number): void {
    if (this.#problem.returns[i] === Infinity) {
      const place = this.#optionalPlace[i]!;
      this.#optional[place >> 5]! ^= 1 << (place & 31);
    } else {
      this.#setLow ^= this.#low[i]!;
      this.#setHigh ^= this.#high[i]!;
    }
  }

  /** Keeps what is placed, if it is more than ever. */
  #remember(): void {
    if (this.#depth <= this.#best.length && this.#bestStuck !== undefined) return;
    this.#best.length = Math.min(this.#best.length, this.#changedFrom);
    for (let k = this.#best.length; k < this.#depth; k++) this.#best.push(this.#placed[k]!);
    this.#bestStuck = this.#timeline.firstReturned;
    this.#changedFrom = this.#depth;
  }

  #end(linearizable: boolean | undefined): SearchResult {
    if (linearizable !== true) return { linearizable, order: this.#best, stuck: this.#bestStuck };
    return {
      linearizable,
      order: Array.from(this.#placed.subarray(0, this.#depth)),
      stuck: undefined,
    };
  }
}

/** For each operation the last one with the same effect that was called and returned
 * before it, where neither or both returned at all. */
function findTwins(problem: AnyProblem): Int32Array {
  const { returns, size } = problem;
  const twins = new Int32Array(size).fill(NONE);
  const last = new Map<string, number>();
  for (let i = 0; i < size; i++) {
    if (problem.isRead(i)) continue;
    const effect = `${problem.effect(i)}${returns[i] === Infinity ? ", never returned" : ""}`;
    const twin = last.get(effect);
    if (twin !== undefined && returns[twin]! <= returns[i]!) twins[i] = twin;
    last.set(effect, i);
  }
  return twins;
}

/** Fixed random bits: xorshift32 (Marsaglia 2003), from a fixed seed, so that a search
 * is the same every time. */
function randomBits(size: number, seed: number): Int32Array {
  const bits = new Int32Array(size);
  let x = seed;
  for (let i = 0; i < size; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bits[i] = x;
  }
  return bits;
}
