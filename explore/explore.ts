/**
 * `deno task explore`: runs the tests with many seeds on all cores, counts how often each test
 * fails, and explains the first failure.
 *
 * @module
 */

import { z } from "zod";
import {
  type Command,
  CommandError,
  EXIT_STATUS,
  type ExitStatus,
  flag,
  main,
  Progress,
  reporter,
  wholeNumber,
  writeResult,
} from "../cli/mod.ts";
import { shortName } from "../testing/failure_report.ts";
import { DEFAULT_SEED } from "../testing/run_options.ts";
import { countsOf, formatSchedule } from "./counterexample/schedule.ts";
import { Exploration, type ExplorationPlan, meanAndSpread } from "./exploration.ts";
import { onInterrupt } from "./run/child.ts";
import { type Difference, findDifference } from "./run/determinism.ts";
import { findTest, openLab } from "./run/lab.ts";
import { checkRules } from "./run/rules.ts";
import { withLoopPlace } from "./run/loop_place.ts";
import { measure, measuredLines } from "./run/measurements.ts";
import { Runner, type RunnerOptions } from "./run/runner.ts";
import { failureText } from "./run/seed_run.ts";
import { runChoice } from "./run_choice.ts";
import { explain, type Explanation, explanationLines } from "./story/explanation.ts";
import { exploreAll } from "./systematic.ts";

const options = z.strictObject({
  test: z.string().optional()
    .meta({ value: "NAME", description: "Runs this test only, for example TestUnreliable" }),
  seeds: wholeNumber("seeds", 1).default(100)
    .meta({ value: "N", description: "The number of seeds for each test; 100" }),
  from: wholeNumber("from").default(DEFAULT_SEED)
    .meta({ value: "SEED", description: "The first seed; 1" }),
  ...runChoice,
  systematic: flag().meta({
    description: "Performs every small run instead of the tests, within these bounds:",
  }),
  clerks: wholeNumber("clerks", 1).optional()
    .meta({ value: "N", description: "The greatest number of clerks; 2" }),
  operations: wholeNumber("operations", 1).optional()
    .meta({ value: "N", description: "The greatest number of operations; 3" }),
  keys: wholeNumber("keys", 1).optional()
    .meta({ value: "N", description: "The greatest number of keys; 2" }),
  faults: wholeNumber("faults").optional()
    .meta({
      value: "N",
      description: "The greatest number of lost or late requests and stopped servers; 1",
    }),
  "schedule-out": z.string().optional()
    .meta({ value: "F", description: "Writes the smallest run that fails to this file" }),
  json: z.string().optional()
    .meta({ value: "F", description: "Writes the figures to this file; - is standard output" }),
});

/** The options of the command. */
export type ExploreOptions = z.infer<typeof options>;

/** The command. */
export const exploreCommand: Command<typeof options> = {
  name: "explore",
  summary:
    "Runs the tests with many seeds on all cores. Ctrl-C ends it early and keeps the results.",
  options,
  run: (given) => explore(given),
};

/** The settings of an exploration besides its options. */
export interface ExploreSettings extends RunnerOptions {
  /** The number of processes that run at the same time. */
  processes?: number;
}

/** Explores.
 *
 * @returns The exit status of the command.
 */
export async function explore(
  given: ExploreOptions,
  { processes = navigator.hardwareConcurrency, ...runnerOptions }: ExploreSettings = {},
): Promise<ExitStatus> {
  const print = reporter([given.json, given["schedule-out"]]);
  const { clerks, operations, keys, faults, from, network } = given;
  if (given.systematic) {
    if (given.test !== undefined) {
      throw new CommandError("Option --test does nothing with --systematic; leave it out");
    }
    return await exploreAll({ ...given, processes }, print);
  }
  const unused = Object.entries({ clerks, operations, keys, faults })
    .find(([, value]) => value !== undefined);
  if (unused !== undefined) {
    throw new CommandError(`Option --${unused[0]} does nothing without --systematic; add that`);
  }
  await using lab = await openLab(given.submission);
  const makeRunner = () => new Runner(lab.url, runnerOptions);
  using stack = new DisposableStack();
  const runners = Array.from({ length: processes }, () => stack.use(makeRunner()));
  const all = await runners[0]!.tests;
  const tests = given.test === undefined ? all : [findTest(given.test, all)];
  const exploration = new Exploration({ ...given, tests });
  const isInterrupted = await runInterruptibly(exploration, runners, () => {
    const seeds = `seeds ${from} to ${from + given.seeds - 1}`;
    print(`${tests.map(shortName).join(", ")}: ${seeds}, in ${processes} processes`);
  });
  const isWhole = !isInterrupted;
  const { failures } = exploration;

  for (const line of tableOf(exploration)) print(line);
  const differences = isWhole
    ? await differencesIn(exploration, network, runners[0]!, makeRunner)
    : [];
  for (const line of differenceLines(differences)) print(line);
  if (isWhole) await findLoops(exploration, network, lab.url);
  for (const line of failureLines(exploration, given)) print(line);
  const explained = isWhole
    ? await explainFirst(exploration, network, lab.url, runnerOptions)
    : undefined;
  if (failures > 0 && isWhole) print(`\n${explanationLines(explained).join("\n")}`);
  // A pass counts only if deno test does not refuse the code.
  if (failures === 0 && isWhole) await checkRules(lab.url);
  const measured = failures === 0 && isWhole ? await measure(lab.url) : undefined;
  for (const line of measured ? measuredLines(measured) : []) print(`\n${line}`);

  const result = {
    tests: resultsOf(exploration, differences, explained),
    ...measured && { requirements: measured.requirements },
  };
  await writeResult(given.json, () => JSON.stringify(result, null, 2));
  if (explained !== undefined) {
    await writeResult(given["schedule-out"], () => formatSchedule(explained.schedule));
  }
  if (failures > 0) return EXIT_STATUS.failed;
  if (isInterrupted) {
    console.error(`explore: Interrupted after ${exploration.done} of ${exploration.total} runs`);
  }
  return isInterrupted || differences.length > 0 ? EXIT_STATUS.unknown : EXIT_STATUS.ok;
}

