/**
 * What the command line asks the debugger to open: a failing story, a whole run, a schedule, or
 * nothing.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import { countsOf } from "../explore/counterexample/schedule.ts";
import { explainResult } from "../explore/story/explanation.ts";
import { findTest } from "../explore/run/lab.ts";
import { titleOf } from "../explore/story/run_page.ts";
import { Runner } from "../explore/run/runner.ts";
import { readSchedule } from "../explore/schedule_replay.ts";
import { failureText } from "../explore/run/seed_run.ts";
import { sizeText } from "../explore/story/story.ts";
import { shortName } from "../testing/failure_report.ts";
import type { NetworkName } from "../testing/run_options.ts";
import type { Opening } from "./session.ts";

/** What is to be opened. */
export interface Wanted {
  test?: string | undefined;
  seed?: number | undefined;
  network: NetworkName;
  whole: boolean;
  schedule?: string | undefined;
  submission?: string | undefined;
}

/** Finds what is to be opened.
 *
 * @param lab The folder of the lab; ends in a slash.
 * @throws {CommandError} There is no such thing, or the options do not fit together. */
export async function openingOf(lab: URL, wanted: Wanted): Promise<Opening> {
  const { test, seed, schedule: file, whole } = wanted;
  if (file !== undefined) {
    const schedule = await readSchedule(file);
    const notes = [{ label: "Schedule", text: sizeText(countsOf(schedule)) }];
    return { title: `Schedule ${file.split(/[\\/]/).at(-1)}`, name: "Schedule", notes, schedule };
  }
  if (test === undefined && seed === undefined) {
    return { title: "Your turn", notes: [] };
  }
  if (test === undefined || seed === undefined) {
    const missing = test === undefined ? "test" : "seed";
    throw new CommandError(
      `Option --${missing} is missing: expected --test and --seed, for example ` +
        "--test=TestUnreliable --seed=1, or --schedule, or none of them for a cluster of your own",
    );
  }
  return await openTest(lab, test, seed, wanted.network, whole, wanted.submission);
}

/** Runs a test once, and opens the smallest run that fails like it. */
async function openTest(
  lab: URL,
  given: string,
  seed: number,
  network: NetworkName,
  isWhole: boolean,
  submission: string | undefined,
): Promise<Opening> {
  using runner = new Runner(lab);
  const test = findTest(given, await runner.tests);
  const result = await runner.run({ test, seed, network, schedule: true });
  const { failure, schedule } = result;
  const target = { name: test, seed, clock: "virtual", network, submission } as const;
  const title = titleOf(target);
  const size = schedule && { label: "Whole run", text: sizeText(countsOf(schedule)) };
  const notes = size === undefined ? [] : [size];
  if (failure === undefined) {
    notes.unshift({ label: "Test", text: `${shortName(test)} passes with seed ${seed}` });
  } else notes.push({ label: "Failed", text: failureText(failure, target) });
  const story = isWhole ? undefined : await explainResult(lab, { test, seed, network }, result);
  if (story !== undefined) {
    const small = { label: "Opened", text: sizeText(countsOf(story.schedule)) };
    notes.unshift(small);
    return { title, notes, name: "The smallest run that fails", schedule: story.schedule };
  }
  if (schedule === undefined) {
    throw new CommandError(
      `Cannot open ${shortName(test)} with seed ${seed}: its run never came to its end, and no ` +
        "small run was found that fails in the same way",
    );
  }
  const opening: Opening = { title, notes, name: "The whole run", schedule };
  if (failure !== undefined && "violation" in failure) opening.testFailure = failure.violation;
  return opening;
}
