/**
 * Results as JUnit XML, with a test suite per submission.
 *
 * @module
 */

import type { GradeReport, SubmissionResult, TestResult } from "../result/result.ts";
import { escapeHtml } from "../../visualizer/escape.ts";
import { oneLine, sanitize } from "./text.ts";
import { failureLines, notesOf, provenanceText, reasonsOf } from "./wording.ts";

/** Returns the results as JUnit XML. */
export function junitOf(report: GradeReport): string {
  const suites = report.submissions.flatMap((result) => suiteOf(result, provenanceText(report)));
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>"]
    .join("\n");
}

function suiteOf(result: SubmissionResult, provenance: readonly string[]): string[] {
  const { tests } = result;
  const name = escaped(oneLine(result.submission));
  const error = reasonsOf(result).join("\n");
  const failed = tests.filter(({ passed }) => !passed).length;
  const [failures, errors] = error === "" ? [failed, 0] : [0, failed];
  const counts = `tests="${tests.length}" failures="${failures}" errors="${errors}"`;
  const printed = [...notesOf(result), ...provenance].join("\n");
  return [
    `  <testsuite name="${name}" ${counts} ${timeOf(result)}>`,
    ...tests.flatMap((test) => caseOf(test, name, error)),
    ...printed === "" ? [] : [`    <system-out>${escaped(printed)}</system-out>`],
    "  </testsuite>",
  ];
}

function caseOf(test: TestResult, suite: string, error: string): string[] {
  const start = `    <testcase name="${escaped(test.name)}" classname="${suite}" ${timeOf(test)}`;
  if (test.passed) return [`${start}/>`];
  const kind = error === "" ? "failure" : "error";
  const text = error || failureLines(test).join("\n");
  const message = escaped(oneLine(text.split("\n")[0]!));
  return [
    `${start}>`,
    `      <${kind} message="${message}">${escaped(text)}</${kind}>`,
    "    </testcase>",
  ];
}

function timeOf({ durationMs }: { durationMs: number }): string {
  return `time="${(durationMs / 1000).toFixed(3)}"`;
}

function escaped(text: string): string {
  return escapeHtml(sanitize(text));
}
