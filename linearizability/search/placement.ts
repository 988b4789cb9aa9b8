/**
 * The operations that a search has placed, and those that are left.
 *
 * The operations left form a linked list in the order of their calls (Lowe 2017): first those that
 * returned, then the optional ones, which never did. Placed operations are removed, and put back in
 * reverse order. Let r be the operation left that returned first. The operations called no later
 * than r returned may come next.
 *
 * The key of the placed operations that returned is exact and short. All that returned before r are
 * placed. Any other placed operation was under way when r returned. So the key is the rank of r in
 * the order of returns, and a bit for each operation under way then. An operation frees its bit when
 * it returns: two words are enough for 32 clients and any length of history.
 *
 * @module
 */

import { type AnyProblem, NONE } from "./problem.ts";

/** The placed operations, and those left. */
export class Placement {
  /** The key of the placed operations that returned; it changes with each step. */
  readonly key: Int32Array;
  /** A bit for each optional operation that is placed; it changes as well. */
  readonly optional: Int32Array;
  /** 1 for each operation that is placed. */
  readonly isPlaced: Uint8Array;
  /** The time of the call, and 1 if it is optional, of each operation, of the head of the list
   * and of the border before the optional operations. The head counts as optional. */
  readonly #calls: Float64Array;
  readonly #isOptional: Uint8Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #head: number;
  readonly #border: number;
  /** The operations in the order of their returns, the times of these, and the ranks of
   * operations. */
  readonly #byReturn: Int32Array;
  readonly #deadlines: Float64Array;
  readonly #rank: Int32Array;
  /** The bit of each operation, in `key` or in `optional`. */
  readonly #bit: Int32Array;

  constructor(problem: AnyProblem) {
    const { byReturn, calls, returns, size } = problem;
    problem.pace.spend(size);
    this.#byReturn = byReturn;
    this.#head = size;
    this.#border = size + 1;
    this.#calls = new Float64Array(size + 2).fill(Infinity);
    this.#calls.set(calls);
    this.#next = new Int32Array(size + 2);
    this.#previous = new Int32Array(size + 2);
    this.#isOptional = Uint8Array.from(this.#calls, (_, i) => returns[i] === Infinity ? 1 : 0);
    this.#isOptional[this.#head] = 1;
    this.isPlaced = new Uint8Array(size);
    this.#deadlines = Float64Array.from([...byReturn, NONE], (i) => returns[i] ?? Infinity);
    this.#rank = new Int32Array(size).fill(NONE);
    this.#bit = new Int32Array(size).fill(NONE);
    let last = this.#head;
    const append = (node: number) => {
      this.#next[last] = node;
      this.#previous[node] = last;
      last = node;
    };
    const free: number[] = [];
    let bits = 0;
    let call = 0;
    byReturn.forEach((i, rank) => {
      this.#rank[i] = rank;
      // Calls come before returns of the same time: intervals are closed.
      for (; call < size && calls[call]! <= returns[i]!; call++) {
        if (this.#isOptional[call] === 1) continue;
        this.#bit[call] = free.pop() ?? bits++;
        append(call);
      }
      free.push(this.#bit[i]!);
    });
    append(this.#border);
    let optionalBits = 0;
    for (let i = 0; i < size; i++) {
      if (this.#isOptional[i] === 0) continue;
      this.#bit[i] = optionalBits++;
      append(i);
    }
    append(this.#head);
    this.key = new Int32Array(1 + Math.ceil(bits / 32));
    this.optional = new Int32Array(Math.ceil(optionalBits / 32));
  }

  /** True if every operation that returned is placed. */
  get isDone(): boolean {
    return this.key[0] === this.#byReturn.length;
  }

  /** The operation left that returned first, `undefined` if all are placed. */
  get firstReturned(): number | undefined {
    return this.#byReturn[this.key[0]!];
  }

  /** The first operation that may come next, or {@linkcode NONE}. */
  get first(): number {
    return this.after(this.#head);
  }

  /** The time at which {@linkcode firstReturned} returned. */
  get deadline(): number {
    return this.#deadlines[this.key[0]!]!;
  }

  /** Returns the operation that may come next and follows another one in the list, or
   * {@linkcode NONE}. */
  after(i: number): number {
    const deadline = this.#deadlines[this.key[0]!]!;
    const next = this.#next[i]!;
    if (this.#calls[next]! <= deadline) return next;
    if (this.#isOptional[next] === 1) return NONE;
    const optional = this.#next[this.#border]!;
    return this.#calls[optional]! <= deadline ? optional : NONE;
  }

  isOptional(i: number): boolean {
    return this.#isOptional[i] === 1;
  }

  place(i: number): void {
    this.isPlaced[i] = 1;
    this.#next[this.#previous[i]!] = this.#next[i]!;
    this.#previous[this.#next[i]!] = this.#previous[i]!;
    if (this.#isOptional[i] === 1) return this.#flipOptional(i);
    this.#flip(i);
    let rank = this.key[0]!;
    for (; rank < this.#byReturn.length; rank++) {
      const first = this.#byReturn[rank]!;
      if (this.isPlaced[first] === 0) break;
      this.#flip(first);
    }
    this.key[0] = rank;
  }

  /** Takes back the operation that was placed last. */
  takeBack(i: number): void {
    this.isPlaced[i] = 0;
    this.#next[this.#previous[i]!] = i;
    this.#previous[this.#next[i]!] = i;
    if (this.#isOptional[i] === 1) return this.#flipOptional(i);
    const rank = this.#rank[i]!;
    for (let behind = this.key[0]! - 1; behind >= rank; behind--) {
      this.#flip(this.#byReturn[behind]!);
    }
    if (rank < this.key[0]!) this.key[0] = rank;
    this.#flip(i);
  }

  #flip(i: number): void {
    const bit = this.#bit[i]!;
    this.key[1 + (bit >> 5)]! ^= 1 << (bit & 31);
  }

  #flipOptional(i: number): void {
    const bit = this.#bit[i]!;
    this.optional[bit >> 5]! ^= 1 << (bit & 31);
  }
}
