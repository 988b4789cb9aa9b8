/**
 * The states to which operations can lead in any order, each any number of times. A result that
 * shows another state refutes a history immediately, where a search would try every order.
 *
 * @module
 */

import { type AnyProblem, NONE } from "./problem.ts";

/** Finds an operation that found a state to which no operations lead.
 *
 * @returns Its index, or `undefined` if there is none, or if the model cannot tell.
 * @throws {OutOfTime} There is no time left. */
export function findImpossible(problem: AnyProblem): number | undefined {
  problem.prepareSteps();
  if (!problem.knowsSources) return undefined;
  const { hasUnknown, leaves, pace, reads, returns } = problem;
  pace.spend(problem.size);
  const writes = Array.from(leaves.keys()).filter((i) => leaves[i] !== NONE);
  const writesFrom = Map.groupBy(writes, (i) => reads[i]!);
  // An operation that shows no state before it can come first.
  const reached = new Set([NONE, 0]);
  for (const state of hasUnknown ? new Set(reads) : []) {
    pace.spend();
    if (state !== NONE && problem.sources(state).size > 0) reached.add(state);
  }
  // The loop also visits the states that it adds.
  for (const state of reached) {
    for (const i of writesFrom.get(state) ?? []) reached.add(leaves[i]!);
  }
  const read = reads.findIndex((state, i) => returns[i] !== Infinity && !reached.has(state));
  return read < 0 ? undefined : read;
}
