/**
 * Why a run failed: the smallest run that fails in the same way, told as a story, or one
 * sentence that says why there is none. The search for it takes some seconds.
 *
 * @module
 */

import type { Schedule } from "../counterexample/schedule.ts";
import { findCounterexample, type SearchOptions } from "../counterexample/search.ts";
import { Runner } from "../run/runner.ts";
import type { SeedResult, SeedTask } from "../run/seed_run.ts";
import { storyLines } from "./diagram.ts";
import { type Story, tellStory } from "./story.ts";

/** The smallest run that fails in the same way. */
export interface Explanation {
  readonly schedule: Schedule;
  readonly story: Story;
}

/** The result of a run, and its network. */
export interface FailedRun
  extends Pick<SeedResult, "failure" | "schedule">, Pick<SeedTask, "network"> {
  /** The run, if it ended and was not recorded. */
  readonly unrecorded?: Pick<SeedTask, "test" | "seed">;
}

/** Searches for the explanation of a failed run, and says so on a terminal.
 *
 * @param lab The folder of the lab; ends in a slash.
 * @returns `undefined` if none was found, or if the run did not fail.
 * @throws {CommandError} The submission cannot be loaded.
 */
export async function explain(
  lab: URL,
  { failure, network, schedule: recorded, unrecorded }: FailedRun,
  options: SearchOptions = {},
): Promise<Explanation | undefined> {
  if (failure === undefined || !("violation" in failure)) return undefined;
  if (Deno.stderr.isTerminal()) {
    console.error(
      "Searching for the smallest run that fails in this way, which takes some seconds",
    );
  }
  let schedule = recorded;
  if (unrecorded !== undefined) {
    using runner = new Runner(lab);
    ({ schedule } = await runner.run({ ...unrecorded, network, schedule: true }));
  }
  const found = await findCounterexample(lab, { ...failure, network, schedule }, options);
  return found && { schedule: found.schedule, story: tellStory(found) };
}

/** Returns the lines that explain a failure, or say that nothing small does.
 *
 * @param explanation As {@linkcode explain} gave it.
 */
export function explanationLines(explanation: Explanation | undefined): string[] {
  if (explanation !== undefined) return storyLines(explanation.story);
  return ["There is no story: no small run was found that fails in this way"];
}
