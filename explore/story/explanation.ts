/**
 * Why a run failed: the smallest run that fails in the same way, told as a story, or one
 * sentence that says why there is none. The search for it takes some seconds.
 *
 * @module
 */

import type { Schedule } from "../counterexample/schedule.ts";
import { findCounterexample, type SearchOptions } from "../counterexample/search.ts";
import { Runner } from "../run/runner.ts";
import type { SeedFailure, SeedResult, SeedTask } from "../run/seed_run.ts";
import { storyLines } from "./diagram.ts";
import { type Story, tellStory } from "./story.ts";

/** The smallest run that fails in the same way. */
export interface Explanation {
  readonly schedule: Schedule;
  readonly story: Story;
}

type Run = Pick<SeedTask, "test" | "seed" | "network">;

/** A run that failed. */
export interface FailedSeed extends Run {
  readonly failure: SeedFailure;
  /** True if it came to an end, so that it can be recorded. */
  readonly hasEnded: boolean;
  /** The run itself, if it was recorded. */
  readonly schedule?: Schedule | undefined;
}

/** Searches for the explanation of a failed run, and says so on a terminal.
 *
 * @param lab The folder of the lab; ends in a slash.
 * @returns `undefined` if none was found.
 * @throws {CommandError} The submission cannot be loaded.
 */
export async function explain(
  lab: URL,
  { failure, hasEnded, schedule: recorded, ...run }: FailedSeed,
  options: SearchOptions = {},
): Promise<Explanation | undefined> {
  if (!("violation" in failure)) return undefined;
  if (Deno.stderr.isTerminal()) {
    console.error(
      "Searching for the smallest run that fails in this way, which takes some seconds",
    );
  }
  let schedule = recorded;
  if (schedule === undefined && hasEnded) {
    using runner = new Runner(lab);
    ({ schedule } = await runner.run({ ...run, schedule: true }));
  }
  const { violation } = failure;
  const found = await findCounterexample(lab, { ...run, violation, schedule }, options);
  return found && { schedule: found.schedule, story: tellStory(found) };
}

/** Searches for the explanation of a run, like {@linkcode explain}.
 *
 * @returns Also `undefined` if the run did not fail. */
export async function explainResult(
  lab: URL,
  run: Run,
  { failure, summary, schedule }: SeedResult,
  options: SearchOptions = {},
): Promise<Explanation | undefined> {
  const hasEnded = summary !== undefined;
  return failure && await explain(lab, { ...run, failure, hasEnded, schedule }, options);
}

/** Returns the lines that explain a failure, or say that nothing small does.
 *
 * @param explanation As {@linkcode explain} gave it.
 */
export function explanationLines(explanation: Explanation | undefined): string[] {
  if (explanation !== undefined) return storyLines(explanation.story);
  return ["There is no story: no small run was found that fails in this way"];
}
