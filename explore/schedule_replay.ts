/**
 * Performs a schedule from a file, and shows what came of it.
 *
 * @module
 */

import { CommandError, EXIT_STATUS, type ExitStatus, writeResult } from "../cli/mod.ts";
import { formatHistory } from "../linearizability/mod.ts";
import { countsOf, parseSchedule, type Schedule } from "./counterexample/schedule.ts";
import { performOnce } from "./counterexample/search.ts";
import { storyLines } from "./story/diagram.ts";
import { openLab } from "./run/lab.ts";
import { summaryFields, summaryText } from "./outcome.ts";
import { historyOf, renderRun } from "./story/run_page.ts";
import { sizeText, tellStory } from "./story/story.ts";
import { transcriptText } from "./recording/transcript.ts";

/** The schedule to perform, and the outputs for its results. */
export interface ScheduleReplay {
  /** The file that holds the schedule. */
  schedule: string;
  submission?: string | undefined;
  all: boolean;
  html?: string | undefined;
  history?: string | undefined;
  json?: string | undefined;
}

/** Performs the schedule.
 *
 * @param print Tells people how it goes.
 * @returns How the command ends.
 * @throws {CommandError} There is no such schedule.
 */
export async function replaySchedule(
  given: ScheduleReplay,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const file = given.schedule;
  const schedule = await readSchedule(file);
  await using lab = await openLab(given.submission);
  const { violations, recording, summary } = await performOnce(lab.url, schedule);
  const [violation] = violations;
  const story = violation &&
    tellStory({ schedule, violation, recording }, "What the schedule leads to");

  print(`${file}: ${sizeText(countsOf(schedule))}`);
  print(transcriptText(recording, given));
  print(violation === undefined ? "passed" : `failed: ${violation.what}`);
  if (summary !== undefined) print(`digest ${summaryText(summary)}`);
  if (story !== undefined) print(`\n${storyLines(story).join("\n")}`);
  const result = { recording, ...summary && { summary } };
  await writeResult(given.html, () => {
    const explanation = story && { story };
    return renderRun(`Schedule ${file}`, result, { message: violation?.what, explanation });
  });
  await writeResult(given.history, () => formatHistory(historyOf(result)));
  await writeResult(given.json, () => {
    const passed = violation === undefined;
    const outcome = { schedule: file, passed, ...summaryFields(summary) };
    return JSON.stringify({ ...outcome, message: violation?.what }, null, 2);
  });
  return violation === undefined ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

/** Reads a schedule.
 *
 * @param file The file that holds it.
 * @throws {CommandError} It cannot be read, or holds none. */
export async function readSchedule(file: string): Promise<Schedule> {
  return parseSchedule(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    throw new CommandError(`Cannot read the schedule ${file}: ${(error as Error).message}`);
  }
}
