/**
 * Why a run failed: the smallest run that fails in the same way, told as a story, or one
 * sentence that says why there is none. The search for it takes up to ten seconds.
 *
 * @module
 */

import type { Schedule } from "../counterexample/schedule.ts";
import { findCounterexample } from "../counterexample/search.ts";
import { storyLines } from "./diagram.ts";
import { Runner } from "../run/runner.ts";
import type { SeedFailure, SeedResult, SeedTask } from "../run/seed_run.ts";
import { type Story, tellStory } from "./story.ts";

/** The smallest run that fails in the same way. */
export interface Explanation {
  readonly schedule: Schedule;
  readonly story: Story;
}

/** A run that failed. */
export interface FailedSeed extends Pick<SeedTask, "test" | "seed" | "network"> {
  readonly failure: SeedFailure;
  /** True if it came to an end, so that it can be recorded. */
  readonly hasEnded: boolean;
  /** The run itself, if it was recorded. */
  readonly schedule?: Schedule;
}

/** Searches for the explanation of a failed run, and says so on a terminal.
 *
 * @param lab The folder of the lab; ends in a slash.
 * @returns `undefined` if there is none, or none was found in time.
 * @throws {CommandError} The submission cannot be loaded.
 */
export async function explain(lab: URL, failed: FailedSeed): Promise<Explanation | undefined> {
  if (!("violation" in failed.failure)) return undefined;
  if (Deno.stderr.isTerminal()) {
    console.error("Searching for the smallest run that fails in this way, for up to 10 s");
  }
  const schedule = failed.schedule ?? await record(lab, failed);
  const found = await findCounterexample(lab, {
    ...failed,
    nservers: schedule?.nservers,
    ...schedule && { schedule },
  });
  return found && { schedule: found.schedule, story: tellStory(found) };
}

/** Searches for the explanation of a run that was just made, as {@linkcode explain} does.
 *
 * @returns `undefined` as well if the run did not fail. */
export async function explainResult(
  lab: URL,
  { test, seed, network }: Pick<SeedTask, "test" | "seed" | "network">,
  { failure, summary, schedule }: SeedResult,
): Promise<Explanation | undefined> {
  if (failure === undefined) return undefined;
  const hasEnded = summary !== undefined;
  return await explain(lab, {
    test,
    seed,
    network,
    failure,
    hasEnded,
    ...schedule && { schedule },
  });
}

/** Runs a seed again, and records it as a schedule.
 *
 * @returns `undefined` if it never came to an end. */
async function record(lab: URL, failed: FailedSeed): Promise<Schedule | undefined> {
  if (!failed.hasEnded) return undefined;
  const { test, seed, network } = failed;
  using runner = new Runner(lab);
  const { schedule }: SeedResult = await runner.run({ test, seed, network, schedule: true });
  return schedule;
}

/** The lines that explain a failure, or say that nothing small does.
 *
 * @param explanation As {@linkcode explain} gave it.
 */
export function explanationLines(explanation: Explanation | undefined): string[] {
  if (explanation !== undefined) return storyLines(explanation.story);
  return ["There is no story: no small run was found that fails in this way"];
}
