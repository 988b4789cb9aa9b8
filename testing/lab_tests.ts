/**
 * The list of the lab's tests, which `test_test.ts` fills. `test_runner.ts` passes them to
 * `deno test`. Other tools run them with any seed, any number of times.
 *
 * @module
 */

import type { TestHandle } from "./run_hooks.ts";

/** A test of the lab. */
export interface LabTest {
  /** The whole name, for example `"TestBasic: one client"`. */
  readonly name: string;
  /** Runs it once. */
  run(t: TestHandle): Promise<void>;
}

const listed: LabTest[] = [];

/** The tests in the order of the assignment; empty until `test_test.ts` is imported. */
export const labTests: readonly LabTest[] = listed;

/** Adds a test to the list. */
export function addLabTest(test: LabTest): void {
  listed.push(test);
}
