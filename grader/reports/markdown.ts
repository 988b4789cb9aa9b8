/**
 * Results for GitHub: the summary of a step, the text of a release, and annotations.
 *
 * GitHub drops a summary that is too long altogether, so it is cut here: what is told
 * first, the overview, stays.
 *
 * @module
 */

import type { GradeReport, SubmissionResult, TestResult } from "../result/result.ts";
import {
  clean,
  cut,
  failureLines,
  lateText,
  oneLine,
  problemText,
  provenanceText,
  requirementsText,
  storyText,
} from "./text.ts";

/** The limit of the summary of a step: 1 MiB, in bytes of UTF-8. */
export const SUMMARY_BYTES_MAX = 1024 * 1024;

/** The limit of the text of a release: 125,000 characters, none shorter than a byte. */
export const RELEASE_BYTES_MAX = 125_000;

/** The room for the line that says what was left out. */
const REST_BYTES = 100;

/** A summary in Markdown.
 *
 * @param report The results.
 * @param bytesMax How long it may be, in bytes of UTF-8.
 */
export function summaryOf(report: GradeReport, bytesMax = SUMMARY_BYTES_MAX): string {
  const { submissions, ungraded = [] } = report;
  const foot = provenanceText(report).flatMap((line) => ["", escaped(line)]);
  const [only, ...others] = submissions;
  if (only !== undefined && others.length === 0) {
    return fitted(
      [{ lines: [headOf(only), "", ...testTable(only), ...foot] }, ...detailsOf(only)],
      bytesMax,
    );
  }
  const overview = [
    "| Submission | Points | Tests passed | Late days | |",
    "| --- | --: | --: | --: | --- |",
    ...submissions.map(rowOf),
    ...ungraded.length === 0 ? [] : ["", "Not graded, beside the submissions:", ""],
    ...ungraded.map((each) => `- ${escaped(each)}`),
    ...foot,
  ];
  return fitted(blocksOf(overview, submissions), bytesMax);
}

/** A block that is left out all at once or not at all. */
interface Block {
  lines: string[];
}

/** The overview of a class, line by line, then the details of each submission. */
function* blocksOf(
  overview: readonly string[],
  submissions: readonly SubmissionResult[],
): Generator<Block> {
  for (const line of overview) yield { lines: [line] };
  for (const submission of submissions) {
    const lines = detailsOf(submission).flatMap((block) => block.lines);
    if (lines.length === 0) continue;
    const name = `<summary>${escaped(submission.submission)}</summary>`;
    yield { lines: ["", `<details>${name}`, ...lines, "", "</details>"] };
  }
}

/** As many blocks as there is room for. */
function fitted(blocks: Iterable<Block>, bytesMax: number): string {
  const encoder = new TextEncoder();
  const kept: string[] = [];
  let bytes = 0;
  for (const { lines } of blocks) {
    const more = lines.reduce((sum, line) => sum + encoder.encode(line).length + 1, 0);
    if (bytes + more > bytesMax - REST_BYTES) {
      if (bytesMax < REST_BYTES) return "";
      kept.push("", "The rest is left out, because it is longer than GitHub shows");
      break;
    }
    bytes += more;
    kept.push(...lines);
  }
  return kept.join("\n");
}

function headOf({ submission, score, maxScore, notGraded }: SubmissionResult): string {
  if (notGraded !== undefined) return `### ${escaped(submission)}: not graded`;
  return `### ${escaped(submission)}: ${score} of ${maxScore} points`;
}

function rowOf(
  { submission, score, maxScore, tests, lateDays, problems, notGraded }: SubmissionResult,
) {
  if (notGraded !== undefined) return `| ${escaped(submission)} | – | – | – | not graded |`;
  const passed = tests.filter((test) => test.passed).length;
  const points = `${score}/${maxScore} | ${passed}/${tests.length}`;
  const remark = problems.length > 0 ? "not run" : "";
  return `| ${escaped(submission)} | ${points} | ${lateDays} | ${remark} |`;
}

function testTable({ tests }: SubmissionResult): string[] {
  const rows = tests.map(({ name, title, passed, score, maxScore, durationMs, seedsRun }) => {
    const mark = passed ? "✅ passed" : seedsRun === 0 ? "⬜ not run" : "❌ failed";
    const seconds = `${(durationMs / 1000).toFixed(1)} s`;
    const about = title === "" ? "" : `: ${escaped(title)}`;
    return `| ${mark} | **${escaped(name)}**${about} | ${score}/${maxScore} | ${seconds} |`;
  });
  return ["| | Test | Points | Time |", "| --- | --- | --: | --: |", ...rows];
}

/** The problems, the failures, then what the instructor should know. */
function detailsOf(result: SubmissionResult): Block[] {
  const { tests, problems, notes, sources, notGraded } = result;
  const list = (title: string, texts: readonly string[]): Block[] => {
    if (texts.length === 0) return [];
    return [{ lines: ["", `**${title}**`, "", ...texts.map((text) => `- ${escaped(text)}`)] }];
  };
  const failed = problems.length > 0 || notGraded !== undefined
    ? []
    : tests.filter(({ passed }) => !passed);
  return [
    ...problems.map((problem) => ({ lines: ["", block(problemText(problem))] })),
    ...failed.map((test: TestResult) => ({
      lines: [
        ...["", `**${escaped(test.name)}**`, "", block(failureLines(test).join("\n"))],
        ...test.story === undefined ? [] : ["", block(storyText(test))],
      ],
    })),
    ...[...lateText(result), ...requirementsText(result)].map((line) => ({
      lines: ["", escaped(line)],
    })),
    ...list("Notes", notes),
    ...list("Declared sources", sources),
  ];
}

/** Commands that mark the lines of a submission in which there are problems. */
export function annotationsOf({ submissions }: GradeReport): string[] {
  return submissions.flatMap(({ problems }) => problems).map(({ message, file, line }) => {
    const properties = [
      ...file === null ? [] : [`file=${property(clean(file))}`],
      ...line === null ? [] : [`line=${line}`],
    ];
    const place = properties.length === 0 ? "" : ` ${properties.join(",")}`;
    return `::error${place}::${data(clean(cut(message, 4000)))}`;
  });
}

/** A text that Markdown shows as it is, in one line. */
function escaped(text: string): string {
  return quoted(oneLine(text));
}

/** A text of several lines, word for word. */
function block(text: string): string {
  return `<pre>${quoted(text).replaceAll("\n", "<br>")}</pre>`;
}

/** Every mark that means something in Markdown or HTML, as a character reference; `@`
 * too, since GitHub would tell the one who is called so. */
function quoted(text: string): string {
  return clean(text).replace(/[^\p{L}\p{N}\p{M}\s.,;+?=/'" \-\u{80}-\u{10ffff}]/gu, (mark) => {
    return `&#${mark.codePointAt(0)};`;
  });
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
