/**
 * Results for GitHub: the summary of a step, the text of a release, and annotations.
 *
 * GitHub drops a summary that is too long, so details are left out here until it fits.
 *
 * @module
 */

import type { GradeReport, SubmissionResult } from "../result/result.ts";
import { cut, oneLine, sanitize } from "./text.ts";
import {
  failureLines,
  lateAndRequirementLines,
  lateDaysOf,
  outcomeOf,
  pointsOf,
  provenanceText,
  reasonsOf,
  secondsOf,
  storyText,
} from "./wording.ts";

/** The size limit of the summary of a step, in bytes of UTF-8. */
export const SUMMARY_BYTES_MAX = 1024 * 1024;

/** The size limit of the text of a release: 125,000 characters, which have at least a byte each. */
export const RELEASE_BYTES_MAX = 125_000;

/** The room for the line about what is left out. */
const REST_BYTES = 100;

/** The number of characters of an annotation that are kept. */
const ANNOTATION_LENGTH_MAX = 4000;

/** Lines that are kept or left out together. */
type Block = string[];

/** Returns a summary in Markdown.
 *
 * @param bytesMax The limit of its length, in bytes of UTF-8.
 */
export function summaryOf(report: GradeReport, bytesMax = SUMMARY_BYTES_MAX): string {
  const { submissions, ungraded = [] } = report;
  const [only, ...others] = submissions;
  const isOne = only !== undefined && others.length === 0;
  const beside = isOne ? [] : listOf("Not graded, beside the submissions:", ungraded);
  const overview = [
    ...isOne ? testTable(only) : classTable(report),
    ...beside.flat(),
    ...provenanceText(report).flatMap((line) => ["", escaped(line)]),
  ];
  // A generator, so that details without room are not made.
  const blocks = function* (): Generator<Block> {
    for (const line of overview) yield [line];
    if (isOne) yield* detailsOf(only);
    else for (const each of submissions) yield* foldedDetails(each);
  };
  return fitted(blocks(), bytesMax);
}

/** Joins the first blocks, as far as there is room. */
function fitted(blocks: Iterable<Block>, bytesMax: number): string {
  if (bytesMax < REST_BYTES) return "";
  const encoder = new TextEncoder();
  const kept: string[] = [];
  let bytes = 0;
  for (const lines of blocks) {
    bytes += lines.reduce((sum, line) => sum + encoder.encode(line).length + 1, 0);
    if (bytes > bytesMax - REST_BYTES) {
      kept.push("", "The rest is left out, because it is longer than GitHub shows");
      break;
    }
    kept.push(...lines);
  }
  return kept.join("\n");
}

function classTable(report: GradeReport): string[] {
  const rows = report.submissions.map((result) => {
    const { submission, tests, problems, notGraded } = result;
    const name = escaped(submission);
    if (notGraded !== undefined) return `| ${name} | – | – | – | not graded |`;
    const passed = tests.filter((test) => test.passed).length;
    const days = lateDaysOf(result, report) ?? "?";
    const remark = problems.length > 0 ? "not run" : "";
    return `| ${name} | ${pointsOf(result)} | ${passed}/${tests.length} | ${days} | ${remark} |`;
  });
  return [
    "| Submission | Points | Tests passed | Late days | |",
    "| --- | --: | --: | --: | --- |",
    ...rows,
  ];
}

const MARKS = { "passed": "✅ passed", "failed": "❌ failed", "not run": "⬜ not run" };

function testTable(result: SubmissionResult): string[] {
  const { submission, tests, score, maxScore, notGraded } = result;
  const points = notGraded === undefined ? `${score} of ${maxScore} points` : "not graded";
  const rows = tests.map((test) => {
    const about = test.title === "" ? "" : `: ${escaped(test.title)}`;
    const name = `**${escaped(test.name)}**${about}`;
    return `| ${MARKS[outcomeOf(test)]} | ${name} | ${test.score}/${test.maxScore} | ${
      secondsOf(test)
    } |`;
  });
  return [
    `### ${escaped(submission)}: ${points}`,
    "",
    "| | Test | Points | Time |",
    "| --- | --- | --: | --: |",
    ...rows,
  ];
}

function foldedDetails(result: SubmissionResult): Block[] {
  const lines = detailsOf(result).flat();
  const summary = `<details><summary>${escaped(result.submission)}</summary>`;
  return lines.length === 0 ? [] : [["", summary, ...lines, "", "</details>"]];
}

/** Returns the problems or the failures, then the remarks and notes. */
function detailsOf(result: SubmissionResult): Block[] {
  const reasons = reasonsOf(result);
  const failed = reasons.length > 0 ? [] : result.tests.filter(({ passed }) => !passed);
  return [
    ...reasons.map((reason) => ["", preformatted(reason)]),
    ...failed.map((test) => [
      ...["", `**${escaped(test.name)}**`, "", preformatted(failureLines(test).join("\n"))],
      ...test.story === undefined ? [] : ["", preformatted(storyText(test))],
    ]),
    ...lateAndRequirementLines(result).map((line) => ["", escaped(line)]),
    ...listOf("**Notes**", result.notes),
    ...listOf("**Declared sources**", result.sources),
  ];
}

function listOf(title: string, texts: readonly string[]): Block[] {
  if (texts.length === 0) return [];
  return [["", title, "", ...texts.map((text) => `- ${escaped(text)}`)]];
}

/** Returns commands that mark the lines with problems. */
export function annotationsOf({ submissions }: GradeReport): string[] {
  return submissions.flatMap(({ problems }) => problems).map(({ message, file, line }) => {
    const properties = [
      ...file === null ? [] : [`file=${property(sanitize(file))}`],
      ...line === null ? [] : [`line=${line}`],
    ];
    const place = properties.length === 0 ? "" : ` ${properties.join(",")}`;
    return `::error${place}::${data(sanitize(cut(message, ANNOTATION_LENGTH_MAX)))}`;
  });
}

/** Returns a text as one line that Markdown shows verbatim. */
function escaped(text: string): string {
  return quoted(oneLine(text));
}

/** Returns a text of several lines that Markdown shows verbatim. */
function preformatted(text: string): string {
  return `<pre>${quoted(text).replaceAll("\n", "<br>")}</pre>`;
}

/** Replaces every mark that means something in Markdown or HTML by a character reference, also `@`,
 * with which GitHub notifies people. */
function quoted(text: string): string {
  return sanitize(text).replace(
    /[^\p{L}\p{N}\p{M}\s.,;+?=/'" \-\u{80}-\u{10ffff}]/gu,
    (mark) => {
      return `&#${mark.codePointAt(0)};`;
    },
  );
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