/** Runs an exploration until it is done, or until Ctrl-C.
 *
 * @param onStart Called once Ctrl-C no longer ends the process.
 * @returns True if Ctrl-C ended it.
 */
async function runInterruptibly(
  exploration: Exploration,
  runners: Runner[],
  onStart: () => void,
): Promise<boolean> {
  let isInterrupted = false;
  using progress = new Progress(exploration.total, "runs");
  // After this, Ctrl-C ends the command as usual.
  using _listening = onInterrupt(() => {
    isInterrupted = true;
    exploration.stop();
  });
  onStart();
  await exploration.run(runners, () => {
    progress.update(exploration.done, `${exploration.failures} failed`);
  });
  return isInterrupted;
}

type Network = ExplorationPlan["network"];

/** A test whose runs cannot be repeated, and a difference between two of them. */
type FoundDifference = { test: string; difference: Difference };

async function differencesIn(
  { tallies }: Exploration,
  network: Network,
  used: Runner,
  make: () => Runner,
): Promise<FoundDifference[]> {
  const found: FoundDifference[] = [];
  using fresh = make();
  for (const { test, unsteady, first, firstFailed } of tallies) {
    for (const run of [unsteady, firstFailed, first]) {
      if (run?.digest === undefined) continue;
      const task = { test, seed: run.seed, network };
      const difference = await findDifference({ used, fresh, make }, task, run);
      if (difference === undefined) continue;
      found.push({ test, difference });
      break;
    }
  }
  return found;
}

/** Returns the lines of the table, with numbers aligned on the right. */
function tableOf(exploration: Exploration): string[] {
  const rows = [
    ["test", "seeds", "failures", "share", "RPCs", "spread", "seeds/s"],
    ...exploration.tallies.map((tally) => {
      const { mean, spread } = meanAndSpread(tally.rpcs);
      return [
        shortName(tally.test),
        String(tally.seedsRun),
        String(tally.failures),
        tally.seedsRun === 0 ? "-" : `${(tally.failures / tally.seedsRun * 100).toFixed(1)} %`,
        mean.toFixed(0),
        `± ${spread.toFixed(0)}`,
        exploration.seedsPerSecond(tally).toPrecision(3),
      ];
    }),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map(([test, ...figures]) => {
    const cells = figures.map((cell, i) => cell.padStart(widths[i + 1]!));
    return [test!.padEnd(widths[0]!), ...cells].join("  ");
  });
}

/** Adds the line of the loop to first failures that never yielded. */
async function findLoops({ tallies }: Exploration, network: Network, lab: URL): Promise<void> {
  for (const { test, firstFailed: failed } of tallies) {
    if (failed === undefined) continue;
    const { seed, failure } = failed;
    failed.failure = await withLoopPlace(lab, { test, seed, network }, failure);
  }
}

function failureLines(
  { tallies }: Exploration,
  { network, submission }: ExploreOptions,
): string[] {
  return tallies.flatMap(({ test: name, firstFailed, hung }) => {
    if (firstFailed === undefined) return [];
    const { seed, failure } = firstFailed;
    const target = { name, seed, clock: "virtual", network, submission } as const;
    const text = failureText(failure, target);
    return [
      `\n${shortName(name)} failed first with seed ${seed}: ${text}`,
      ...hung > 0 ? [`  ${hung} of its runs never ended, and were killed`] : [],
    ];
  });
}

function differenceLines(found: FoundDifference[]): string[] {
  return found.flatMap(({ test, difference: { what, events, hint } }) => [
    `\n${shortName(test)} is not deterministic, and its failures may not replay: ${what}`,
    ...events ? [`  one run:   ${events[0]}\n  the other: ${events[1]}`] : [],
    `  hint:      ${hint}`,
  ]);
}

type Explained = Explanation & { readonly test: string };

/** Searches for the smallest run that fails like the first test that failed. */
async function explainFirst(
  { tallies }: Exploration,
  network: Network,
  lab: URL,
  options: RunnerOptions,
): Promise<Explained | undefined> {
  const failed = tallies.find(({ firstFailed }) => firstFailed !== undefined);
  if (failed === undefined) return undefined;
  const { test } = failed;
  const { seed, failure, digest } = failed.firstFailed!;
  const unrecorded = digest !== undefined && { unrecorded: { test, seed } };
  const found = await explain(lab, { failure, network, ...unrecorded }, options);
  return found && { test, ...found };
}

function resultsOf(
  exploration: Exploration,
  found: FoundDifference[],
  explained: Explained | undefined,
) {
  return exploration.tallies.map((tally) => ({
    name: shortName(tally.test),
    seedsRun: tally.seedsRun,
    failures: tally.failures,
    firstFailedSeed: tally.firstFailed?.seed ?? null,
    seedsPerSecond: Number(exploration.seedsPerSecond(tally).toPrecision(3)),
    minimal: explained?.test === tally.test
      ? {
        ...countsOf(explained.schedule),
        summary: explained.story.summary,
        schedule: explained.schedule,
      }
      : undefined,
    nondeterministic: found.find(({ test }) => test === tally.test)?.difference.what,
  }));
}

if (import.meta.main) await main(exploreCommand);
