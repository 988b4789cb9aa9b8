/**
 * Performs a schedule from a file, and shows the result.
 *
 * @module
 */

import { CommandError, type ExitStatus } from "../cli/mod.ts";
import { countsOf, parseSchedule, type Schedule } from "./counterexample/schedule.ts";
import { performOnce } from "./counterexample/search.ts";
import { type Outputs, report } from "./outcome.ts";
import { openLab } from "./run/lab.ts";
import { checkRules } from "./run/rules.ts";
import { sizeText, tellStory } from "./story/story.ts";

/** The schedule to perform, and the files for the results. */
export interface ScheduleReplay extends Outputs {
  /** The file that holds the schedule. */
  schedule: string;
  submission?: string | undefined;
}

/** Performs the schedule.
 *
 * @param print Prints a line for people.
 * @returns The exit status of the command.
 * @throws {CommandError} The schedule cannot be read.
 */
export async function replaySchedule(
  given: ScheduleReplay,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const file = given.schedule;
  const schedule = await readSchedule(file);
  await using lab = await openLab(given.submission);
  const result = await performOnce(lab.url, schedule);
  const { violations: [violation], recording } = result;
  if (violation === undefined) await checkRules(lab.url);
  const story = violation &&
    tellStory({ schedule, violation, recording }, "What the schedule leads to");
  const run = {
    heading: `${file}: ${sizeText(countsOf(schedule))}`,
    title: `Schedule ${file}`,
    result,
    message: violation?.what,
    fields: { schedule: file },
    explain: () => Promise.resolve(story && { schedule, story }),
  };
  return await report(run, given, print);
}

/** Reads a schedule from a file.
 *
 * @throws {CommandError} The file cannot be read, or holds no schedule. */
export async function readSchedule(file: string): Promise<Schedule> {
  const text = await Deno.readTextFile(file).catch((error: Error) => {
    throw new CommandError(`Cannot read the schedule ${file}: ${error.message}`);
  });
  return parseSchedule(text, file);
}
