/**
 * Results for Classroom 50: `result.json`, and the text of the release that shows them.
 *
 * @module
 */

import { z } from "zod";
import type { HandIn } from "../result/late.ts";
import type { GradeReport, SubmissionResult } from "../result/result.ts";
import { RELEASE_BYTES_MAX, summaryOf } from "./markdown.ts";
import { clean, cut } from "./text.ts";

const Score = z.int().min(0);

/** The fields that come from the environment. */
const Classroom50Fields = z.strictObject({
  classroom: z.string(),
  assignment: z.string(),
  assignment_type: z.string(),
  owner: z.string(),
  submission: z.string().regex(/^submit\//, "expected a tag that begins with submit/"),
  commit: z.string(),
  release: z.string(),
  review: z.string(),
});

/** The schema of `result.json`. */
export const Classroom50Result = z.strictObject({
  schema: z.literal("classroom50/result/v1"),
  ...Classroom50Fields.shape,
  datetime: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  score: Score,
  "max-score": Score,
  tests: z.array(z.looseObject({
    "test-name": z.string(),
    passed: z.boolean(),
    score: Score,
    "max-score": Score,
  })),
}).refine((result) => result.score <= result["max-score"], {
  error: "expected a score of at most max-score",
});

/** The names in the environment that Classroom 50 sets. */
export const CLASSROOM50_VARIABLES = {
  classroom: "CLASSROOM",
  assignment: "ASSIGNMENT",
  assignment_type: "ASSIGNMENT_TYPE",
  submission: "SUBMISSION_TAG",
  commit: "COMMIT_URL",
  release: "RELEASE_URL",
  review: "REVIEW_URL",
} as const;

/** `result.json` of a submission.
 *
 * @param result What it came to.
 * @param environment The variables that Classroom 50 sets.
 * @param now When it was graded.
 * @throws {Error} The submission was not graded, or a variable is missing or has a value that it
 * cannot have.
 */
export function classroom50Of(
  { tests, score, maxScore, notGraded }: SubmissionResult,
  environment: Readonly<Record<string, string | undefined>>,
  now: Date,
): z.infer<typeof Classroom50Result> {
  if (notGraded !== undefined) {
    throw new Error(
      `Cannot write a Classroom 50 result: it needs a score, and this machine gave none: ${notGraded}`,
    );
  }
  return parsed(Classroom50Result, {
    schema: "classroom50/result/v1",
    ...fieldsOf(environment),
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
  });
}

/** Checks the variables that Classroom 50 sets, before the work of grading.
 *
 * @throws {Error} One is missing or has a value that it cannot have.
 */
export function checkClassroom50(environment: Readonly<Record<string, string | undefined>>): void {
  parsed(Classroom50Fields, fieldsOf(environment));
}

function fieldsOf(environment: Readonly<Record<string, string | undefined>>) {
  const named = Object.entries(CLASSROOM50_VARIABLES).map(([field, variable]) => {
    return [field, variableOf(environment, variable)] as const;
  });
  const owner = environment["OWNER"] || variableOf(environment, "USERNAME");
  return { ...Object.fromEntries(named), owner };
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const { path, message } = error.issues[0]!;
  throw new Error(`Cannot write a Classroom 50 result: ${path.join(".")}: ${message}`);
}

/** When Classroom 50 got a submission, which its tag says.
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

function variableOf(environment: Readonly<Record<string, string | undefined>>, name: string) {
  const value = environment[name];
  if (value !== undefined && value !== "") return value;
  throw new Error(
    `Cannot write a Classroom 50 result: ${name} is not set; its runner sets it in the environment`,
  );
}

/** The text of the release. */
export function releaseBodyOf(report: GradeReport): string {
  return summaryOf(report, RELEASE_BYTES_MAX);
}
