/**
 * Results as JUnit XML: one test suite a submission.
 *
 * @module
 */

import type { GradeReport, SubmissionResult, TestResult } from "../result/result.ts";
import { escapeHtml } from "../../visualizer/escape.ts";
import { clean, failureLines, lateText, oneLine, problemText, provenanceText } from "./text.ts";

/** JUnit XML of results. */
export function junitOf(report: GradeReport): string {
  const suites = report.submissions.flatMap((result) => suiteOf(result, provenanceText(report)));
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>"]
    .join("\n");
}

function suiteOf(result: SubmissionResult, provenance: readonly string[]): string[] {
  const { submission, tests, problems, durationMs, notes, notGraded } = result;
  const failures = tests.filter(({ passed }) => !passed).length;
  const counts = problems.length > 0 || notGraded !== undefined
    ? `failures="0" errors="${failures}"`
    : `failures="${failures}" errors="0"`;
  const time = (durationMs / 1000).toFixed(3);
  const error = notGraded === undefined
    ? problems.map(problemText).join("\n")
    : `Not graded, because of this machine: ${notGraded}`;
  return [
    `  <testsuite name="${
      escaped(oneLine(submission))
    }" tests="${tests.length}" ${counts} time="${time}">`,
    ...tests.flatMap((test) => caseOf(test, submission, error)),
    ...printed([
      ...lateText(result),
      ...notes.map((note) => `Note: ${oneLine(note)}`),
      ...provenance,
    ]),
    "  </testsuite>",
  ];
}

/** Returns the lines of a suite that belong to no test. */
function printed(lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [`    <system-out>${escaped(lines.join("\n"))}</system-out>`];
}

function caseOf(test: TestResult, submission: string, error: string): string[] {
  const time = (test.durationMs / 1000).toFixed(3);
  const attributes = `name="${escaped(test.name)}" classname="${
    escaped(oneLine(submission))
  }" time="${time}"`;
  if (test.passed) return [`    <testcase ${attributes}/>`];
  const kind = error === "" ? "failure" : "error";
  const text = error === "" ? failureLines(test).join("\n") : error;
  const message = oneLine(text.split("\n")[0]!);
  return [
    `    <testcase ${attributes}>`,
    `      <${kind} message="${escaped(message)}">${escaped(text)}</${kind}>`,
    "    </testcase>",
  ];
}

function escaped(text: string): string {
  return escapeHtml(clean(text));
}
