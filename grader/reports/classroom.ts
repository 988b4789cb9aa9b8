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
import type { SubmissionResult, TestResult } from "../result.ts";
import { cut, failureLines, nameOf, oneLine, problemText } from "./text.ts";

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

/** Lines such as `testbasic=eyJ…`, to be appended to the file of a step's outputs. */
export function classroomOf({ tests, problems, notGraded }: SubmissionResult): string {
  const error = notGraded === undefined
    ? cut(problems.map(problemText).join("\n"), 8000)
    : `Not graded, because of this machine: ${notGraded}`;
  return tests.map((test) => {
    const bytes = new TextEncoder().encode(JSON.stringify(runnerOf(test, error)));
    return `${test.name.toLowerCase()}=${bytes.toBase64()}`;
  }).join("\n");
}

function runnerOf(test: TestResult, error: string): z.infer<typeof ClassroomResult> {
  const { name, passed, score, maxScore, failedSeed, durationMs } = test;
  const status = passed ? "pass" : error === "" ? "fail" : "error";
  const details = cut(failureLines(test).join("\n"), 8000);
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
      test_code: passed ? `deno test test_test.ts --filter "${name}:"` : details + seed,
      filename: "",
      line_no: 0,
      duration: durationMs,
    }],
  };
}
