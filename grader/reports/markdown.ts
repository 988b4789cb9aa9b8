/**
 * Results for GitHub Actions: the summary of a step, and annotations.
 *
 * @module
 */

import type { GradeReport } from "../result.ts";
import { clean, cut, failureLines, problemText } from "./text.ts";

/** How many submissions are told in full; the rest have a line in the table. */
const DETAILS_MAX = 20;

/** A summary in Markdown. */
export function summaryOf({ submissions }: GradeReport): string {
  const lines = ["| Submission | Points | Tests passed | Late days |", "| --- | --: | --: | --: |"];
  for (const { submission, score, maxScore, tests, lateDays } of submissions) {
    const passed = tests.filter((test) => test.passed).length;
    lines.push(
      `| ${escaped(submission)} | ${score}/${maxScore} | ${passed}/${tests.length} | ${lateDays} |`,
    );
  }
  for (const { submission, tests, problems, notes } of submissions.slice(0, DETAILS_MAX)) {
    const failed = tests.filter(({ passed }) => !passed);
    if (failed.length + problems.length + notes.length === 0) continue;
    lines.push("", `### ${escaped(submission)}`, "");
    for (const problem of problems) lines.push(`- ${quoted(problemText(problem))}`);
    for (const note of notes) lines.push(`- ${quoted(note)}`);
    if (problems.length > 0) continue;
    for (const test of failed) {
      lines.push(`- **${escaped(test.name)}** ${quoted(failureLines(test).join("\n"))}`);
    }
  }
  return lines.join("\n");
}

/** Commands that mark the lines of a submission in which there are problems. */
export function annotationsOf({ submissions }: GradeReport): string[] {
  return submissions.flatMap(({ problems }) => problems).map((problem) => {
    const { file, line } = problem;
    const place = [
      ...file === null ? [] : [`file=${property(file)}`],
      ...line === null ? [] : [`line=${line}`],
    ].join(",");
    return `::error ${place}::${data(cut(clean(problem.message), 4000))}`;
  });
}

/** A text that Markdown shows as it is, in one line. */
function escaped(text: string): string {
  return clean(text).replace(/\s+/g, " ").replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replace(/[\\`*_[\]|#~!()]/g, "\\$&");
}

/** A text of several lines, word for word. */
function quoted(text: string): string {
  const plain = clean(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const safe = plain.replace(/[\\`*_[\]|#~]/g, (mark) => `&#${mark.charCodeAt(0)};`);
  return `<pre>${safe.replaceAll("\n", "<br>")}</pre>`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
