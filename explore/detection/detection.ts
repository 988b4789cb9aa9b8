/**
 * Measures how often each test fails with each entry of the corpus, over many seeds.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { CORPUS, type Expectation, expectationOf, TestName } from "../../corpus/expectation.ts";
import { hashText, mix32 } from "../../sim/mod.ts";
import { shortName } from "../../testing/failure_report.ts";
import { Exploration } from "../exploration.ts";
import { openLab } from "../run/lab.ts";
import { Runner, type RunnerOptions } from "../run/runner.ts";

/** One row of the matrix. */
export interface Detection {
  entry: string;
  expectation: Expectation;
  /** The share of seeds that failed, for each test in their order. */
  shares: number[];
  /** A digest of the runs with the first seed, which changes with the behavior of the entry or the
   * lab. */
  runs: string;
}

/** Runs every test with an entry. One process makes all runs, so that state that an entry keeps in a
 * module has the same effect each time.
 *
 * @param seeds The number of seeds, from 1.
 * @param onProgress Called after each run.
 */
export async function detect(
  entry: string,
  seeds: number,
  onProgress: () => void = () => {},
  options: RunnerOptions = {},
): Promise<Detection> {
  const expectation = await expectationOf(entry);
  await using lab = await openLab(fileURLToPath(new URL(entry, CORPUS)));
  using runner = new Runner(lab.url, options);
  const tests = await runner.tests;
  const plan = { tests, from: 1, seeds, network: "unreliable", repeats: false } as const;
  const exploration = new Exploration(plan);
  await exploration.run([runner], onProgress);
  const { tallies } = exploration;
  const shares = TestName.options.map((name) => {
    const { failures, seedsRun } = tallies.find(({ test }) => shortName(test) === name)!;
    return failures / seedsRun;
  });
  const runs = tallies.map(({ test, first, firstFailed }) => ({
    name: shortName(test),
    passed: firstFailed?.seed !== first!.seed,
    events: first!.events,
  }));
  return { entry, expectation, shares, runs: digestOf(runs) };
}

/** The first run of a test. */
export interface FirstRun {
  /** The name of the test, up to the colon. */
  readonly name: string;
  readonly passed: boolean;
  /** The number of its events; `undefined` if it never ended. */
  readonly events: number | undefined;
}

/** Returns the digest of the first run of each test. */
export function digestOf(runs: readonly FirstRun[]): string {
  const words = runs.map(({ name, passed, events }) => {
    // Not its digest, which differs each time if the entry draws an id when it is loaded.
    return `${name} ${passed ? "passed" : "failed"} ${events ?? "never ended"}`;
  });
  return (mix32(hashText(words.join("; "))) >>> 0).toString(16).padStart(8, "0");
}

/** Returns the shortcomings of a row: a test that catches too little, or one that fails right code.
 *
 * @returns One line for each, none if all is well. */
export function shortcomings({ entry, expectation, shares }: Detection): string[] {
  const { intended, pass } = expectation;
  return TestName.options.flatMap((name, i) => {
    const share = shares[i]!;
    const fails = `and fails with ${(share * 100).toFixed(1)} % of the seeds`;
    if (name === intended && share < DETECTED_MIN) {
      return `${entry}: ${name} is meant to catch it, ${fails}`;
    }
    return pass.includes(name) && share > 0 ? `${entry}: ${name} has to pass, ${fails}` : [];
  });
}

/** The share of seeds in which a wrong entry is caught by the test meant for it. */
const DETECTED_MIN = 0.99;
