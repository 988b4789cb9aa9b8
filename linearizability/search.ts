/**
 * Deciding by search, for any model: place one operation after the other, of those
 * that nothing unplaced precedes, and go back where it leads nowhere.
 *
 * The frame is that of Wing and Gong (1993) with Lowe's (2017) two improvements: the
 * calls and returns stand in a linked list from which placed operations are lifted,
 * and a configuration (the operations placed, and the state) is entered once. Two
 * more make it fast where that is not:
 *
 * - A read that agrees with the state is placed at once, and never tried later. It
 *   changes nothing, and earlier never hurts: any order in which it comes later is
 *   still one with the read moved here. Without this rule, n reads at the same time
 *   are 2^n configurations.
 * - A configuration is 12 bytes, whatever the length of the history; see
 *   `configuration_set.ts`.
 *
 * The search keeps its own stack, so that no history is too long for it.
 *
 * @module
 */

import { ConfigurationSet } from "./configuration_set.ts";
import { type AnyProblem, NONE } from "./problem.ts";

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
  readonly #seen = new ConfigurationSet();
  /** The linked list: even numbers are calls, odd ones returns, `#head` is its head. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #head: number;
  readonly #isRead: Uint8Array;
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
  #unreturned = 0;
  /** The longest that `#placed` has been, and from where on it has changed since. */
  #best: number[] = [];
  #bestStuck: number | undefined;
  #changedFrom = 0;

  constructor(problem: AnyProblem, limits: SearchLimits) {
    this.#problem = problem;
    this.#limits = limits;
    const size = problem.size;
    this.#head = 2 * size;
    this.#next = new Int32Array(2 * size + 1);
    this.#previous = new Int32Array(2 * size + 1);
    this.#isRead = Uint8Array.from({ length: size }, (_, i) => problem.isRead(i) ? 1 : 0);
    this.#low = randomBits(size, 0x9e3779b1);
    this.#high = randomBits(size, 0x85ebca6b);
    this.#placed = new Int32Array(size);
    this.#before = new Int32Array(size);
    this.#isChoice = new Uint8Array(size);
    this.#link();
  }

  run(): SearchResult {
    const { isOver, configurationsMax = CONFIGURATIONS_MAX } = this.#limits;
    let steps = 0;
    this.#placeReads();
    let node = this.#next[this.#head]!;
    while (this.#unreturned > 0) {
      if (++steps % STEPS_BETWEEN_QUESTIONS === 0 && isOver?.() === true) {
        return this.#end(undefined);
      }
      if (node % 2 === 0) {
        if (this.#tryPlace(node >> 1)) {
          if (this.#seen.size > configurationsMax) return this.#end(undefined);
          node = this.#next[this.#head]!;
        } else {
          node = this.#next[node]!;
        }
        continue;
      }
      // This operation returned before any other that is left was called.
      this.#remember(node >> 1);
      const choice = this.#goBack();
      if (choice === NONE) return this.#end(false);
      node = this.#next[2 * choice]!;
    }
    return this.#end(true);
  }

  /** Puts the calls and returns into the list, in the order of time, calls first. */
  #link(): void {
    const { calls, returns, size } = this.#problem;
    const byReturn = Array.from(returns.keys()).filter((i) => returns[i] !== Infinity)
      .sort((a, b) => returns[a]! - returns[b]!);
    this.#unreturned = byReturn.length;
    let last = this.#head;
    const append = (node: number) => {
      this.#next[last] = node;
      this.#previous[node] = last;
      last = node;
    };
    let call = 0;
    for (const i of byReturn) {
      while (call < size && calls[call]! <= returns[i]!) append(2 * call++);
      append(2 * i + 1);
    }
    // What was called after the last return need not have happened.
    this.#next[last] = this.#head;
    this.#previous[this.#head] = last;
  }

  /** Places an operation that changes something, if it leads to anything new. */
  #tryPlace(i: number): boolean {
    if (this.#isRead[i] === 1) return false;
    const after = this.#problem.step(i, this.#state);
    if (after === NONE) return false;
    const low = this.#setLow ^ this.#low[i]!;
    const high = this.#setHigh ^ this.#high[i]!;
    if (!this.#seen.add(low, high, after)) return false;
    this.#place(i, after, 1);
    this.#placeReads();
    return true;
  }

  /** Places every read that may come now and agrees with the state. */
  #placeReads(): void {
    let node = this.#next[this.#head]!;
    while (node % 2 === 0 && node !== this.#head) {
      const i = node >> 1;
      node = this.#next[node]!;
      if (this.#isRead[i] === 0 || this.#problem.step(i, this.#state) === NONE) continue;
      const isNextReturn = node === 2 * i + 1;
      this.#place(i, this.#state, 0);
      if (isNextReturn) node = this.#next[2 * i + 1]!;
    }
  }

  #place(i: number, after: number, isChoice: 0 | 1): void {
    this.#placed[this.#depth] = i;
    this.#before[this.#depth] = this.#state;
    this.#isChoice[this.#depth] = isChoice;
    this.#depth++;
    this.#state = after;
    this.#setLow ^= this.#low[i]!;
    this.#setHigh ^= this.#high[i]!;
    this.#lift(2 * i);
    if (this.#problem.returns[i] === Infinity) return;
    this.#lift(2 * i + 1);
    this.#unreturned--;
  }

  /** Takes back everything since the last choice, and that.
   *
   * @returns The operation that was chosen, or {@linkcode NONE}. */
  #goBack(): number {
    while (this.#depth > 0) {
      this.#depth--;
      const i = this.#placed[this.#depth]!;
      this.#state = this.#before[this.#depth]!;
      this.#setLow ^= this.#low[i]!;
      this.#setHigh ^= this.#high[i]!;
      if (this.#problem.returns[i] !== Infinity) {
        this.#unlift(2 * i + 1);
        this.#unreturned++;
      }
      this.#unlift(2 * i);
      if (this.#depth < this.#changedFrom) this.#changedFrom = this.#depth;
      if (this.#isChoice[this.#depth] === 1) return i;
    }
    return NONE;
  }

  #lift(node: number): void {
    const next = this.#next[node]!;
    const previous = this.#previous[node]!;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  #unlift(node: number): void {
    this.#next[this.#previous[node]!] = node;
    this.#previous[this.#next[node]!] = node;
  }

  /** Keeps what is placed, if it is more than ever. */
  #remember(stuck: number | undefined): void {
    if (this.#depth <= this.#best.length && this.#bestStuck !== undefined) return;
    this.#best.length = Math.min(this.#best.length, this.#changedFrom);
    for (let k = this.#best.length; k < this.#depth; k++) this.#best.push(this.#placed[k]!);
    this.#bestStuck = stuck;
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
