/**
 * The operations that a search has not placed yet, in the order of time.
 *
 * Two linked lists (Lowe 2017): one of the calls and returns of the operations that
 * returned, and one of the calls of the optional ones, which never did. Placed
 * operations are lifted out of them, and put back in the reverse order.
 *
 * A node is a number: even ones are calls, odd ones returns.
 *
 * @module
 */

import type { AnyProblem } from "./problem.ts";

/** The operations that are left. */
export class Timeline {
  readonly #problem: AnyProblem;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #head: number;
  readonly #optionalHead: number;
  #unreturned: number;

  constructor(problem: AnyProblem) {
    this.#problem = problem;
    const { calls, returns, size } = problem;
    this.#head = 2 * size;
    this.#optionalHead = 2 * size + 2;
    this.#next = new Int32Array(2 * size + 3);
    this.#previous = new Int32Array(2 * size + 3);
    this.#unreturned = problem.byReturn.length;
    let last = this.#head;
    let call = 0;
    for (const i of problem.byReturn) {
      problem.pace.spend();
      // At the same time, calls come first: intervals are closed.
      for (; call < size && calls[call]! <= returns[i]!; call++) {
        if (returns[call] !== Infinity) last = this.#link(last, 2 * call);
      }
      last = this.#link(last, 2 * i + 1);
    }
    this.#link(last, this.#head);
    last = this.#optionalHead;
    for (let i = 0; i < size; i++) if (returns[i] === Infinity) last = this.#link(last, 2 * i);
    this.#link(last, this.#optionalHead);
  }

  /** Puts a node behind the last one.
   *
   * @returns The node. */
  #link(last: number, node: number): number {
    this.#next[last] = node;
    this.#previous[node] = last;
    return node;
  }

  /** Returns true if every operation that returned is placed. */
  get isDone(): boolean {
    return this.#unreturned === 0;
  }

  /** The first call or return. */
  get first(): number {
    return this.#next[this.#head]!;
  }

  /** The first call of an optional operation. */
  get firstOptional(): number {
    return this.#next[this.#optionalHead]!;
  }

  /** The node after one in its list. */
  after(node: number): number {
    return this.#next[node]!;
  }

  /** Returns true if the operation that a call begins could come next: none that is left
   * returned before it. */
  mayBeNext(node: number): boolean {
    if (node === this.#optionalHead) return false;
    const { calls, returns } = this.#problem;
    const i = node >> 1;
    return returns[i] !== Infinity || calls[i]! <= returns[this.firstReturned]!;
  }

  /** The first that returned of the operations that are left. */
  get firstReturned(): number {
    let node = this.first;
    while (node % 2 === 0) node = this.#next[node]!;
    return node >> 1;
  }

  /** Takes an operation out.
   *
   * @returns The node that followed its call. */
  lift(i: number): number {
    this.#liftNode(2 * i);
    if (this.#problem.returns[i] !== Infinity) {
      this.#liftNode(2 * i + 1);
      this.#unreturned--;
    }
    const following = this.#next[2 * i]!;
    return following === 2 * i + 1 ? this.#next[following]! : following;
  }

  /** Puts the operation back that was taken out last. */
  putBack(i: number): void {
    if (this.#problem.returns[i] !== Infinity) {
      this.#putBackNode(2 * i + 1);
      this.#unreturned++;
    }
    this.#putBackNode(2 * i);
  }

  #liftNode(node: number): void {
    const next = this.#next[node]!;
    const previous = this.#previous[node]!;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  #putBackNode(node: number): void {
    this.#next[this.#previous[node]!] = node;
    this.#previous[this.#next[node]!] = node;
  }
}
