/**
 * Runs seeds in another process, one after another.
 *
 * @module
 */

import { shortName } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import type { SeedFailure, SeedResult, SeedTask } from "./seed_run.ts";
import { type Lost, TaskRunner } from "./task_runner.ts";

/** The processor time that one run may take, in milliseconds. */
const CPU_MS_MAX = 30_000;

/** The longest time without yielding, in milliseconds. The check of a history takes the longest. */
const SILENCE_MS = 5000;

/** The time limits of a runner, in milliseconds. */
export interface RunnerOptions {
  /** The longest time without yielding. */
  silenceMs?: number;
  /** The time in which the process has to be ready. */
  readyMs?: number;
}

/** One process that runs seeds. A new one replaces it if it hangs. */
export class Runner extends TaskRunner<SeedTask, SeedResult, string[]> {
  /** @param lab The folder of the lab, or of an overlay; ends in a slash. */
  constructor(lab: URL, { silenceMs = SILENCE_MS, readyMs }: RunnerOptions = {}) {
    super(lab, {
      file: "explore/run/_worker.ts",
      patience: { silenceMs, totalMs: CPU_MS_MAX },
      readyMs,
      // Code that exits once does so in other runs as well.
      isLostOnExit: true,
      lost: ({ realMs, ...lost }) => ({ failure: failureOf(lost), realMs }),
    });
  }

  /** The full names of the tests.
   *
   * @throws {CommandError} The tests or the submission cannot be loaded. */
  get tests(): Promise<string[]> {
    return this.ready;
  }
}

function failureOf({ task, why, problem }: Omit<Lost<SeedTask>, "realMs">): SeedFailure {
  if (why === undefined) return { error: `The process of this run ended early: ${problem}` };
  const [did, hint] = why === "silent"
    ? ["never let go of the processor", HINTS.neverYields]
    : [`did not end within ${CPU_MS_MAX / 1000} s of processor time`, HINTS.livelock];
  return { violation: { what: `${shortName(task.test)} ${did}`, hint } };
}
