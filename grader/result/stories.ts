/**
 * The smallest runs that fail in the same way as the tests of a submission did, told as
 * stories. They decide nothing: the search runs the submission without any permission, but
 * not in realms.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import { storyLines } from "../../explore/story/diagram.ts";
import { explain, type FailedSeed } from "../../explore/story/explanation.ts";
import type { TestFindings } from "./result.ts";

/** Adds the stories of the tests that failed, each after a search of up to ten seconds. Tests
 * that fail for the same reason share the story of the first, which is the simplest of them.
 *
 * @param lab The folder of a copy of the lab with the submission in it; ends in a slash.
 * @param tests The findings, in the order of the tests.
 * @param hasEnded Returns true if the failed run of a test came to its end.
 * @param signal Ends it early.
 */
export async function tellStories(
  lab: URL,
  tests: readonly TestFindings[],
  hasEnded: (test: string) => boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const told = new Map<string, string[]>();
  for (const test of tests) {
    const { name, title, failedSeed: seed, message, hint } = test;
    if (seed === null || message === null || hint === null) continue;
    signal?.throwIfAborted();
    const story = told.get(hint) ?? await storyOf(lab, {
      ...{ test: `${name}: ${title}`, seed, network: "unreliable", hasEnded: hasEnded(name) },
      failure: { violation: { what: message, hint } },
    });
    if (story === undefined) continue;
    told.set(hint, story);
    test.story = story;
  }
}

async function storyOf(lab: URL, failed: FailedSeed): Promise<string[] | undefined> {
  try {
    const explanation = await explain(lab, failed);
    return explanation && storyLines(explanation.story);
  } catch (error) {
    // What cannot be explained is graded all the same.
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
