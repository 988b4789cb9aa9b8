/**
 * The findings about a submission: everything but points. They are what a cache keeps between
 * two runs of the command, so that a changed rubric needs no second run.
 *
 * @module
 */

import { z } from "zod";
import { Problem, SubmissionResult, TestResult } from "./result.ts";

/** The schema of the findings about one test. */
export const TestFindings = TestResult.omit({ part: true, score: true, maxScore: true });
/** The findings about one test. */
export type TestFindings = z.infer<typeof TestFindings>;

/** The schema of the findings about a submission. */
export const Findings = z.strictObject({
  lateDays: z.int().min(0),
  notes: z.array(z.string()),
  sources: z.array(z.string()),
  likeness: SubmissionResult.shape.likeness,
  requirements: SubmissionResult.shape.requirements,
  problems: z.array(Problem),
  tests: z.array(TestFindings),
  durationMs: z.number().min(0),
});
/** The findings about a submission. */
export type Findings = z.infer<typeof Findings>;
