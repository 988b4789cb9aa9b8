/**
 * The list of the lab's tests. `test_test.ts` fills it. `deno test` gets them from
 * `runner_tests.ts`; other tools run them with any seed, as often as they want.
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

/** A test of the list. */
interface ListedTest extends LabTest {
  /** The line of `test_test.ts` at which it begins. */
  readonly line: number;
}

const listed: ListedTest[] = [];

/** The tests, in the order of the assignment. The list is empty until `test_test.ts` is
 * imported. */
export const labTests: readonly LabTest[] = listed;

/** Adds a test to the list.
 *
 * @param name Its whole name.
 * @param run Runs it once. */
export function labTest(name: string, run: (t: TestHandle) => Promise<void>): void {
  const line = Number(new Error().stack?.match(/test_test\.ts:(\d+)/)?.[1]);
  listed.push({ name, run, line });
}

/** Returns the test that a line of `test_test.ts` belongs to. */
export function testAt(line: number): LabTest {
  return listed.findLast((test) => test.line <= line) ?? listed[0]!;
}
