/**
 * The states that operations still have to find, and the operations that can still lead
 * to them.
 *
 * An operation that returned and shows the state that it found has to be placed where
 * that state is. If the state is left and no operation that is not placed can lead to
 * it again, nobody will ever be in it again, and that operation can be placed nowhere:
 * the step leads to no linearization. The same holds if the last operation that could
 * lead to a needed state is placed and leads elsewhere. Counting too many operations as
 * able to lead to a state is safe, as it prunes less.
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
  readonly #effects: Int32Array;
  readonly #leaves: Int32Array;
  /** By operation: the state that it must find, or {@linkcode NONE}. */
  readonly #finds: Int32Array;
  /** By state: the operations left that must find it. */
  readonly #finders: Int32Array;
  /** By state: the operations left that show that they lead to it, and the effects of
   * others that can. */
  readonly #sources: Int32Array;
  /** By effect: the operations left, and the needed states that those may lead to that do
   * not show it. */
  readonly #left: Int32Array;
  readonly #mayLeadTo: (number[] | undefined)[] = [];

  /** @param problem A problem that {@linkcode AnyProblem.knowsLeads} knows leads of. */
  constructor(problem: AnyProblem) {
    const { effects, leaves, pace, reads, returns, stateCount } = problem;
    this.#effects = effects;
    this.#leaves = leaves;
    this.#finds = reads.map((state, i) => returns[i] === Infinity ? NONE : state);
    this.#finders = new Int32Array(stateCount);
    this.#sources = new Int32Array(stateCount);
    this.#left = new Int32Array(problem.effectCount);
    for (const state of problem.hasUnknown ? new Set(this.#finds) : []) {
      if (state === NONE) continue;
      for (const effect of problem.sources(state)) {
        pace.spend();
        (this.#mayLeadTo[effect] ??= []).push(state);
      }
    }
    pace.spend(reads.length);
    for (let i = 0; i < reads.length; i++) this.count(i, 1);
  }

  /** Returns true if some needed state can be found no more.
   *
   * @param i An operation that is not placed.
   * @param before The state that it would be placed in.
   * @param after The state that it would lead to. */
  isLeftBehind(i: number, before: number, after: number): boolean {
    const effect = this.#effects[i]!;
    const mayLeadTo = this.#left[effect] === 1 ? this.#mayLeadTo[effect] : undefined;
    const own = this.#finds[i] === before ? 1 : 0;
    // States that were met on the way only are needed by nobody.
    if (before !== after && this.#finders[before]! > own) {
      if (this.#sources[before] === (mayLeadTo?.includes(before) === true ? 1 : 0)) return true;
    }
    return mayLeadTo?.some((state) => {
      return state !== after && this.#finders[state]! > 0 && this.#sources[state] === 1;
    }) === true;
  }

  /** Counts an operation as placed (-1), or as taken back (1). */
  count(i: number, change: -1 | 1): void {
    const finds = this.#finds[i]!;
    const leaves = this.#leaves[i]!;
    if (finds !== NONE) this.#finders[finds]! += change;
    if (leaves !== NONE) this.#sources[leaves]! += change;
    const effect = this.#effects[i]!;
    const left = this.#left[effect]! + change;
    this.#left[effect] = left;
    const mayLeadTo = this.#mayLeadTo[effect];
    if (mayLeadTo === undefined || left !== (change === 1 ? 1 : 0)) return;
    for (const state of mayLeadTo) this.#sources[state]! += change;
  }
}
