/**
 * The set of placed operations as a key that is exact and short.
 *
 * Let r be the operation that returned first among those that are not placed. Every
 * operation that returned before r is placed. Every other placed operation was called
 * no later than r returned, or it would have had to wait for r. So the set is told by
 * the rank of r in the order of returns, and by which of the operations that were under
 * way when r returned are placed.
 *
 * Each operation has a bit of its own among those that are under way at the same time,
 * and gives it free when it returns. So the key has a word for the rank, and a bit for
 * each operation that can be under way at a time: two words for up to 32 clients,
 * whatever the length of the history. Operations that never returned are not in it.
 *
 * @module
 */

import { type AnyProblem, NONE } from "./problem.ts";

/** The placed operations, of those that returned. */
export class Frontier {
  /** The exact key of the set; do not keep it, as it changes. */
  readonly key: Int32Array;
  /** The operations in the order of their returns, and the rank of each. */
  readonly #byReturn: Int32Array;
  readonly #rank: Int32Array;
  readonly #bit: Int32Array;
  readonly #returns: Float64Array;
  readonly #isPlaced: Uint8Array;

  constructor(problem: AnyProblem) {
    const { calls, returns, size } = problem;
    this.#returns = returns;
    this.#byReturn = problem.byReturn;
    this.#rank = new Int32Array(size).fill(NONE);
    this.#bit = new Int32Array(size).fill(NONE);
    this.#isPlaced = new Uint8Array(size);
    const free: number[] = [];
    let bits = 0;
    let call = 0;
    for (const [rank, i] of this.#byReturn.entries()) {
      problem.pace.spend();
      this.#rank[i] = rank;
      // At the same time, calls come first: intervals are closed.
      for (; call < size && calls[call]! <= returns[i]!; call++) {
        if (returns[call] !== Infinity) this.#bit[call] = free.pop() ?? bits++;
      }
      free.push(this.#bit[i]!);
    }
    this.key = new Int32Array(1 + Math.ceil(bits / 32));
  }

  /** Returns the operation that returned first of those that are not placed. */
  get first(): number | undefined {
    return this.#byReturn[this.key[0]!];
  }

  /** Returns when that operation returned. */
  get deadline(): number {
    const { first } = this;
    return first === undefined ? Infinity : this.#returns[first]!;
  }

  /** Adds an operation that returned. */
  place(i: number): void {
    this.#isPlaced[i] = 1;
    this.#flip(i);
    let rank = this.key[0]!;
    for (; rank < this.#byReturn.length; rank++) {
      const first = this.#byReturn[rank]!;
      if (this.#isPlaced[first] === 0) break;
      this.#flip(first);
    }
    this.key[0] = rank;
  }

  /** Takes away the operation that was added last. */
  takeBack(i: number): void {
    const rank = this.#rank[i]!;
    for (let behind = this.key[0]! - 1; behind >= rank; behind--) {
      this.#flip(this.#byReturn[behind]!);
    }
    if (rank < this.key[0]!) this.key[0] = rank;
    this.#flip(i);
    this.#isPlaced[i] = 0;
  }

  #flip(i: number): void {
    const bit = this.#bit[i]!;
    this.key[1 + (bit >> 5)]! ^= 1 << (bit & 31);
  }
}
