/**
 * The rule for the operation that returned first of those left, if it shows the state that it found.
 *
 * Operations placed before it were under way when it returned. Take the last of them that shows
 * the state that it leaves behind. From that state, or from the present one if there is none,
 * operations of unknown access must lead to the state that was found. If no operation under way
 * allows that, the search has to go back.
 *
 * Without this rule, a search that has missed a state tries every set of the operations under way
 * before it notices.
 *
 * @module
 */

import { type AnyProblem, NONE } from "./problem.ts";

/** The number of operations under way, and of those that may lead to one state. If there are more,
 * the rule is not used, and the search is only slower. */
const ACTIVE_MAX = 64;
const WRITERS_MAX = 16;

/** Finds operations whose state can no longer be reached in time. */
export class Deadlines {
  readonly #problem: AnyProblem;
  /** By operation: the operations under way at its return that leave behind the state that it
   * found, or one that may lead there; `undefined` if the rule is not used. */
  readonly #writers: (readonly number[] | undefined)[];

  /** @param problem A problem with `knowsSources`. */
  constructor(problem: AnyProblem) {
    this.#problem = problem;
    const { calls, leaves, reads, returns, size } = problem;
    this.#writers = Array(size).fill(undefined);
    let active: number[] = [];
    let pending = 0;
    let call = 0;
    for (const i of problem.byReturn) {
      problem.pace.spend(1 + active.length);
      const deadline = returns[i]!;
      for (; call < size && calls[call]! <= deadline; call++) {
        if (leaves[call] === NONE) continue;
        active.push(call);
        if (returns[call] === Infinity) pending++;
      }
      // Operations that never returned are under way to the end.
      if (pending > ACTIVE_MAX) return;
      active = active.filter((writer) => returns[writer]! >= deadline);
      const found = reads[i]!;
      if (found === NONE || active.length > ACTIVE_MAX) continue;
      const writers = active.filter((writer) => {
        return writer !== i && problem.mayLead(leaves[writer]!, found);
      });
      if (writers.length <= WRITERS_MAX) this.#writers[i] = writers;
    }
  }

  /** Returns true if an operation can no longer be placed.
   *
   * @param i The operation that returned first of those left.
   * @param isPlaced 1 for each operation that is placed. */
  isMissed(i: number, state: number, isPlaced: Uint8Array): boolean {
    const writers = this.#writers[i];
    if (writers === undefined || this.#problem.mayLead(state, this.#problem.reads[i]!)) {
      return false;
    }
    for (const writer of writers) if (isPlaced[writer] === 0) return false;
    return true;
  }
}
