/**
 * `deno task replay`: runs one test with one seed again, and shows what happened.
 *
 * @module
 */

import { z } from "zod";
import {
  type Command,
  EXIT_STATUS,
  type ExitStatus,
  flag,
  main,
  reporter,
  wholeNumber,
  writeResult,
} from "../cli/mod.ts";
import { formatHistory } from "../linearizability/mod.ts";
import { shortName } from "../testing/failure_report.ts";
import { explain, explanationLines } from "./explanation.ts";
import { findTest, openLab } from "./lab.ts";
import type { Recording } from "./recording.ts";
import { runChoice } from "./run_choice.ts";
import { historyOf, renderRun } from "./run_page.ts";
import { Runner, type RunnerOptions } from "./runner.ts";
import { failureText, type SeedResult } from "./seed_run.ts";
import { transcriptOf } from "./transcript.ts";

/** How many lines of a run are printed, the last ones, unless all are asked for. */
const LINES_MAX = 60;

const options = z.strictObject({
  test: z.string("expected the name of a test, for example --test=TestBasic")
    .meta({ value: "NAME", description: "The test, for example TestUnreliable" }),
  seed: wholeNumber("seed").meta({ value: "N", description: "Its seed" }),
  ...runChoice,
  all: flag().describe(`Prints all messages, not only the last ${LINES_MAX} lines`),
  html: z.string().optional()
    .meta({ value: "F", description: "Writes a page of the run to this file" }),
  history: z.string().optional()
    .meta({ value: "F", description: "Writes the history to this file, for deno task lincheck" }),
  json: z.string().optional()
    .meta({ value: "F", description: "Writes the outcome to this file; - is standard output" }),
});

/** The options of the command. */
export type ReplayOptions = z.infer<typeof options>;

/** The command. */
export const replayCommand: Command<typeof options> = {
  name: "replay",
  summary: "Runs one test with one seed again, and shows its messages and the digest of the run.",
  options,
  run: (given) => replay(given),
};

/** Replays.
 *
 * @returns How the command ends.
 */
export async function replay(
  given: ReplayOptions,
  runnerOptions: RunnerOptions = {},
): Promise<ExitStatus> {
  const print = reporter([given.json, given.html, given.history]);
  await using lab = await openLab(given.submission);
  using runner = new Runner(lab.url, runnerOptions);
  const { seed, network, submission } = given;
  const test = findTest(given.test, await runner.tests);
  const result = await runner.run({ test, seed, network, record: true, schedule: true });
  const { failure, summary, recording } = result;
  const target = { name: test, seed, clock: "virtual", network, submission } as const;
  const message = failure && failureText(failure, target);

  print(`${test}, seed ${seed}`);
  if (recording !== undefined) printTranscript(recording, given, print);
  print(message === undefined ? "passed" : `failed: ${message}`);
  if (summary !== undefined) {
    const { digest, events, virtualMs } = summary;
    print(`digest ${digest}, ${events} events, ${virtualMs.toFixed(1)} ms of virtual time`);
  }
  // The run comes first: the search for its story takes a while.
  const explanation = failure && await explain(lab.url, {
    test,
    seed,
    network,
    failure,
    nservers: summary?.nservers,
    ...result.schedule && { schedule: result.schedule },
  });
  if (failure !== undefined) print(`\n${explanationLines(explanation).join("\n")}`);
  await writeResult(given.html, () => renderRun(target, result, explanation?.story));
  await writeResult(given.history, () => formatHistory(historyOf(result)));
  await writeResult(
    given.json,
    () => JSON.stringify(outcomeOf(test, seed, result, message), null, 2),
  );
  return failure === undefined ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

function printTranscript(
  recording: Recording,
  { all, html }: ReplayOptions,
  print: (line: string) => void,
): void {
  const lines = transcriptOf(recording);
  const left = all ? 0 : Math.max(0, lines.length - LINES_MAX);
  if (left > 0) {
    const page = html === undefined ? ", --html=run.html draws them" : "";
    print(`(${left} lines before these are left out; --all prints them${page})`);
  }
  for (const line of lines.slice(left)) print(line);
}

/** What `--json` gets; what is not known of a run that never ended is null. */
function outcomeOf(
  test: string,
  seed: number,
  { summary, failure }: SeedResult,
  message: string | undefined,
) {
  return {
    test: shortName(test),
    seed,
    passed: failure === undefined,
    digest: summary?.digest ?? null,
    events: summary?.events ?? null,
    virtualMs: summary?.virtualMs ?? null,
    message,
  };
}

if (import.meta.main) await main(replayCommand);
