/**
 * Twins: operations with the same effect, of which a search need try only one at a time.
 *
 * Of the twins that may come next, the one that returned first, i, goes first. If a linearization
 * places a twin j now and i later, the two can swap: i may come now, and j may take the place of i,
 * because each operation that j has to precede was called after i returned as well.
 *
 * Of twins that never returned, the one that was called first goes first.
 *
 * @module
 */

import type { AnyProblem } from "./problem.ts";

/** The number of twins to keep for each operation. Fewer only prune less. */
const TWINS_MAX = 16;

/** The twins that go before each operation. */
export class Twins {
  readonly #calls: Float64Array;
  readonly #twins: (readonly number[])[];

  constructor(problem: AnyProblem) {
    const { byReturn, calls, effects, isRead, pace, returns, size } = problem;
    pace.spend(size);
    this.#calls = calls;
    this.#twins = Array(size).fill([]);
    const open = Array.from(calls, (_, i) => i).filter((i) => returns[i] === Infinity);
    const writes = [...byReturn, ...open].filter((i) => isRead[i] === 0);
    for (const same of Map.groupBy(writes, (i) => effects[i]).values()) {
      for (let place = 1; place < same.length; place++) {
        this.#twins[same[place]!] = twinsOf(problem, same, place);
      }
    }
  }

  /** Returns true if a twin goes before operation `i`.
   *
   * @param isPlaced 1 for each operation that is placed.
   * @param deadline The first return of the operations left. */
  goFirst(i: number, isPlaced: Uint8Array, deadline: number): boolean {
    for (const twin of this.#twins[i]!) {
      if (isPlaced[twin] === 0 && this.#calls[twin]! <= deadline) return true;
    }
    return false;
  }
}

/** @param same The operations with one effect, in the order of their returns. */
function twinsOf({ calls, returns }: AnyProblem, same: readonly number[], place: number): number[] {
  const i = same[place]!;
  // An operation that never returned waits for the one before it, and that one for all others.
  if (returns[i] === Infinity) {
    const before = same[place - 1]!;
    return returns[before] === Infinity ? [before] : [];
  }
  const twins: number[] = [];
  for (let k = place - 1; k >= 0 && twins.length < TWINS_MAX; k--) {
    // A twin that returned before this one was called is placed when this one may come next.
    if (returns[same[k]!]! < calls[i]!) break;
    twins.push(same[k]!);
  }
  return twins;
}
