/**
 * The outcome of a program of the zoo.
 *
 * @module
 */

import { DEFAULT_SEED } from "../../testing/run_options.ts";
import type { Machines } from "../../testing/machines.ts";
import { submissionViolation } from "../../testing/submission_check.ts";
import { runOutcome } from "../realm/fixture.ts";

/** The outcome of a program. */
export interface Outcome {
  /** The tests that passed and those that failed, by their short names, sorted. */
  passed: string[];
  failed: string[];
  /** The printed text, and the failures of its tests. */
  output: string;
}

/** A run that passed comes to its digest. */
const DIGEST = /^[\da-f]{16}$/;

/** The report of a run that was kept from the processor, which says nothing. */
const HELD = /^Held at /;

/** Returns the outcome of a program that the rules refuse; `undefined` if they do not. */
export function refusedOutcome(
  files: ReadonlyMap<string, string>,
  tests: readonly string[],
): Outcome | undefined {
  const refusal = submissionViolation(Object.fromEntries(files));
  if (refusal === undefined) return undefined;
  const output = [refusal.what, ...refusal.where ?? [], refusal.hint].join("\n");
  return { passed: [], failed: tests.toSorted(), output };
}

/** Runs tests in this process.
 *
 * @param tests Their short names.
 * @param machinesOf Makes the machines of each.
 * @param turnMsMax How long one turn of the event loop may take, in real milliseconds.
 */
export async function outcomeIn(
  tests: readonly string[],
  machinesOf: () => Machines | Promise<Machines>,
  turnMsMax?: number,
): Promise<Outcome> {
  const reports = new Map<string, string>();
  for (const test of tests) {
    let report: string;
    do report = await runOutcome(test, DEFAULT_SEED, await machinesOf(), turnMsMax); while (
      HELD.test(report)
    );
    reports.set(test, report);
  }
  const names = (passed: boolean) => {
    return Array.from(reports).filter(([, report]) => DIGEST.test(report) === passed)
      .map(([name]) => name).sort();
  };
  return { passed: names(true), failed: names(false), output: [...reports.values()].join("\n") };
}
