/**
 * Adds the line of the loop to the failure of a run that never yielded. As in `deno test`, another
 * run finds it.
 *
 * @module
 */

import { HINTS } from "../../testing/hints.ts";
import type { SeedFailure, SeedTask } from "./seed_run.ts";
import { TaskRunner } from "./task_runner.ts";

/** The time limit of that run, in milliseconds of processor time. */
const PATIENCE_MS = 20_000;

/** Adds the place of the loop to a failure, if it is found.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @param task The run that failed.
 */
export async function withLoopPlace(
  lab: URL,
  task: SeedTask,
  failure: SeedFailure,
): Promise<SeedFailure> {
  if (!("violation" in failure)) return failure;
  const { violation } = failure;
  if (violation.hint !== HINTS.neverYields || violation.where !== undefined) return failure;
  using runner = new TaskRunner<SeedTask, string | undefined>(lab, {
    file: "explore/run/_loop_worker.ts",
    command: "test",
    patience: { silenceMs: PATIENCE_MS, totalMs: PATIENCE_MS },
    isLostOnExit: true,
    lost: () => undefined,
  });
  const place = await runner.run(task).catch(() => undefined);
  return place === undefined ? failure : { violation: { ...violation, where: [place] } };
}
