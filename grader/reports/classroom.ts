/**
 * Results for the reporter of GitHub Classroom, one runner a test: it adds points up
 * correctly only over runners.
 *
 * The reporter prints `test_code` always, so that what went wrong and the command that
 * shows it again stand there. Some of its versions print `message` only beside the status
 * `error`, others beside `fail` too: there it is the first thing to know.
 *
 * @module
 */

import { z } from "zod";
import type { SubmissionResult, TestResult } from "../result/result.ts";
import { REQUIREMENTS_PART } from "../result/rubric.ts";
import { cut, failureLines, lateText, nameOf, oneLine, problemText } from "./text.ts";

const Status = z.enum(["pass", "fail", "error"]);

/** The schema of a runner's result. */
export const ClassroomResult = z.strictObject({
  version: z.literal(1),
  status: Status,
  max_score: z.int(),
  tests: z.array(z.strictObject({
    name: z.string(),
    status: Status,
    score: z.int(),
    message: z.string(),
    test_code: z.string(),
    filename: z.literal(""),
    line_no: z.literal(0),
    duration: z.number(),
  })).min(1),
});

/** Lines such as `testbasic=eyJ…`, to be appended to the file of a step's outputs.
 *
 * @param result What the submission came to. The points that late days cost are taken off the
 * last tests, since the reporter knows no others.
 * @param provenance What decided the grade.
 */
export function classroomOf(result: SubmissionResult, provenance: readonly string[] = []): string {
  const { tests, problems, notes, notGraded, late } = result;
  const error = notGraded === undefined
    ? cut(problems.map(problemText).join("\n"), 8000)
    : `Not graded, because of this machine: ${notGraded}`;
  const lines = [...lateText(result), ...notes.map((note) => oneLine(note)), ...provenance];
  return lessPoints(tests, late?.points ?? 0).map((test) => {
    const bytes = new TextEncoder().encode(JSON.stringify(runnerOf(test, error, lines)));
    return `${test.name.toLowerCase()}=${bytes.toBase64()}`;
  }).join("\n");
}

/** Takes points off the last tests that have some. */
function lessPoints(tests: readonly TestResult[], points: number): TestResult[] {
  let left = points;
  return tests.toReversed().map((test) => {
    const taken = Math.min(left, test.score);
    left -= taken;
    return { ...test, score: test.score - taken };
  }).reverse();
}

function runnerOf(
  test: TestResult,
  error: string,
  lines: readonly string[],
): z.infer<typeof ClassroomResult> {
  const { name, part, passed, score, maxScore, failedSeed, durationMs } = test;
  const status = passed ? "pass" : error === "" ? "fail" : "error";
  const details = cut(failureLines(test).join("\n"), 8000);
  const command = part === REQUIREMENTS_PART
    ? "deno task explore"
    : `deno test test_test.ts --filter "${name}:"`;
  const seed = failedSeed === null ? "" : `\nfailed with seed ${failedSeed}`;
  return {
    version: 1,
    status,
    max_score: maxScore,
    tests: [{
      name: nameOf(test),
      status,
      score,
      message: passed ? "" : error || oneLine(test.message ?? ""),
      test_code: [passed ? command : details + seed, ...lines].join("\n"),
      filename: "",
      line_no: 0,
      duration: durationMs,
    }],
  };
}
