/**
 * The rules for submissions, in a test: what grading refuses fails here as well, in the same
 * words, before anything runs.
 *
 * @module
 */

import { checkSubmission } from "../lint/check_submission.ts";
import type { Violation } from "./failure_report.ts";

/** The number of refusals told at once. */
const REFUSALS_MAX = 10;

/** The files that were checked last, and the result: they do not change while tests run. */
let last: { files: Record<string, string>; violation: Violation | undefined } | undefined;

/** Returns a violation if a submission uses what grading refuses.
 *
 * @param files The texts of its files by their names.
 * @returns `undefined` if all is allowed.
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
  return { what: first.message, where: [first.place, ...others], hint: first.advice };
}
