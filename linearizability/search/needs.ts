/**
 * The states that operations still have to find, and the operations that can lead to them.
 *
 * A state is needed while some operation that showed to have found it is not placed. A step leads to
 * no linearization if it leaves a needed state to which no operation that is not placed can lead
 * again, or if it places the last operation that can lead to a needed state and leads elsewhere.
 * Counting too many operations as able to lead to a state is safe: it prunes less.
 *
 * Operations of unknown access are counted by effect. A state is updated only when the last
 * operation of an effect is placed, or the first is taken back.
 *
 * @module
 */

import { type AnyProblem, NONE } from "./problem.ts";

/** Counts the operations that need each state, and those that can lead to it. */
export class Needs {
  readonly #effects: Int32Array;
  readonly #leaves: Int32Array;
  /** By operation: the state that it must find, or {@linkcode NONE}. */
  readonly #finds: Int32Array;
  /** By state: the number of operations left that must find it. */
  readonly #finders: Int32Array;
  /** By state: the number of operations left that are known to lead to it, plus the number of
   * effects left that may. */
  readonly #sources: Int32Array;
  /** By effect: the number of operations left, and the needed states that they may lead to if their
   * access is unknown. */
  readonly #left: Int32Array;
  readonly #mayLeadTo: (number[] | undefined)[] = [];

  /** @param problem A problem with `knowsSources`. */
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

  /** Returns true if a needed state could not be reached again after a step.
   *
   * @param i The operation of the step.
   * @param before The state before it.
   * @param after The state after it. */
  isLeftBehind(i: number, before: number, after: number): boolean {
    const effect = this.#effects[i]!;
    const mayLeadTo = this.#left[effect] === 1 ? this.#mayLeadTo[effect] : undefined;
    const own = this.#finds[i] === before ? 1 : 0;
    // No operation needs a state that was met only on the way.
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
