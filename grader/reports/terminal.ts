/**
 * Results on a terminal: everything about one submission, or a line for each of a class.
 *
 * A vertical bar precedes each line that a student may have written, so that none passes for a line
 * of the grader.
 *
 * @module
 */

import type { GradeReport, SubmissionResult, TestResult } from "../result/result.ts";
import type { Rubric } from "../result/rubric.ts";
import { oneLine } from "./text.ts";
import {
  failureLines,
  lateDaysOf,
  nameOf,
  notesOf,
  outcomeOf,
  pointsOf,
  provenanceText,
  reasonsOf,
  secondsOf,
  testNamesOf,
  totalsOf,
} from "./wording.ts";

/** The longest name and the longest reason in a table, in characters. */
const LABEL_LENGTH_MAX = 60;
const REASON_LENGTH_MAX = 120;

/** Returns the lines about one submission.
 *
 * @param rubric The rubric, which says what each part builds on.
 */
export function linesOf(result: SubmissionResult, rubric: Rubric): string[] {
  const { submission, tests, score, maxScore, notGraded, sources } = result;
  const name = oneLine(submission);
  const reasons = reasonsOf(result);
  if (notGraded !== undefined) return [name, "", ...reasons];
  const isDone = (name: string) => {
    return tests.filter(({ part }) => part === name).every(({ passed }) => passed);
  };
  // The tests of a submission with problems were not run.
  const run = reasons.length > 0 ? [] : tests;
  const parts = [...Map.groupBy(run, ({ part }) => part)].flatMap(([name, own]) => {
    const { requires = [] } = rubric.parts.find((part) => part.name === name) ?? {};
    const missing = requires.filter((name) => !isDone(name));
    const base = `  (builds on ${missing.join(", ")}, which did not pass)`;
    return ["", name, ...missing.length > 0 ? [base] : [], ...own.flatMap(testLines)];
  });
  return [
    name,
    ...reasons.length > 0 ? ["", "Not run, because of:"] : [],
    ...reasons.flatMap((reason, i) => [...i === 0 ? [] : [""], ...ruled(reason.split("\n"), 2)]),
    ...parts,
    "",
    `Total: ${score} of ${maxScore} points`,
    ...notesOf(result),
    ...sources.length > 0 ? ["Declared sources:"] : [],
    ...sources.map((source) => `  ${oneLine(source)}`),
  ];
}

function testLines(test: TestResult): string[] {
  const { passed, score, maxScore, seedsRun, failedSeed } = test;
  const wasRun = outcomeOf(test) !== "not run";
  const seconds = wasRun ? secondsOf(test) : "not run";
  const counted = seedsRun === 1 ? "1 seed" : `${seedsRun} seeds`;
  const seeds = failedSeed === null ? counted : `seed ${failedSeed} failed`;
  const mark = passed ? "ok  " : "FAIL";
  const points = `${score}/${maxScore}`.padStart(6);
  const head = `  ${mark} ${points}  ${seconds.padStart(7)}  ${nameOf(test)}`;
  const about = wasRun ? `${head} (${seeds})` : head;
  return [about, ...ruled(failureLines(test), 7)];
}

/** Returns the table of a class: a line per submission, then the totals. */
export function tableOf(report: GradeReport): string[] {
  const { submissions } = report;
  const names = testNamesOf(submissions);
  const { mean, passes } = totalsOf(submissions, names);
  const heads = ["points", "late", ...names.map((name) => name.replace("Test", ""))];
  const widest = Math.max(6, ...submissions.map((result) => pointsOf(result).length));
  const widths = heads.map((head, i) => Math.max(i === 0 ? widest : 6, head.length));
  const labels = submissions.map(({ submission }) => oneLine(submission, LABEL_LENGTH_MAX));
  const width = Math.max(10, ...labels.map(({ length }) => length));
  const row = (label: string, cells: string[]) => {
    return [label.padEnd(width), ...cells.map((cell, i) => cell.padStart(widths[i] ?? 0))]
      .join("  ");
  };
  return [
    row("submission", heads),
    ...submissions.map((result, i) => row(labels[i]!, cellsOf(result, names, report))),
    row("mean, passes", [mean ?? "-", "", ...passes.map(String)]),
  ];
}

/** Returns the cells of a submission. If its tests were not run, they are replaced by the reason. */
function cellsOf(
  result: SubmissionResult,
  names: readonly string[],
  report: GradeReport,
): string[] {
  const { tests, notGraded } = result;
  const [reason] = reasonsOf(result);
  if (notGraded !== undefined) return [oneLine(reason!)];
  const marks = names.map((name) => {
    return tests.find((test) => test.name === name)?.passed ? "ok" : "FAIL";
  });
  const why = `not run: ${oneLine(reason?.split("\n")[0] ?? "", REASON_LENGTH_MAX)}`;
  return [
    pointsOf(result),
    String(lateDaysOf(result, report) ?? "?"),
    ...reason === undefined ? marks : [why],
  ];
}

/** Returns the files and folders that were not graded, then the provenance. */
export function footLines(report: GradeReport): string[] {
  const { ungraded = [] } = report;
  return [
    ...ungraded.length === 0 ? [] : ["Not graded, beside the submissions:"],
    ...ungraded.map((each) => `  ${oneLine(each)}`),
    ...provenanceText(report),
  ];
}

/** Puts a vertical bar before each line. */
function ruled(lines: readonly string[], spaces: number): string[] {
  return lines.map((line) => `${" ".repeat(spaces)}| ${line}`.trimEnd());
}
