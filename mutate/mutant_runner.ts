/**
 * Runs mutants in a process of its own, one after another. A mutant that never lets go of the
 * processor, fills the memory or goes on for too long is caught, since no student would wait for
 * it.
 *
 * @module
 */

import { TaskRunner } from "../explore/run/task_runner.ts";
import type { Patience } from "../explore/run/watched_child.ts";
import type { MutantResult, MutantTask } from "./run_mutant.ts";

/** The time that the original may take, in real milliseconds. */
const ORIGINAL_MS_MAX = 120_000;

/** The time without a sign of life after which a process is killed, in real milliseconds. On
 * a busy machine it is the time that the original took for all of its tests. */
const SILENCE_MS_MIN = 5000;

/** A mutant may take this many times as long as the original. */
const SLOWNESS_MAX = 10;

/** Returns how long a mutant may take.
 *
 * @param usualMs The time that the original took, in real milliseconds. */
export function patienceFor(usualMs: number): Patience {
  const silenceMs = Math.max(SILENCE_MS_MIN, usualMs);
  return { silenceMs, totalMs: SLOWNESS_MAX * silenceMs };
}

/** One process that runs mutants, and is replaced if it has to be. */
export class MutantRunner extends TaskRunner<MutantTask, MutantResult> {
  constructor() {
    super(new URL("../", import.meta.url), {
      file: "mutate/_worker.ts",
      patience: patienceFor(ORIGINAL_MS_MAX),
      lost: () => ({ kind: "caught", by: "the process" }),
    });
  }
}
