/**
 * Tells whether the operation that has to be placed next can still find its state.
 *
 * Of the operations that are left, let r be the one that returned first, and let it show
 * the state that it found. Whatever is placed before r was called no later than r
 * returned, and is not placed yet, so that it was under way when r returned. Of these,
 * take the last that shows the state it leaves behind: from that state, or if there is
 * none from the present one, operations that do not show where they lead must lead to the
 * state that r found. Where neither is possible, r can be placed nowhere.
 *
 * Without this rule, a search that has missed a state goes on to try every set of the
 * operations that are under way before it sees that.
 *
 * @module
 */

import { type AnyProblem, NONE } from "./problem.ts";

/** The number of operations under way, and of those that lead to one state, that are looked
 * at. Where there are more, the rule is not used, and the search is only slower. */
const ACTIVE_MAX = 64;
const WRITERS_MAX = 16;

/** Tells which operations can find no more what they found. */
export class Deadlines {
  readonly #problem: AnyProblem;
  /** By operation: those under way at its return that leave behind what it found, or what
   * can lead there; `undefined` where the rule is not used. */
  readonly #writers: (readonly number[] | undefined)[];

  /** @param problem A problem that knows where its operations may lead. */
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
      // Those that never returned are under way to the end.
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

  /** Returns true if an operation can be placed nowhere.
   *
   * @param i Of the operations that are left, the one that returned first.
   * @param state The present state.
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
