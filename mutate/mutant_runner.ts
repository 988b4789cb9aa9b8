/**
 * Runs mutants in another process, one after the other. A mutant that never yields, fills memory or
 * takes too long counts as caught, because no student would wait for it.
 *
 * @module
 */

import { TaskRunner } from "../explore/run/task_runner.ts";
import type { Patience } from "../explore/run/time_budget.ts";
import type { MutantResult, MutantTask } from "./run_mutant.ts";

/** The maximum time of the original, in milliseconds of processor time. */
const ORIGINAL_MS_MAX = 120_000;

/** The shortest limit of the time without yielding, in milliseconds of processor time. */
const SILENCE_MS_MIN = 5000;

/** The maximum time of a mutant, in times of the original. */
const SLOWNESS_MAX = 10;

/** Returns the time limits of a mutant.
 *
 * @param usualMs The time of the original, in real milliseconds. */
export function patienceFor(usualMs: number): Patience {
  const silenceMs = Math.max(SILENCE_MS_MIN, usualMs);
  return { silenceMs, totalMs: SLOWNESS_MAX * silenceMs };
}

/** A process that runs mutants, and is replaced if it has to be killed. */
export class MutantRunner extends TaskRunner<MutantTask, MutantResult> {
  constructor() {
    super(new URL("../", import.meta.url), {
      file: "mutate/_worker.ts",
      patience: patienceFor(ORIGINAL_MS_MAX),
      lost: () => ({ kind: "caught", by: "the process" }),
    });
  }
}
