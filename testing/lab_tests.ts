/**
 * The list of the lab's tests. `test_test.ts` fills it. `deno test` gets them from
 * `test_runner.ts`; other tools run them with any seed, as often as they want.
 *
 * @module
 */

import type { TestHandle } from "./run_hooks.ts";

/** A test of the lab. */
export interface LabTest {
  /** Its whole name, for example `"TestBasic: one client"`. */
  readonly name: string;
  /** Runs it once. */
  run(t: TestHandle): Promise<void>;
}

const listed: LabTest[] = [];

/** The tests, in the order of the assignment. The list is empty until `test_test.ts` is
 * imported. */
export const labTests: readonly LabTest[] = listed;

/** Adds a test to the list. */
export function addLabTest(test: LabTest): void {
  listed.push(test);
}
