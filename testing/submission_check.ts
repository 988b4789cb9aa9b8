/**
 * The rules for submissions, in a test: what grading refuses fails here as well, in the same
 * words, before anything runs.
 *
 * @module
 */

import { checkSubmission, type Refusal } from "../lint/check_submission.ts";
import type { Violation } from "./failure_report.ts";

/** How many refusals are told at once. */
const REFUSALS_MAX = 10;

/** Says what a submission may not use.
 *
 * @param files The texts of its files by their names.
 * @returns `undefined` if all is allowed.
 */
export function submissionViolation(files: Record<string, string>): Violation | undefined {
  const refusals = Object.entries(files).flatMap(([file, text]) => checkSubmission(file, text));
  const [first, ...more] = refusals;
  if (first === undefined) return undefined;
  const others = more.slice(0, REFUSALS_MAX - 1).map((refusal) => {
    return `${placeOf(refusal)}: ${refusal.message}; ${refusal.advice}`;
  });
  return { what: first.message, where: [placeOf(first), ...others], hint: first.advice };
}

function placeOf({ file, line }: Refusal): string {
  return line === null ? file : `${file}:${line}`;
}
