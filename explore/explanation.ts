/**
 * Why a run failed: the smallest run that fails in the same way, told as a story, or one
 * sentence that says why there is none. The search for it takes up to ten seconds.
 *
 * @module
 */

import type { NetworkName } from "../testing/run_options.ts";
import { storyLines } from "./diagram.ts";
import type { Script } from "./script.ts";
import type { SeedFailure } from "./seed_run.ts";
import { findSmallest, soughtFor } from "./smallest.ts";
import { type Story, tellStory } from "./story.ts";

/** The smallest run that fails in the same way. */
export interface Explanation {
  readonly script: Script;
  readonly story: Story;
}

/** Searches for the explanation of a failed run, and says so on a terminal.
 *
 * @param lab The folder of the lab; ends in a slash.
 * @param nservers How many servers the run had, if that is known.
 * @returns `undefined` if there is none, or none was found in time.
 * @throws {CommandError} The submission cannot be loaded.
 */
export async function explain(
  lab: URL,
  failure: SeedFailure,
  nservers: number | undefined,
  network: NetworkName,
): Promise<Explanation | undefined> {
  const sought = soughtFor(failure, nservers, network);
  if (sought === undefined) return undefined;
  if (Deno.stderr.isTerminal()) {
    console.error("Searching for the smallest run that fails in this way, for up to 10 s");
  }
  const smallest = await findSmallest(lab, sought);
  return smallest && { script: smallest.script, story: tellStory(smallest) };
}

/** The lines that explain a failure, or say that nothing small does.
 *
 * @param explanation As {@linkcode explain} gave it.
 */
export function explanationLines(explanation: Explanation | undefined): string[] {
  if (explanation !== undefined) return storyLines(explanation.story);
  return ["There is no story: no small run was found that fails in this way"];
}
