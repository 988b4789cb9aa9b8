/**
 * Stories of the smallest runs that fail in the same way as the tests of a submission. They decide no
 * grade, because the search runs the submission without permissions but not in realms.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { CommandError } from "../../cli/mod.ts";
import { layOver } from "../../explore/overlay.ts";
import { storyLines } from "../../explore/story/diagram.ts";
import { explain, type FailedRun } from "../../explore/story/explanation.ts";
import { hintOf } from "../../testing/hints.ts";
import type { TestFindings } from "./result.ts";

/** Adds stories to the tests that failed, each after a search of some seconds. If tests fail for
 * the same reason, the first has the story, and the others refer to it.
 *
 * @param files The texts of the submission's files by their names.
 * @param tests The findings about its tests.
 * @param ended The names of the tests whose failed run ended.
 * @param signal Ends it early.
 */
export async function tellStories(
  files: ReadonlyMap<string, string>,
  tests: readonly TestFindings[],
  ended: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const failed = tests.filter(({ failedSeed, hint }) => failedSeed !== null && hint !== null);
  if (failed.length === 0) return;
  await using lab = await layOver(files);
  const tellers = new Map<string, string>();
  for (const test of failed) {
    const { name, title, failedSeed, message, hint } = test;
    signal?.throwIfAborted();
    const reason = hintOf(hint!);
    const teller = tellers.get(reason);
    const story = teller !== undefined
      ? [`The smallest run that fails for this reason is that of ${teller}, above`]
      : await storyOf(pathToFileURL(`${lab.path}/`), {
        failure: { violation: { what: message!, hint: reason } },
        network: "unreliable",
        ...ended.includes(name) && {
          unrecorded: { test: `${name}: ${title}`, seed: failedSeed! },
        },
      });
    if (story === undefined) continue;
    test.story = story;
    tellers.set(reason, teller ?? name);
  }
}

async function storyOf(lab: URL, failed: FailedRun): Promise<string[] | undefined> {
  try {
    const explanation = await explain(lab, failed);
    return explanation && storyLines(explanation.story);
  } catch (error) {
    // A test without a story is graded anyway.
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
