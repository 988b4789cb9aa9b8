/**
 * Results to write reports from: a plain one, and one that attacks whoever reads it.
 *
 * @module
 */

import type { GradeReport, Provenance, SubmissionResult, TestResult } from "../result/result.ts";
import { DEFAULT_RUBRIC } from "../result/rubric.ts";

/** Text that a student would write to be taken for something else. */
export const HOSTILE = [
  "<script>alert(1)</script>",
  "]]>",
  "\"quotes\" 'and' `ticks` & more",
  "::error file=server.ts::forged",
  "   ::stop-commands::forged",
  "in the middle ##[error]forged",
  "\x1b[2J\x1b]0;title\x07\x00\x08\x7f\x9b31m\ufffe\ud800",
  "\u202eright to left",
  "| cell | @everyone [link](https://example.com) <img src=x onerror=alert(1)>",
  '=HYPERLINK("https://example.com")',
  "👩‍💻 日本語",
  "Total: 100 of 100 points",
].join("\r\n");

/** Every test of the default rubric, the first so many passed. */
export function testResults(passedCount: number, failure: Partial<TestResult> = {}): TestResult[] {
  const all = DEFAULT_RUBRIC.parts.flatMap((part) => {
    return Object.entries(part.tests).map(([name, maxScore]) => ({
      part: part.name,
      name,
      maxScore,
    }));
  });
  return all.map(({ part, name, maxScore }, i) => {
    const base = { part, name, title: "two clients", maxScore, durationMs: 1234.5 };
    if (i < passedCount) {
      const nothing = { failedSeed: null, message: null, hint: null, replay: null };
      return { ...base, ...nothing, passed: true, score: maxScore, seedsRun: 25 };
    }
    return {
      ...base,
      passed: false,
      score: 0,
      seedsRun: 3,
      failedSeed: 17,
      message: 'append("k", "x 0 3 y") was executed twice\n  expected:  "x"',
      hint: "How can a server recognize a retry?",
      replay: `deno test test_test.ts --filter "${name}:" -- --seed=17`,
      ...failure,
    };
  });
}

/** A submission's result.
 *
 * @param passedCount How many of its tests passed.
 * @param other What is different about it.
 */
export function submissionResult(
  passedCount: number,
  other: Partial<SubmissionResult> = {},
): SubmissionResult {
  const tests = other.tests ?? testResults(passedCount);
  const sum = (points: number[]) => points.reduce((total, each) => total + each, 0);
  return {
    submission: "ada",
    score: sum(tests.map(({ score }) => score)),
    maxScore: sum(tests.map(({ maxScore }) => maxScore)),
    lateDays: 1,
    notes: [],
    sources: [],
    problems: [],
    durationMs: 9000,
    ...other,
    tests,
  };
}

/** A submission that was not run. */
export function refusedResult(other: Partial<SubmissionResult> = {}): SubmissionResult {
  const notRun = { failedSeed: null, hint: null, replay: null, seedsRun: 0, durationMs: 0 };
  const message = "Not run, because of the submission's problems";
  return submissionResult(0, {
    submission: "grace",
    tests: testResults(0, { ...notRun, message, title: "" }),
    problems: [{
      message: "TS2322 [ERROR]: Type 'string' is not assignable to type 'number'.\n  const n: " +
        "number = '';\n        ^",
      file: "client.ts",
      line: 12,
    }],
    ...other,
  });
}

/** A submission with an attack wherever there is a text. */
export function hostileResult(): SubmissionResult {
  const failure = { title: HOSTILE, message: HOSTILE, hint: HOSTILE, replay: HOSTILE };
  return submissionResult(2, {
    submission: HOSTILE,
    notes: [HOSTILE],
    sources: [HOSTILE],
    tests: testResults(2, failure),
  });
}

/** The provenance of the grades of a class. */
export const PROVENANCE: Provenance = {
  lab: "0123456789ab",
  deno: "2.9.6",
  date: "2026-11-26T12:00:00.000Z",
  seeds: 25,
  salt: null,
  rubric: DEFAULT_RUBRIC,
  due: null,
  shard: null,
};

/** A class in which every kind of submission occurs. */
export function classReport(): GradeReport {
  return {
    submissions: [
      submissionResult(7, { submission: "ada", lateDays: 0 }),
      hostileResult(),
      refusedResult(),
      refusedResult({
        submission: "hopper",
        problems: [{ message: HOSTILE, file: HOSTILE, line: 1 }],
      }),
      submissionResult(3, {
        submission: "turing",
        notes: ['late.txt holds "seven"; expected a whole number from 0 to 3'],
        sources: ["server.ts:2: Source: a lecture"],
      }),
    ],
  };
}
