/**
 * `deno task explore`: runs the tests with many seeds on all cores, and says how often
 * each of them fails, and how to see the first failure again.
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
import type { Bounds } from "./counterexample/all_schedules.ts";
import { type Difference, findDifference } from "./run/determinism.ts";
import { Exploration, type ExplorationPlan, type RunOfSeed, type Tally } from "./exploration.ts";
import { explain, type Explanation, explanationLines } from "./story/explanation.ts";
import { findTest, openLab } from "./run/lab.ts";
import { measure, measuredLines } from "./run/measurements.ts";
import { runChoice } from "./run_choice.ts";
import { onInterrupt } from "./run/child.ts";
import { Runner, type RunnerOptions } from "./run/runner.ts";
import { countsOf, formatSchedule } from "./counterexample/schedule.ts";
import { failureText, type SeedTask } from "./run/seed_run.ts";
import { exploreAll } from "./systematic.ts";
import { layOut } from "./table.ts";

const options = z.strictObject({
  test: z.string().optional()
    .meta({ value: "NAME", description: "Runs this test only, for example TestUnreliable" }),
  seeds: wholeNumber("seeds", 1).default(100)
    .meta({ value: "N", description: "With how many seeds each test is run; 100" }),
  from: wholeNumber("from").default(DEFAULT_SEED)
    .meta({ value: "SEED", description: "The first of them; 1" }),
  ...runChoice,
  systematic: flag().meta({
    description: "Performs every small run instead of the tests, within these bounds:",
  }),
  clerks: wholeNumber("clerks", 1).optional()
    .meta({ value: "N", description: "How many clerks there are at most; 2" }),
  operations: wholeNumber("operations", 1).optional()
    .meta({ value: "N", description: "How many operations they make at most; 3" }),
  keys: wholeNumber("keys", 1).optional()
    .meta({ value: "N", description: "How many keys they use at most; 2" }),
  faults: wholeNumber("faults").optional()
    .meta({ value: "N", description: "How many requests are lost or late, or servers stop; 1" }),
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
  summary: "Runs the tests with many seeds on all cores. Ctrl-C ends it early, with what there is.",
  options,
  run: (given) => explore(given),
};

/** The bounds of a systematic exploration, which takes some half a minute on two cores. */
const DEFAULT_BOUNDS: Bounds = { clerks: 2, operations: 3, keys: 2, faults: 1 };

/** The members of an object that are not undefined. */
function definedOf<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** The settings of an exploration besides its plan. */
export interface ExploreSettings extends RunnerOptions {
  /** The number of processes that run at the same time. */
  processes?: number;
}

/** Explores.
 *
 * @returns How the command ends.
 */
export async function explore(
  given: ExploreOptions,
  { processes = navigator.hardwareConcurrency, ...runnerOptions }: ExploreSettings = {},
): Promise<ExitStatus> {
  const print = reporter([given.json, given["schedule-out"]]);
  const { clerks, operations, keys, faults } = given;
  const bounds = { clerks, operations, keys, faults };
  if (given.systematic) {
    const { submission, json, "schedule-out": scheduleOut } = given;
    if (given.test !== undefined) {
      throw new CommandError("Option --test does nothing with --systematic; leave it out");
    }
    const all = { ...DEFAULT_BOUNDS, ...definedOf(bounds) };
    return await exploreAll({ bounds: all, submission, json, scheduleOut, processes }, print);
  }
  const [unused] = Object.keys(definedOf(bounds));
  if (unused !== undefined) {
    throw new CommandError(`Option --${unused} does nothing without --systematic; add that`);
  }
  await using lab = await openLab(given.submission);
  const makeRunner = () => new Runner(lab.url, runnerOptions);
  using stack = new DisposableStack();
  const runners = Array.from({ length: processes }, () => stack.use(makeRunner()));
  const all = await runners[0]!.tests;
  const tests = given.test === undefined ? all : [findTest(given.test, all)];
  const plan: ExplorationPlan = { ...given, tests };
  const exploration = new Exploration(plan);

  const isInterrupted = await runInterruptibly(exploration, runners, () => {
    const names = tests.map(shortName).join(", ");
    print(
      `${names}: seeds ${given.from} to ${given.from + given.seeds - 1}, in ${processes} processes`,
    );
  });
  for (const line of tableOf(exploration)) print(line);
  const differences = isInterrupted ? [] : await findDifferences(exploration, plan, (...run) => {
    return findDifference(runners[0]!, makeRunner, ...run);
  });
  reportDifferences(differences, print);
  reportFailures(exploration, given, print);
  const told = isInterrupted ? undefined : await tellFirst(exploration, plan, lab.url);
  if (exploration.failures > 0 && !isInterrupted) {
    print(`\n${explanationLines(told).join("\n")}`);
  }
  const measured = exploration.failures === 0 && !isInterrupted
    ? await measure(lab.url)
    : undefined;
  for (const line of measured ? measuredLines(measured) : []) print(`\n${line}`);
  const requirements = measured && { requirements: measured.requirements };
  const result = { ...resultOf(exploration, differences, told), ...requirements };
  await writeResult(given.json, () => JSON.stringify(result, null, 2));
  if (told !== undefined) {
    await writeResult(given["schedule-out"], () => formatSchedule(told.schedule));
  }

  if (exploration.failures > 0) return EXIT_STATUS.failed;
  if (isInterrupted) {
    console.error(`explore: Interrupted after ${exploration.done} of ${exploration.total} runs`);
  }
  return isInterrupted || differences.length > 0 ? EXIT_STATUS.unknown : EXIT_STATUS.ok;
}

