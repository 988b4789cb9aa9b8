/**
 * Runs tests with many seeds in several processes, and counts.
 *
 * Each seed runs every test before the next seed begins: an exploration that is stopped early has
 * run about as many seeds of each test.
 *
 * @module
 */

import type { NetworkName } from "../testing/run_options.ts";
import type { Runner } from "./run/runner.ts";
import type { SeedFailure, SeedResult, SeedTask } from "./run/seed_run.ts";

/** The seeds and the tests to run. */
export interface ExplorationPlan {
  /** The full names of the tests. */
  tests: readonly string[];
  /** The first seed. */
  from: number;
  /** The number of seeds for each test. */
  seeds: number;
  network: NetworkName;
  /** True, the default, if each failed run is repeated to check that it is deterministic. */
  repeats?: boolean;
}

/** One run. */
export interface RunOfSeed {
  seed: number;
  /** The digest; absent if the run never ended. */
  digest: string | undefined;
}

/** Returns the mean of numbers and their standard deviation; 0 if there are too few. */
export function meanAndSpread(numbers: readonly number[]): { mean: number; spread: number } {
  const count = numbers.length;
  const mean = numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, count);
  const squares = numbers.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { mean, spread: Math.sqrt(squares / Math.max(1, count - 1)) };
}

/** The results of one test. */
export interface Tally {
  readonly test: string;
  seedsRun: number;
  failures: number;
  /** The run with the smallest seed; `events` is undefined if it never ended. */
  first?: RunOfSeed & { events: number | undefined };
  /** The failed run with the smallest seed. */
  firstFailed?: RunOfSeed & { failure: SeedFailure };
  /** A failed run whose repetition differed. */
  unsteady?: RunOfSeed;
  /** The number of calls of each run that ended. */
  readonly rpcs: number[];
  /** The sum of the runs' times, in real milliseconds of one process. */
  busyMs: number;
  /** The number of runs that never ended. */
  hung: number;
}

/** The number of tasks that a process has at a time, so that it never waits for the next one. */
const TASKS_PER_RUNNER = 2;

/** After this many runs that never end, the rest of a test is skipped: each of them costs the full
 * time limit. */
const HUNG_MAX = 3;

/** One exploration. Run it once. */
export class Exploration {
  /** The results, in the order of the tests. */
  readonly tallies: readonly Tally[];
  readonly #plan: ExplorationPlan;
  readonly #stopped = Promise.withResolvers<void>();
  readonly #startMs = performance.now();
  #elapsedMs: number | undefined;
  #next = 0;
  #done = 0;

  constructor(plan: ExplorationPlan) {
    this.#plan = plan;
    this.tallies = plan.tests.map((test) => {
      return { test, seedsRun: 0, failures: 0, rpcs: [], busyMs: 0, hung: 0 };
    });
  }

  /** The number of planned runs. */
  get total(): number {
    return this.#plan.seeds * this.#plan.tests.length;
  }

  /** The number of runs that were made or skipped. */
  get done(): number {
    return this.#done;
  }

  /** The number of failed runs. */
  get failures(): number {
    return this.tallies.reduce((sum, { failures }) => sum + failures, 0);
  }

  /** Runs until all runs are made, or until {@linkcode Exploration.stop}.
   *
   * @param onProgress Called after each run.
   */
  async run(runners: readonly Runner[], onProgress: () => void): Promise<void> {
    const lanes = runners.flatMap((runner) => {
      return Array.from({ length: TASKS_PER_RUNNER }, () => this.#runLane(runner, onProgress));
    });
    await Promise.race([Promise.all(lanes), this.#stopped.promise]);
    this.stop();
  }

  /** Starts no more runs, and waits for none. */
  stop(): void {
    this.#elapsedMs ??= performance.now() - this.#startMs;
    this.#stopped.resolve();
  }

  /** Returns the rate of a test, which is charged its share of the elapsed real time. */
  seedsPerSecond({ seedsRun, busyMs }: Tally): number {
    if (busyMs === 0) return 0;
    const busyMsOfAll = this.tallies.reduce((sum, tally) => sum + tally.busyMs, 0);
    const elapsedMs = this.#elapsedMs ?? performance.now() - this.#startMs;
    return seedsRun / (elapsedMs * busyMs / busyMsOfAll) * 1000;
  }

  async #runLane(runner: Runner, onProgress: () => void): Promise<void> {
    const { tests, from, network } = this.#plan;
    while (this.#elapsedMs === undefined && this.#next < this.total) {
      const place = this.#next++;
      const tally = this.tallies[place % tests.length]!;
      if (tally.hung < HUNG_MAX) {
        const seed = from + Math.floor(place / tests.length);
        await this.#runSeed(runner, tally, { test: tally.test, seed, network });
        if (this.#elapsedMs !== undefined) return;
      }
      this.#done++;
      onProgress();
    }
  }

  async #runSeed(runner: Runner, tally: Tally, task: SeedTask): Promise<void> {
    const { seed } = task;
    const result = await runner.run(task);
    if (this.#elapsedMs !== undefined) return;
    count(tally, seed, result);
    const digest = result.summary?.digest;
    const { repeats = true } = this.#plan;
    if (!repeats || result.failure === undefined || digest === undefined) return;
    // A failure has to replay.
    const again = await runner.run(task);
    if (again.summary?.digest !== digest) tally.unsteady ??= { seed, digest };
  }
}

function count(tally: Tally, seed: number, { summary, failure, realMs }: SeedResult): void {
  const run = { seed, digest: summary?.digest };
  const isBefore = (other: RunOfSeed | undefined) => seed < (other?.seed ?? Infinity);
  tally.seedsRun++;
  tally.busyMs += realMs;
  if (summary === undefined) tally.hung++;
  else tally.rpcs.push(summary.rpcs);
  if (isBefore(tally.first)) tally.first = { ...run, events: summary?.events };
  if (failure === undefined) return;
  tally.failures++;
  if (isBefore(tally.firstFailed)) tally.firstFailed = { ...run, failure };
}
