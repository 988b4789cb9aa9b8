/**
 * Results for the tests of reports, including one that attacks its readers, and all reports of them.
 *
 * @module
 */

import {
  findingsWith,
  type GradeReport,
  type Provenance,
  type SubmissionResult,
  type TestFindings,
} from "../result/result.ts";
import { DEFAULT_RUBRIC } from "../result/rubric.ts";
import { scored } from "../result/score.ts";
import { classroomOf } from "./classroom.ts";
import { csvOf } from "./csv.ts";
import { gradescopeOf } from "./gradescope.ts";
import { htmlOf } from "./html.ts";
import { junitOf } from "./junit.ts";
import { summaryOf } from "./markdown.ts";
import { footLines, linesOf, tableOf } from "./terminal.ts";
import { provenanceText } from "./wording.ts";

/** A text that tries to pass for something else in every format. */
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

const PASSED = {
  ...{ passed: true, seedsRun: 25 },
  ...{ failedSeed: null, message: null, hint: null, replay: null },
};

/** Returns a result by the default rubric.
 *
 * @param passedCount The number of tests that pass, which are the first ones.
 * @param other Other fields of the result.
 * @param failure Other fields of the failed tests.
 */
export function submissionResult(
  passedCount: number,
  other: Partial<SubmissionResult> = {},
  failure: Partial<TestFindings> = {},
): SubmissionResult {
  const names = DEFAULT_RUBRIC.parts.flatMap(({ tests }) => Object.keys(tests));
  const tests = names.map((name, i): TestFindings => {
    const test = { name, title: "two clients", durationMs: 1234.5 };
    if (i < passedCount) return { ...test, ...PASSED };
    return {
      ...test,
      ...{ passed: false, seedsRun: 3, failedSeed: 17 },
      message: 'append("k", "x 0 3 y") was executed twice\n  expected:  "x"',
      hint: "How can a server recognize a retry?",
      replay: `deno test test_test.ts --filter "${name}:" -- --seed=17`,
      ...failure,
    };
  });
  const findings = findingsWith({ tests, lateDays: 1, durationMs: 9000 });
  return { ...scored("ada", findings, DEFAULT_RUBRIC), ...other };
}

/** Returns the result of a submission that was not run. */
export function refusedResult(other: Partial<SubmissionResult> = {}): SubmissionResult {
  const message = "TS2322 [ERROR]: Type 'string' is not assignable to type 'number'.\n  const n: " +
    "number = '';\n        ^";
  const problems = [{ message, file: "client.ts", line: 12 }];
  const findings = findingsWith({ problems, lateDays: 1, durationMs: 9000 });
  return { ...scored("grace", findings, DEFAULT_RUBRIC), ...other };
}

/** Returns a result whose texts are all an attack.
 *
 * @param text The attack. */
export function hostileResult(text = HOSTILE): SubmissionResult {
  const failure = { title: HOSTILE, message: text, hint: text, replay: HOSTILE };
  return submissionResult(2, { submission: HOSTILE, notes: [text], sources: [text] }, failure);
}

/** The formats of a report. */
export type Format =
  | "csv"
  | "junit"
  | "html"
  | "markdown"
  | "terminal"
  | "gradescope"
  | "classroom";

/** Returns a report in every format. Formats for one submission have the first. */
export function reportTexts(report: GradeReport, rubric = DEFAULT_RUBRIC): Record<Format, string> {
  const { submissions } = report;
  const first = submissions[0]!;
  const provenance = provenanceText(report);
  const lines = submissions.length === 1 ? linesOf(first, rubric) : tableOf(report);
  return {
    csv: csvOf(report),
    junit: junitOf(report),
    html: htmlOf(report),
    markdown: summaryOf(report),
    terminal: [...lines, ...footLines(report)].join("\n"),
    gradescope: gradescopeOf(first, provenance),
    classroom: JSON.stringify(runnersOf(classroomOf(first, provenance)), null, 2),
  };
}

/** The result of one test, as the reporter of GitHub Classroom reads it. */
export interface Runner {
  status: string;
  max_score: number;
  test: { name: string; status: string; score: number; message: string; test_code: string };
}

/** Reads the lines for the reporter of GitHub Classroom. */
export function runnersOf(text: string): Runner[] {
  return text.split("\n").map((line) => {
    const [, base64] = /^\w+=([A-Za-z0-9+/=]+)$/.exec(line)!;
    const json = new TextDecoder().decode(Uint8Array.fromBase64(base64!));
    const { tests: [test], ...runner } = JSON.parse(json);
    return { ...runner, test };
  });
}

/** The variables that Classroom 50 sets. */
export const CLASSROOM50: Record<string, string> = {
  CLASSROOM: "distributed-systems",
  ASSIGNMENT: "kvlab",
  ASSIGNMENT_TYPE: "individual",
  SUBMISSION_TAG: "submit/2026-11-24",
  COMMIT_URL: "https://example.com/commit",
  RELEASE_URL: "https://example.com/release",
  REVIEW_URL: "https://example.com/review",
  USERNAME: "ada",
};

/** The provenance of grades. */
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

/** Returns the results of a class in which every kind of submission occurs. */
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
