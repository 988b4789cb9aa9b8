/**
 * Results for the reporter of GitHub Classroom, one runner per test, since the reporter adds up
 * correctly only the points of runners.
 *
 * The reporter always prints `test_code`, which therefore has the failure and the replay command. It
 * prints `message` beside the status `error`, and in some versions beside `fail` too, so that
 * `message` has only the first thing to know.
 *
 * @module
 */

import type { SubmissionResult, TestResult } from "../result/result.ts";
import { REQUIREMENTS_PART } from "../result/rubric.ts";
import { cut, oneLine } from "./text.ts";
import { failureLines, nameOf, notesOf, reasonsOf } from "./wording.ts";

/** The number of characters of a text that are kept. */
const TEXT_LENGTH_MAX = 8000;

/** Returns lines such as `testbasic=eyJ…` for the file of a step's outputs.
 *
 * @param result The result. The points for late days are taken off the last tests, since the reporter
 * adds up nothing else.
 * @param provenance The line about the provenance.
 */
export function classroomOf(result: SubmissionResult, provenance: readonly string[] = []): string {
  const error = cut(reasonsOf(result).join("\n"), TEXT_LENGTH_MAX);
  const notes = [...notesOf(result), ...provenance];
  return lessPoints(result.tests, result.late?.points ?? 0).map((test) => {
    const bytes = new TextEncoder().encode(JSON.stringify(runnerOf(test, error, notes)));
    return `${test.name.toLowerCase()}=${bytes.toBase64()}`;
  }).join("\n");
}

/** Takes points off the last tests. */
function lessPoints(tests: readonly TestResult[], points: number): TestResult[] {
  let left = points;
  return tests.toReversed().map((test) => {
    const taken = Math.min(left, test.score);
    left -= taken;
    return { ...test, score: test.score - taken };
  }).reverse();
}

function runnerOf(test: TestResult, error: string, notes: readonly string[]) {
  const { name, part, passed, score, maxScore, failedSeed, durationMs } = test;
  const status = passed ? "pass" : error === "" ? "fail" : "error";
  const command = part === REQUIREMENTS_PART
    ? "deno task explore"
    : `deno test test_test.ts --filter "${name}:"`;
  const details = cut(failureLines(test).join("\n"), TEXT_LENGTH_MAX);
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
      test_code: [passed ? command : details + seed, ...notes].join("\n"),
      filename: "",
      line_no: 0,
      duration: durationMs,
    }],
  };
}
