/**
 * The search for the run that the command line names: a failing story, a whole run, a schedule, or
 * none.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import { countsOf } from "../explore/counterexample/schedule.ts";
import { explain } from "../explore/story/explanation.ts";
import { findTest } from "../explore/run/lab.ts";
import { titleOf } from "../explore/story/run_page.ts";
import { Runner } from "../explore/run/runner.ts";
import { readSchedule } from "../explore/schedule_replay.ts";
import { failureText } from "../explore/run/seed_run.ts";
import { sizeText } from "../explore/story/story.ts";
import { type ReplayTarget, shortName } from "../testing/failure_report.ts";
import type { NetworkName } from "../testing/run_options.ts";
import type { Opening, ReportSearch, Search } from "./search.ts";

/** The run that is wanted. */
export interface RequestedRun {
  test?: string | undefined;
  seed?: number | undefined;
  network: NetworkName;
  whole: boolean;
  schedule?: string | undefined;
  submission?: string | undefined;
}

/** Prepares the search for the run to open.
 *
 * @param lab Returns the folder of the lab as it is now; ends in a slash.
 * @throws {CommandError} There is no such thing, or the options do not fit together. */
export async function searchOf(lab: () => URL, wanted: RequestedRun): Promise<Search> {
  const { test, seed, schedule: file, submission } = wanted;
  if (file !== undefined) {
    const schedule = await readSchedule(file);
    const notes = [{ label: "Schedule", text: sizeText(countsOf(schedule)) }];
    const title = `Schedule ${file.split(/[\\/]/).at(-1)}`;
    const opening = { name: "Schedule", notes, schedule };
    return { title, submission, find: () => Promise.resolve(opening) };
  }
  if (test === undefined && seed === undefined) {
    return { title: "Your own cluster", submission, find: () => Promise.resolve({ notes: [] }) };
  }
  if (test === undefined || seed === undefined) {
    const missing = test === undefined ? "test" : "seed";
    throw new CommandError(
      `Option --${missing} is missing: expected --test and --seed, for example ` +
        "--test=TestUnreliable --seed=1, or --schedule, or none of them for a cluster of your own",
    );
  }
  let ready: Runner | undefined = new Runner(lab());
  const target: ReplayTarget = {
    name: findTest(test, await ready.tests),
    seed,
    clock: "virtual",
    network: wanted.network,
    submission,
  };
  return {
    title: titleOf(target),
    submission,
    async find(tell) {
      using runner = ready ?? new Runner(lab());
      ready = undefined;
      return await findRun(lab(), runner, target, wanted.whole, tell);
    },
  };
}

/** Runs a test once, and finds the smallest run that fails in the same way. */
async function findRun(
  lab: URL,
  runner: Runner,
  target: ReplayTarget,
  isWhole: boolean,
  tell: ReportSearch,
): Promise<Opening> {
  const { name: test, seed, network } = target;
  tell(`Running ${shortName(test)} with seed ${seed}`, []);
  const result = await runner.run({ test, seed, network, schedule: true });
  const { failure, schedule } = result;
  const size = schedule && { label: "Whole run", text: sizeText(countsOf(schedule)) };
  const notes = size === undefined ? [] : [size];
  if (failure === undefined) {
    notes.unshift({ label: "Test", text: `${shortName(test)} passes with seed ${seed}` });
  } else notes.push({ label: "Failed", text: failureText(failure, target) });
  if (failure !== undefined && !isWhole) {
    tell("Searching for the smallest run that fails in this way, which takes some seconds", [
      ...notes,
    ]);
  }
  const story = isWhole ? undefined : await explain(lab, { ...result, network });
  if (story !== undefined) {
    const small = { label: "Opened", text: sizeText(countsOf(story.schedule)) };
    notes.unshift(small);
    return { notes, name: "The smallest run that fails", schedule: story.schedule };
  }
  if (schedule === undefined) {
    throw new CommandError(
      `Cannot open ${shortName(test)} with seed ${seed}: its run never came to its end, and no ` +
        "small run was found that fails in the same way",
    );
  }
  const opening: Opening = { notes, name: "The whole run", schedule };
  if (failure !== undefined && "violation" in failure) opening.testFailure = failure.violation;
  return opening;
}
