/**
 * The states that operations still have to find, and the operations that can still lead
 * to them.
 *
 * An operation that returned and shows the state that it found has to be placed where
 * that state is. If the state is left and no operation that is not placed can lead to
 * it again, nobody will ever be in it again, and that operation can be placed nowhere:
 * the step leads to no linearization. The same holds if the last operation that could
 * lead to a needed state is placed and leads elsewhere. Counting too many operations as
 * able to lead to a state is safe, as it prunes less. If the model cannot say where its
 * other operations lead, nothing is pruned.
 *
 * Operations that do not show where they lead are counted by their effect; a state is
 * touched only when the last operation of an effect is placed or the first is taken
 * back. Where values repeat, that is rare.
 *
 * @module
 */

import { type AnyProblem, NONE } from "./problem.ts";

/** Counts who needs a state, and who can lead to it. */
export class Needs {
  readonly #problem: AnyProblem;
  /** False if nothing is known of where some operation leads. */
  readonly #isComplete: boolean;
  /** By state: the operations left that must find it. */
  readonly #finders: Int32Array;
  /** By state: the operations left that show that they lead to it, and the effects of
   * others that can. */
  readonly #sources: Int32Array;
  /** By effect that does not show where it leads: the operations left, and the needed
   * states that it can lead to. */
  readonly #left: Int32Array;
  readonly #leadsTo: (number[] | undefined)[] = [];

  constructor(problem: AnyProblem) {
    this.#problem = problem;
    const { effects, known, leaves, reads, returns, size } = problem;
    const states = problem.stateCount;
    this.#finders = new Int32Array(states);
    this.#sources = new Int32Array(states);
    this.#left = new Int32Array(problem.effectCount);
    let hasUnknown = false;
    for (let i = 0; i < size; i++) {
      problem.pace.spend();
      if (known[i] === 1) {
        if (returns[i] !== Infinity && reads[i] !== NONE) this.#finders[reads[i]!]!++;
        if (leaves[i] !== NONE) this.#sources[leaves[i]!]!++;
      } else if (!problem.isRead(i)) {
        hasUnknown = true;
        this.#left[effects[i]!]!++;
      }
    }
    this.#isComplete = !hasUnknown || problem.knowsSources;
    if (!hasUnknown || !this.#isComplete) return;
    for (let state = 0; state < states; state++) {
      if (this.#finders[state] === 0) continue;
      for (const effect of problem.sources(state)) {
        problem.pace.spend();
        (this.#leadsTo[effect] ??= []).push(state);
        this.#sources[state]!++;
      }
    }
  }

  /** Returns true if some needed state can be found no more.
   *
   * @param i An operation that is not placed.
   * @param before The state that it would be placed in.
   * @param after The state that it would lead to. */
  isLeftBehind(i: number, before: number, after: number): boolean {
    if (!this.#isComplete) return false;
    const { effects, known, reads, returns } = this.#problem;
    if (known[i] === 1) {
      if (before === after || !(this.#finders[before]! > 0)) return false;
      const own = reads[i] === before && returns[i] !== Infinity ? 1 : 0;
      return this.#finders[before]! > own && this.#sources[before] === 0;
    }
    const leadsTo = this.#left[effects[i]!] === 1 ? this.#leadsTo[effects[i]!] : undefined;
    if (before !== after && this.#finders[before]! > 0) {
      const own = leadsTo?.includes(before) === true ? 1 : 0;
      if (this.#sources[before] === own) return true;
    }
    return leadsTo?.some((state) => {
      return state !== after && this.#finders[state]! > 0 && this.#sources[state] === 1;
    }) === true;
  }

  /** Counts an operation as placed (-1), or as taken back (1). */
  count(i: number, change: -1 | 1): void {
    const { effects, known, leaves, reads, returns } = this.#problem;
    if (known[i] === 1) {
      if (returns[i] !== Infinity && reads[i] !== NONE) this.#finders[reads[i]!]! += change;
      if (leaves[i] !== NONE) this.#sources[leaves[i]!]! += change;
      return;
    }
    const effect = effects[i]!;
    const left = this.#left[effect]! + change;
    this.#left[effect] = left;
    if (left !== (change === 1 ? 1 : 0)) return;
    const leadsTo = this.#leadsTo[effect];
    if (leadsTo !== undefined) { for (const state of leadsTo) this.#sources[state]! += change; }
  }
}
