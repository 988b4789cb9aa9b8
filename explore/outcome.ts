/**
 * Reports the outcome of a run to people and to other programs.
 *
 * @module
 */

import { EXIT_STATUS, type ExitStatus, writeResult } from "../cli/mod.ts";
import { formatHistory } from "../linearizability/mod.ts";
import { formatSchedule, type Schedule } from "./counterexample/schedule.ts";
import { transcriptText } from "./recording/transcript.ts";
import type { SeedResult } from "./run/seed_run.ts";
import { explanationLines } from "./story/explanation.ts";
import { historyOf, renderRun, summaryText } from "./story/run_page.ts";
import type { Story } from "./story/story.ts";

/** A run and its outcome. */
export interface MadeRun {
  /** The name of the run on the screen. */
  readonly heading: string;
  /** The title of its page. */
  readonly title: string;
  readonly result: Pick<SeedResult, "summary" | "recording">;
  /** The report of its failure; absent if it passed. */
  readonly message: string | undefined;
  /** The fields of the result in JSON that identify the run. */
  readonly fields: object;
  /** Returns the smallest run that fails in the same way, if there is one. */
  explain(): Promise<{ readonly story: Story; readonly schedule: Schedule } | undefined>;
}

/** The files for the results. */
export interface Outputs {
  /** True if all messages are printed. */
  all: boolean;
  html?: string | undefined;
  history?: string | undefined;
  "schedule-out"?: string | undefined;
  json?: string | undefined;
}

/** Prints the outcome of a run, and writes its results.
 *
 * @param print Prints a line for people.
 * @returns The exit status of the command. */
export async function report(
  { heading, title, result, message, fields, explain }: MadeRun,
  outputs: Outputs,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const { summary, recording } = result;
  print(heading);
  if (recording !== undefined) print(transcriptText(recording, outputs));
  print(message === undefined ? "passed" : `failed: ${message}`);
  if (summary !== undefined) print(`digest ${summaryText(summary)}`);
  // The run is printed first: the search for its story takes a while.
  const explanation = message === undefined ? undefined : await explain();
  if (message !== undefined) print(`\n${explanationLines(explanation).join("\n")}`);
  await writeResult(outputs.html, () => renderRun(title, result, message, explanation));
  await writeResult(outputs.history, () => formatHistory(historyOf(result)));
  if (explanation !== undefined) {
    await writeResult(outputs["schedule-out"], () => formatSchedule(explanation.schedule));
  }
  const { digest = null, events = null, virtualMs = null } = summary ?? {};
  const outcome = { passed: message === undefined, digest, events, virtualMs, message };
  await writeResult(outputs.json, () => JSON.stringify({ ...fields, ...outcome }, null, 2));
  return message === undefined ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}
