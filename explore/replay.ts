/**
 * `deno task replay`: repeats a run of a test, or performs a schedule, and shows its messages.
 *
 * @module
 */

import { z } from "zod";
import {
  type Command,
  CommandError,
  type ExitStatus,
  flag,
  main,
  reporter,
  wholeNumber,
} from "../cli/mod.ts";
import { shortName } from "../testing/failure_report.ts";
import { report } from "./outcome.ts";
import { TRANSCRIPT_LINES_MAX } from "./recording/transcript.ts";
import { findTest, openLab } from "./run/lab.ts";
import { checkRules } from "./run/rules.ts";
import { withLoopPlace } from "./run/loop_place.ts";
import { Runner, type RunnerOptions } from "./run/runner.ts";
import { failureText } from "./run/seed_run.ts";
import { givenChoice, refuseBesideSchedule, runChoice } from "./run_choice.ts";
import { replaySchedule } from "./schedule_replay.ts";
import { explain } from "./story/explanation.ts";
import { titleOf } from "./story/run_page.ts";

const options = z.strictObject({
  test: z.string().optional()
    .meta({ value: "NAME", description: "The test, for example TestUnreliable" }),
  seed: wholeNumber("seed").optional().meta({ value: "N", description: "Its seed" }),
  schedule: z.string().optional()
    .meta({ value: "F", description: "Performs the schedule in this file, instead of a test" }),
  ...runChoice,
  all: flag().describe(`Prints all messages, not only the last ${TRANSCRIPT_LINES_MAX} lines`),
  html: z.string().optional()
    .meta({ value: "F", description: "Writes a page of the run to this file" }),
  history: z.string().optional()
    .meta({ value: "F", description: "Writes the history to this file, for deno task lincheck" }),
  "schedule-out": z.string().optional()
    .meta({ value: "F", description: "Writes the smallest run that fails to this file" }),
  json: z.string().optional()
    .meta({ value: "F", description: "Writes the outcome to this file; - is standard output" }),
});

/** The options of the command. */
export type ReplayOptions = z.infer<typeof options>;

/** The command. */
export const replayCommand: Command<typeof options> = {
  name: "replay",
  summary:
    "Runs one test with one seed again, or performs a schedule, and shows its messages and the digest of the run.",
  options,
  run: (given) => replay(given),
};

/** Replays.
 *
 * @returns The exit status of the command.
 */
export async function replay(
  given: ReplayOptions,
  runnerOptions: RunnerOptions = {},
): Promise<ExitStatus> {
  const { schedule: file, json, html, history, "schedule-out": scheduleOut } = given;
  const outputs = [json, html, history, scheduleOut];
  const print = reporter(outputs, file === undefined ? [] : [file]);
  if (file !== undefined) {
    refuseBesideSchedule(givenChoice(given, { "schedule-out": scheduleOut }));
    return await replaySchedule({ ...given, schedule: file }, print);
  }
  const { seed, network, submission } = given;
  if (given.test === undefined || seed === undefined) {
    const missing = given.test === undefined ? "test" : "seed";
    const wanted =
      "expected --test and --seed, for example --test=TestBasic --seed=1, or --schedule";
    throw new CommandError(`Option --${missing} is missing: ${wanted}`);
  }
  await using lab = await openLab(submission);
  using runner = new Runner(lab.url, runnerOptions);
  const test = findTest(given.test, await runner.tests);
  const run = { test, seed, network };
  const result = await runner.run({ ...run, record: true, schedule: true });
  if (result.failure) result.failure = await withLoopPlace(lab.url, run, result.failure);
  // A pass counts only if deno test does not refuse the code.
  else await checkRules(lab.url);
  const target = { name: test, seed, clock: "virtual", network, submission } as const;
  const made = {
    heading: `${test}, seed ${seed}`,
    title: titleOf(target),
    result,
    message: result.failure && failureText(result.failure, target),
    fields: { test: shortName(test), seed },
    explain: () => explain(lab.url, { ...result, network }, runnerOptions),
  };
  return await report(made, given, print);
}

if (import.meta.main) await main(replayCommand);
