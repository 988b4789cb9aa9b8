/**
 * The states to which operations can lead in any order, each any number of times. A result that is
 * possible in none of them refutes a history immediately, where a search would try every order.
 *
 * @module
 */

import { type AnyProblem, NONE } from "./problem.ts";

/** With more states, a search is as good. */
const STATES_MAX = 64;

/** Finds an operation whose result is possible in no reachable state.
 *
 * @returns Its index, or `undefined` if there is none or there are too many states. */
export function findImpossible(problem: AnyProblem): number | undefined {
  problem.prepareSteps();
  const states = reachableStates(problem);
  if (states === undefined) return undefined;
  for (let i = 0; i < problem.size; i++) {
    if (problem.returns[i] === Infinity) continue;
    if (states.every((state) => problem.step(i, state) === NONE)) return i;
  }
  return undefined;
}

function reachableStates(problem: AnyProblem): number[] | undefined {
  const states = [0];
  const known = new Set(states);
  const ofEffect = new Map<number, number>();
  problem.effects.forEach((effect, i) => ofEffect.set(effect, i));
  for (const state of states) {
    for (const i of ofEffect.values()) {
      const after = problem.step(i, state);
      if (after === NONE || known.has(after)) continue;
      if (states.length === STATES_MAX) return undefined;
      known.add(after);
      states.push(after);
    }
  }
  return states;
}
