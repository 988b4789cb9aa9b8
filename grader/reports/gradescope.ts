/**
 * The `results.json` of Gradescope.
 *
 * @module
 */

import type { SubmissionResult } from "../result/result.ts";
import { jsonOf } from "./text.ts";
import { failureLines, nameOf, notesOf, reasonsOf } from "./wording.ts";

/** Returns the results of a submission, of which some tests may not have run yet.
 *
 * @param result The result. Gradescope takes its score, not the sum of its tests.
 * @param provenance The line about the provenance.
 */
export function gradescopeOf(
  result: SubmissionResult,
  provenance: readonly string[] = [],
): string {
  const isGraded = result.notGraded === undefined;
  return jsonOf({
    // Without a score and tests, Gradescope gives no grade.
    ...isGraded && { score: result.score },
    execution_time: Math.round(result.durationMs / 1000),
    output: [...reasonsOf(result), ...notesOf(result), ...provenance].join("\n"),
    visibility: "visible",
    tests: (isGraded ? result.tests : []).map((test, i) => ({
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
  });
}
