/**
 * Runs a program of the zoo as grading does: held to the rules, and in realms.
 *
 * @module
 */

import { DEFAULT_SEED } from "../../testing/run_options.ts";
import { submissionViolation } from "../../testing/submission_check.ts";
import { runOutcome } from "../realm/fixture.ts";
import { bundleSubmission, RealmFactory } from "../realm/mod.ts";
import type { Outcome } from "./plain_run.ts";

/** A run that passed comes to its digest. */
const DIGEST = /^[\da-f]{16}$/;

/** How long one event of a program that never yields may take, in real milliseconds. */
const TURN_MS_MAX = 500;

/** Runs tests with the seed of a plain `deno test`, in this process. One program runs at a
 * time, since there is one simulation.
 *
 * @param files The program's files.
 * @param tests The short names of the tests.
 * @param spins True if it may never yield.
 */
export async function runJudged(
  files: ReadonlyMap<string, string>,
  tests: readonly string[],
  spins: boolean,
): Promise<Outcome> {
  const refusal = submissionViolation(Object.fromEntries(files));
  if (refusal !== undefined) {
    const output = [refusal.what, ...refusal.where ?? [], refusal.hint].join("\n");
    return { passed: [], failed: tests.toSorted(), output };
  }
  const factory = new RealmFactory(await bundleSubmission(files));
  const reports = new Map<string, string>();
  for (const test of tests) {
    const machines = await factory.machines();
    const turnMsMax = spins ? TURN_MS_MAX : undefined;
    reports.set(test, await runOutcome(test, DEFAULT_SEED, machines, turnMsMax));
  }
  return outcomeOf(reports);
}

function outcomeOf(reports: ReadonlyMap<string, string>): Outcome {
  const names = (passed: boolean) => {
    return Array.from(reports).filter(([, report]) => DIGEST.test(report) === passed)
      .map(([name]) => name).sort();
  };
  return { passed: names(true), failed: names(false), output: [...reports.values()].join("\n") };
}
