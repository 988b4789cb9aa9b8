/**
 * Detects `deno test --seed=7`: without `--` before it, the seed is an option of the runner and
 * reaches no test.
 *
 * @module
 */

import { runInNewContext } from "node:vm";

/** Returns true if the runtime has a seed: then every new context draws the same numbers. */
export function hasRunnerSeed(): boolean {
  const draw = () => runInNewContext("Math.random()");
  return draw() === draw();
}

/** The line to print then. */
export const RUNNER_SEED_NOTE =
  "Note: a --seed before -- is an option of the runner and reaches no test; write: deno test -- --seed=7";
