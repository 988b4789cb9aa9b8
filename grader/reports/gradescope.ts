/**
 * Results for Gradescope: `results.json`.
 *
 * @module
 */

import { z } from "zod";
import type { SubmissionResult } from "../result/result.ts";
import { failureLines, jsonOf, lateText, nameOf, oneLine, problemText } from "./text.ts";

const Visibility = z.enum(["visible", "hidden", "after_due_date", "after_published"]);

/** The schema of `results.json`. */
export const GradescopeResult = z.strictObject({
  /** Absent, with all tests, from what was not graded: Gradescope then gives no score. */
  score: z.number().optional(),
  execution_time: z.number(),
  output: z.string(),
  visibility: Visibility,
  tests: z.array(z.strictObject({
    name: z.string(),
    number: z.string(),
    score: z.number(),
    max_score: z.number(),
    status: z.enum(["passed", "failed"]),
    output: z.string(),
    output_format: z.literal("text"),
    visibility: Visibility,
    tags: z.array(z.string()),
  })),
});

/** `results.json` of a submission, also of one whose tests were not all run yet.
 *
 * @param result What it came to. Its score is that of all tests without the points for late
 * days, which Gradescope takes instead of their sum.
 * @param provenance What decided the grade.
 */
export function gradescopeOf(
  result: SubmissionResult,
  provenance: readonly string[] = [],
): string {
  const { score, tests, problems, notes, durationMs, notGraded } = result;
  const lines = [...problems.map(problemText), ...notes.map((note) => oneLine(note))];
  const written: z.infer<typeof GradescopeResult> = {
    ...notGraded === undefined && { score },
    execution_time: Math.round(durationMs / 1000),
    output: [...lateText(result), ...lines, ...provenance].join("\n"),
    visibility: "visible",
    tests: (notGraded === undefined ? tests : []).map((test, i) => ({
      name: nameOf(test),
      number: String(i + 1),
      score: test.score,
      max_score: test.maxScore,
      status: test.passed ? "passed" : "failed",
      output: failureLines(test).join("\n"),
      output_format: "text",
      visibility: "visible",
      tags: [test.part],
    })),
  };
  return jsonOf(written);
}
