/**
 * The `result.json` of Classroom 50.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import type { HandIn } from "../result/late.ts";
import type { SubmissionResult } from "../result/result.ts";
import { cut, sanitize } from "./text.ts";

/** The variable with the tag of the submission. */
export const TAG_VARIABLE = "SUBMISSION_TAG";

/** The variables that Classroom 50 sets, by the fields of the result. */
const VARIABLES = {
  classroom: "CLASSROOM",
  assignment: "ASSIGNMENT",
  assignment_type: "ASSIGNMENT_TYPE",
  owner: "OWNER",
  submission: TAG_VARIABLE,
  commit: "COMMIT_URL",
  release: "RELEASE_URL",
  review: "REVIEW_URL",
};

/** Returns the result of a submission.
 *
 * @param fields The result of {@linkcode classroom50Fields}.
 * @param now The time of grading.
 * @throws {CommandError} The submission was not graded, which the format cannot express.
 */
export function classroom50Of(
  { tests, score, maxScore, notGraded }: SubmissionResult,
  fields: Readonly<Record<string, string>>,
  now: Date,
) {
  if (notGraded !== undefined) {
    throw cannotWrite(`it needs a score, and this machine gave none: ${notGraded}`);
  }
  return {
    schema: "classroom50/result/v1",
    ...fields,
    datetime: now.toISOString().replace(/\.\d+Z$/, "Z"),
    score,
    "max-score": maxScore,
    tests: tests.map((test) => ({
      "test-name": test.name,
      passed: test.passed,
      score: test.score,
      "max-score": test.maxScore,
      message: test.message === null ? null : sanitize(cut(test.message, 4000)),
      hint: test.hint === null ? null : sanitize(cut(test.hint, 1000)),
      replay: test.replay,
    })),
  };
}

/** Returns the fields of the result that come from the environment.
 *
 * @param variable Reads a variable of the environment.
 * @throws {CommandError} A variable is missing, or the tag is not from Classroom 50.
 */
export function classroom50Fields(
  variable: (name: string) => string | undefined,
): Record<string, string> {
  const fields = Object.entries(VARIABLES).map(([field, name]) => {
    const value = variable(name) || field === "owner" && variable("USERNAME");
    if (value) return [field, value];
    throw cannotWrite(`${name} is not set; its runner sets it in the environment`);
  });
  const tag = variable(TAG_VARIABLE)!;
  if (tag.startsWith("submit/")) return Object.fromEntries(fields);
  throw cannotWrite(`${TAG_VARIABLE} is "${tag}"; expected a tag that begins with submit/`);
}

function cannotWrite(reason: string): CommandError {
  return new CommandError(`Cannot write a Classroom 50 result: ${reason}`);
}

/** Returns the time of a hand-in, which is in its tag; `undefined` for a tag without a time.
 *
 * @param tag For example `submit/2026-11-24T00-00-00Z-a1b2c3d`.
 */
export function handInOf(tag: string | undefined): HandIn | undefined {
  const [, day, hour, minute, second] =
    /^submit\/(\d{4}-\d\d-\d\d)T(\d\d)[-:]?(\d\d)[-:]?(\d\d)Z/.exec(tag ?? "") ?? [];
  const at = new Date(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at.getTime()) ? undefined : { at, source: "Classroom 50" };
}
