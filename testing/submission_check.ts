/**
 * Checks the rules for submissions before a test runs: it fails with the same error as grading.
 *
 * @module
 */

import { checkSubmission } from "../lint/check_submission.ts";
import type { Violation } from "./failure_report.ts";

/** The number of refusals that a failure lists. */
const REFUSALS_MAX = 10;

/** The last check and its files, which do not change while tests run. */
let last: { files: Record<string, string>; violation: Violation | undefined } | undefined;

/** Returns a violation if a submission uses something that grading refuses.
 *
 * @param files The text of each file by its name.
 */
export function submissionViolation(files: Record<string, string>): Violation | undefined {
  if (last?.files !== files) last = { files, violation: check(files) };
  return last.violation;
}

function check(files: Record<string, string>): Violation | undefined {
  const refusals = Object.entries(files).flatMap(([file, text]) => checkSubmission(file, text));
  const [first, ...more] = refusals.slice(0, REFUSALS_MAX);
  if (first === undefined) return undefined;
  const others = more.map(({ place, message, advice }) => `${place}: ${message}; ${advice}`);
  return {
    what: first.message,
    where: [first.place, ...others],
    hint: first.advice,
    isRefusal: true,
  };
}
