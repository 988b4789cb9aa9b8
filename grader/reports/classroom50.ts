/**
 * Results for Classroom 50: `result.json`.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import type { HandIn } from "../result/late.ts";
import type { SubmissionResult } from "../result/result.ts";
import { clean, cut } from "./text.ts";

/** The variable that holds the tag of the submission. */
export const TAG_VARIABLE = "SUBMISSION_TAG";

/** The variables that Classroom 50 sets, by the fields of the result that they become. */
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

/** Returns `result.json` of a submission.
 *
 * @param fields The result of {@linkcode classroom50Fields}.
 * @param now When it was graded.
 * @throws {CommandError} The submission was not graded: there is no form for that.
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
      message: test.message === null ? null : clean(cut(test.message, 4000)),
      hint: test.hint === null ? null : clean(cut(test.hint, 1000)),
      replay: test.replay,
    })),
  };
}

/** Returns the fields of the result that the environment gives.
 *
 * @param variable Reads a variable of the environment.
 * @throws {CommandError} A variable is missing, or the tag is not one of Classroom 50.
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

/** Returns when Classroom 50 got a submission, which its tag says.
 *
 * @param tag For example `submit/2026-11-24T00-00-00Z-a1b2c3d`; one that a teacher named has no
 * time.
 */
export function handInOf(tag: string | undefined): HandIn | undefined {
  const [, day, hour, minute, second] =
    /^submit\/(\d{4}-\d\d-\d\d)T(\d\d)[-:]?(\d\d)[-:]?(\d\d)Z/.exec(tag ?? "") ?? [];
  const at = new Date(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at.getTime()) ? undefined : { at, source: "Classroom 50" };
}
