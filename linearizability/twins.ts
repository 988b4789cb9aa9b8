/**
 * Twins: operations with the same effect, of which a search need try only one at a time.
 *
 * Of all twins that may come next, the one that returned first goes first. If another one,
 * j, went first in some linearization, and the first-returned one, i, later, the two could
 * change places: i may come now, and whatever j has to precede, i has to precede as well,
 * since i returned no later.
 *
 * Of twins that never returned, the one that was called first goes first.
 *
 * @module
 */

import type { AnyProblem } from "./problem.ts";

/** The number of twins that are kept for one operation. Fewer only prune less. */
const TWINS_MAX = 16;

/** For each operation the twins that go before it where they may. */
export class Twins {
  readonly #calls: Float64Array;
  readonly #twins: Int32Array;
  /** The place where the twins of each operation begin; they end where those of the next begin. */
  readonly #start: Int32Array;

  constructor(problem: AnyProblem) {
    const { calls, size } = problem;
    this.#calls = calls;
    const lists: (readonly number[])[] = Array(size).fill([]);
    for (const same of groupByEffect(problem)) {
      for (let place = 1; place < same.length; place++) {
        problem.pace.spend();
        lists[same[place]!] = twinsOf(problem, same, place);
      }
    }
    this.#start = new Int32Array(size + 1);
    for (let i = 0; i < size; i++) this.#start[i + 1] = this.#start[i]! + lists[i]!.length;
    this.#twins = Int32Array.from(lists.flat());
  }

  /** Returns true if a twin goes before an operation.
   *
   * @param i The operation.
   * @param isPlaced 1 for each operation that is placed.
   * @param deadline The first return of the operations that are not placed. */
  goFirst(i: number, isPlaced: Uint8Array, deadline: number): boolean {
    const end = this.#start[i + 1]!;
    for (let place = this.#start[i]!; place < end; place++) {
      const twin = this.#twins[place]!;
      if (isPlaced[twin] === 0 && this.#calls[twin]! <= deadline) return true;
    }
    return false;
  }
}

/** The operations that change something by their effects, each group in the order of
 * returns. */
function groupByEffect(problem: AnyProblem): Iterable<number[]> {
  const { effects, returns, size } = problem;
  const groups = new Map<number, number[]>();
  for (let i = 0; i < size; i++) {
    if (problem.isRead(i)) continue;
    const same = groups.get(effects[i]!);
    if (same === undefined) groups.set(effects[i]!, [i]);
    else same.push(i);
  }
  for (const same of groups.values()) {
    // The difference of two infinities is no number.
    same.sort((a, b) => {
      problem.pace.spend();
      return returns[a] === returns[b] ? a - b : returns[a]! - returns[b]!;
    });
  }
  return groups.values();
}

function twinsOf({ calls, returns }: AnyProblem, same: readonly number[], place: number): number[] {
  const i = same[place]!;
  // One that never returned waits for the one before it, and that for all others.
  if (returns[i] === Infinity) {
    const before = same[place - 1]!;
    return returns[before] === Infinity ? [before] : [];
  }
  const twins: number[] = [];
  for (let k = place - 1; k >= 0 && twins.length < TWINS_MAX; k--) {
    // Whatever returned before this was called is placed whenever this may come next.
    if (returns[same[k]!]! < calls[i]!) break;
    twins.push(same[k]!);
  }
  return twins;
}
