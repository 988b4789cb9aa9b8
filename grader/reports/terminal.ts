/**
 * Results on a terminal: all of one submission, or a line for each of a class.
 *
 * A text of several lines that a student had a hand in stands behind a rule, so that none
 * of its lines passes for one of ours.
 *
 * @module
 */

import type { GradeReport, SubmissionResult, TestResult } from "../result/result.ts";
import type { Rubric } from "../result/rubric.ts";
import {
  failureLines,
  lateText,
  nameOf,
  oneLine,
  problemText,
  provenanceText,
  requirementsText,
  testNamesOf,
} from "./text.ts";

/** Everything that is known of a submission.
 *
 * @param result What it came to.
 * @param rubric Which parts there are.
 */
export function linesOf(result: SubmissionResult, rubric: Rubric): string[] {
  const { submission, problems, tests, score, maxScore, notes, sources } = result;
  const lines = [oneLine(submission)];
  if (result.notGraded !== undefined) {
    return [...lines, "", `Not graded, because of this machine: ${oneLine(result.notGraded)}`];
  }
  if (problems.length > 0) lines.push("", "Not run, because of:");
  for (const problem of problems) lines.push(...ruled(problemText(problem).split("\n"), 2), "");
  if (problems.length > 0) lines.pop();
  const isDone = (name: string) => {
    return tests.filter(({ part }) => part === name).every(({ passed }) => passed);
  };
  for (const [name, own] of Map.groupBy(tests, ({ part }) => part)) {
    lines.push("", name);
    const { requires = [] } = rubric.parts.find((part) => part.name === name) ?? {};
    const missing = requires.filter((name) => !isDone(name));
    if (missing.length > 0) lines.push(`  (builds on ${missing.join(", ")}, which did not pass)`);
    for (const test of own) lines.push(...testLines(test, problems.length > 0));
  }
  lines.push("", `Total: ${score} of ${maxScore} points`);
  lines.push(...lateText(result), ...requirementsText(result));
  for (const note of notes) lines.push(`Note: ${oneLine(note)}`);
  if (sources.length > 0) lines.push("Declared sources:");
  for (const source of sources) lines.push(`  ${oneLine(source)}`);
  return lines;
}

function testLines(test: TestResult, isRefused: boolean): string[] {
  const { passed, score, maxScore, seedsRun, failedSeed, durationMs } = test;
  const wasRun = passed || seedsRun > 0;
  const seconds = wasRun ? `${(durationMs / 1000).toFixed(1)} s` : "not run";
  const seeds = failedSeed === null ? counted(seedsRun, "seed") : `seed ${failedSeed} failed`;
  const mark = passed ? "ok  " : "FAIL";
  const points = `${score}/${maxScore}`.padStart(6);
  const head = `  ${mark} ${points}  ${seconds.padStart(7)}  ${nameOf(test)}`;
  const about = wasRun ? `${head} (${seeds})` : head;
  return [about, ...ruled(isRefused ? [] : failureLines(test), 7)];
}

/** A table of a class: one line a submission, then what the class came to.
 *
 * @param report The results.
 */
export function tableOf({ submissions }: GradeReport): string[] {
  const names = testNamesOf(submissions);
  const width = Math.max(10, ...submissions.map(({ submission }) => oneLine(submission).length));
  const row = (label: string, cells: string[]) => {
    return `${label.padEnd(width)}  ${
      cells.map((cell, i) => cell.padStart(columns[i]!)).join("  ")
    }`;
  };
  const heads = ["points", "late", ...names.map((name) => name.replace("Test", ""))];
  const pointsOf = ({ score, maxScore }: SubmissionResult) => `${score}/${maxScore}`;
  const widest = Math.max(6, ...submissions.map((result) => pointsOf(result).length));
  const columns = heads.map((head, i) => Math.max(i === 0 ? widest : 6, head.length));
  const lines = [row("submission", heads)];
  for (const result of submissions) {
    const { submission, lateDays, tests, problems, notGraded } = result;
    if (notGraded !== undefined) {
      lines.push(`${oneLine(submission).padEnd(width)}  not graded: ${oneLine(notGraded)}`);
      continue;
    }
    const marks = names.map((name) => {
      return tests.find((test) => test.name === name)?.passed ? "ok" : "FAIL";
    });
    const cells = [pointsOf(result), String(lateDays), ...marks];
    lines.push(row(oneLine(submission), cells) + (problems.length > 0 ? "  not run" : ""));
  }
  const passes = names.map((name) => {
    return String(
      submissions.filter(({ tests }) => tests.some((test) => test.name === name && test.passed))
        .length,
    );
  });
  const graded = submissions.filter(({ notGraded }) => notGraded === undefined);
  const total = graded.reduce((sum, { score }) => sum + score, 0);
  const mean = graded.length === 0 ? "-" : (total / graded.length).toFixed(1);
  lines.push(row("mean, passes", [mean, "", ...passes]));
  return lines;
}

/** Returns a line for each thing that was not graded, then the provenance. */
export function footLines(report: GradeReport): string[] {
  const { ungraded = [] } = report;
  return [
    ...ungraded.length === 0 ? [] : ["Not graded, beside the submissions:"],
    ...ungraded.map((each) => `  ${oneLine(each)}`),
    ...provenanceText(report),
  ];
}

/** Lines behind a rule. */
function ruled(lines: readonly string[], spaces: number): string[] {
  return lines.map((line) => `${" ".repeat(spaces)}| ${line}`.trimEnd());
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
