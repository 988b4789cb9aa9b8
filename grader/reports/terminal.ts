/**
 * Results on a terminal: all of one submission, or a line for each of a class.
 *
 * @module
 */

import type { GradeReport, SubmissionResult, TestResult } from "../result.ts";
import type { Rubric } from "../rubric.ts";
import { clean, failureLines, problemText } from "./text.ts";

/** Everything that is known of a submission.
 *
 * @param result What it came to.
 * @param rubric Which parts there are.
 */
export function linesOf(result: SubmissionResult, rubric: Rubric): string[] {
  const { submission, problems, tests, score, maxScore, lateDays, notes, sources } = result;
  const lines = [clean(submission)];
  for (const problem of problems) lines.push("", ...indented(problemText(problem), 2));
  const isDone = (name: string) => {
    return tests.filter(({ part }) => part === name).every(({ passed }) => passed);
  };
  for (const part of rubric.parts) {
    const own = tests.filter((test) => test.part === part.name);
    lines.push("", part.name);
    const missing = part.requires.filter((name) => !isDone(name));
    if (missing.length > 0) lines.push(`  (builds on what is not done: ${missing.join(", ")})`);
    for (const test of own) lines.push(...testLines(test));
  }
  lines.push("", `Total: ${score} of ${maxScore} points`);
  if (lateDays > 0) lines.push(`Late days: ${lateDays}`);
  for (const note of notes) lines.push(`Note: ${clean(note)}`);
  if (sources.length > 0) lines.push("Declared sources:");
  for (const source of sources) lines.push(`  ${clean(source)}`);
  return lines;
}

function testLines(test: TestResult): string[] {
  const { name, title, passed, score, maxScore, seedsRun, failedSeed, durationMs } = test;
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  const seeds = failedSeed === null ? `${seedsRun} seeds` : `seed ${failedSeed} failed`;
  const mark = passed ? "ok  " : "FAIL";
  const points = `${score}/${maxScore}`.padStart(6);
  const head = `  ${mark} ${name.padEnd(21)}${points}  ${seconds.padStart(7)}  ${seeds}`;
  const about = title === "" ? head : `${head}  ${clean(title)}`;
  return [about, ...failureLines(test).map((line) => `         ${line}`)];
}

/** A table of a class: one line a submission, then what the class came to.
 *
 * @param report The results.
 */
export function tableOf({ submissions }: GradeReport): string[] {
  const names = [...new Set(submissions.flatMap(({ tests }) => tests.map(({ name }) => name)))];
  const width = Math.max(10, ...submissions.map(({ submission }) => clean(submission).length));
  const row = (label: string, cells: string[]) => {
    return `${label.padEnd(width)}  ${
      cells.map((cell, i) => cell.padStart(columns[i]!)).join("  ")
    }`;
  };
  const heads = ["points", "late", ...names.map((name) => name.replace("Test", ""))];
  const columns = heads.map((head) => Math.max(6, head.length));
  const lines = [row("submission", heads)];
  for (const { submission, score, maxScore, lateDays, tests, problems } of submissions) {
    const marks = names.map((name) => {
      return tests.find((test) => test.name === name)?.passed ? "ok" : "FAIL";
    });
    const cells = [`${score}/${maxScore}`, String(lateDays), ...marks];
    lines.push(row(clean(submission), cells) + (problems.length > 0 ? "  not run" : ""));
  }
  const passes = names.map((name) => {
    return String(
      submissions.filter(({ tests }) => tests.some((test) => test.name === name && test.passed))
        .length,
    );
  });
  const total = submissions.reduce((sum, { score }) => sum + score, 0);
  const mean = submissions.length === 0 ? "-" : (total / submissions.length).toFixed(1);
  lines.push(row("mean, passes", [mean, "", ...passes]));
  return lines;
}

function indented(text: string, spaces: number): string[] {
  return text.split("\n").map((line) => " ".repeat(spaces) + line);
}