/** Runs an exploration until it is done, or until Ctrl-C.
 *
 * @param onStart Called when Ctrl-C no longer ends the process.
 * @returns Whether it was Ctrl-C.
 */
async function runInterruptibly(
  exploration: Exploration,
  runners: Runner[],
  onStart: () => void,
): Promise<boolean> {
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
    exploration.stop();
  };
  using progress = new Progress(exploration.total, "runs");
  // After this, Ctrl-C ends the command as usual.
  using _listening = onInterrupt(interrupt);
  onStart();
  await exploration.run(runners, () => {
    progress.update(exploration.done, `${exploration.failures} failed`);
  });
  return isInterrupted;
}

/** Tests whose runs cannot be repeated, and how that shows. */
type FoundDifference = { test: string; difference: Difference };

async function findDifferences(
  { tallies }: Exploration,
  { network }: ExplorationPlan,
  find: (task: SeedTask, run: RunOfSeed) => Promise<Difference | undefined>,
): Promise<FoundDifference[]> {
  const found: FoundDifference[] = [];
  for (const { test, unsteady, first, firstFailed } of tallies) {
    for (const run of [unsteady, firstFailed, first]) {
      if (run?.digest === undefined) continue;
      const difference = await find({ test, seed: run.seed, network }, run);
      if (difference === undefined) continue;
      found.push({ test, difference });
      break;
    }
  }
  return found;
}

function tableOf(exploration: Exploration): string[] {
  const heading = ["test", "seeds", "failures", "share", "RPCs", "spread", "seeds/s"];
  return layOut([
    heading,
    ...exploration.tallies.map((tally) => [
      shortName(tally.test),
      String(tally.seedsRun),
      String(tally.failures),
      tally.seedsRun === 0 ? "-" : `${(tally.failures / tally.seedsRun * 100).toFixed(1)} %`,
      tally.rpcs.mean.toFixed(0),
      `± ${tally.rpcs.spread.toFixed(0)}`,
      exploration.seedsPerSecond(tally).toPrecision(3),
    ]),
  ]);
}

function reportFailures(
  { tallies }: Exploration,
  { network, submission }: ExploreOptions,
  print: (line: string) => void,
): void {
  for (const { test: name, firstFailed, hung } of tallies) {
    if (firstFailed === undefined) continue;
    const { seed, failure } = firstFailed;
    const target = { name, seed, clock: "virtual", network, submission } as const;
    print(`\n${shortName(name)} failed first with seed ${seed}: ${failureText(failure, target)}`);
    if (hung > 0) print(`  ${hung} of its runs never came to an end, and were ended`);
  }
}

function reportDifferences(found: FoundDifference[], print: (line: string) => void): void {
  for (const { test, difference: { what, events, hint } } of found) {
    print(`\n${shortName(test)} is not deterministic, and its failures may not replay: ${what}`);
    if (events !== undefined) print(`  one run:   ${events[0]}\n  the other: ${events[1]}`);
    print(`  hint:      ${hint}`);
  }
}

/** The story of the first failure. */
type Told = Explanation & { readonly test: string };

/** Searches for the smallest run that fails like the first test that failed. */
async function tellFirst(
  { tallies }: Exploration,
  { network }: ExplorationPlan,
  lab: URL,
): Promise<Told | undefined> {
  const failed = tallies.find(({ firstFailed }) => firstFailed !== undefined);
  if (failed === undefined) return undefined;
  const { seed, failure, digest } = failed.firstFailed!;
  const hasEnded = digest !== undefined;
  const explanation = await explain(lab, { test: failed.test, seed, network, failure, hasEnded });
  return explanation && { test: failed.test, ...explanation };
}

/** Returns the result that `--json` writes. */
function resultOf(
  exploration: Exploration,
  found: FoundDifference[],
  told: Told | undefined,
) {
  return {
    tests: exploration.tallies.map((tally: Tally) => ({
      name: shortName(tally.test),
      seedsRun: tally.seedsRun,
      failures: tally.failures,
      firstFailedSeed: tally.firstFailed?.seed ?? null,
      seedsPerSecond: Number(exploration.seedsPerSecond(tally).toPrecision(3)),
      minimal: told?.test === tally.test
        ? { ...countsOf(told.schedule), summary: told.story.summary, schedule: told.schedule }
        : undefined,
      nondeterministic: found.find(({ test }) => test === tally.test)?.difference.what,
    })),
  };
}

if (import.meta.main) await main(exploreCommand);
