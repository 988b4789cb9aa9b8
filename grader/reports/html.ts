/**
 * Results as a page: the class at a glance, a table to sort and search, and the details of each
 * submission. The page is one file, and its policy forbids it to use the network.
 *
 * @module
 */

import { createHash } from "node:crypto";
import theme from "../../visualizer/browser/theme.css" with { type: "text" };
import { escapeHtml } from "../../visualizer/escape.ts";
import type { GradeReport, SubmissionResult, TestResult } from "../result/result.ts";
import layout from "./class_page.css" with { type: "text" };
import template from "./class_page.html" with { type: "text" };
import script from "./class_page.js" with { type: "text" };
import { oneLine, sanitize } from "./text.ts";
import {
  failureLines,
  lateAndRequirementLines,
  lateDaysOf,
  nameOf,
  outcomeOf,
  pointsOf,
  provenanceText,
  reasonsOf,
  secondsOf,
  storyText,
  testNamesOf,
  type Totals,
  totalsOf,
} from "./wording.ts";

/** The number of bars in the chart of points, besides the bar for all points. */
const BARS = 10;

const style = `${theme}\n${layout}`;

/** Returns the page. */
export function htmlOf(report: GradeReport): string {
  const { submissions, ungraded = [] } = report;
  const names = testNamesOf(submissions);
  const isOne = submissions.length === 1;
  const about = isOne ? oneLine(submissions[0]!.submission) : `${submissions.length} submissions`;
  const slots: Record<string, string> = {
    policy: "default-src 'none'; base-uri 'none'; form-action 'none'; " +
      `style-src ${hash(style)}; script-src ${hash(script)}`,
    title: escaped(`Grades: ${about}`),
    style: `<style>${style}</style>`,
    glance: isOne ? "" : glanceOf(submissions, names),
    tools: isOne ? "hidden" : "",
    kinds: names.map((name) => {
      return `<option value="not-${escaped(name)}">those that fail ${escaped(name)}</option>`;
    }).join(""),
    heads: ["Submission", "Points", "Late days", ...names].map(headOf).join(""),
    rows: submissions.map((submission, i) => rowOf(submission, report, names, i)).join("\n"),
    details: submissions.map((submission, i) => detailsOf(submission, i, isOne)).join("\n"),
    foot: listOf("h2", "Not graded, beside the submissions", ungraded) +
      provenanceText(report).map((line) => `<p class="soft">${escaped(line)}</p>`).join(""),
    script: `<script>${script}</script>`,
  };
  return template.replace(/\{\{ (\w+) \}\}/g, (_, slot) => slots[slot]!);
}

/** Returns the class at a glance. */
function glanceOf(submissions: readonly SubmissionResult[], names: readonly string[]): string {
  const totals = totalsOf(submissions, names);
  const charts = sharesChart(submissions) + passesChart(totals, names);
  return `<p>${glanceText(submissions, totals)}</p><div class="charts">${charts}</div>`;
}

function glanceText(submissions: readonly SubmissionResult[], { mean, graded }: Totals): string {
  const missing = submissions.length - graded;
  const full = submissions.filter(({ score, maxScore }) => score === maxScore).length;
  const refused = submissions.filter(({ problems }) => problems.length > 0).length;
  return `${mean ?? "–"} points on average, ${full} with all points, ${refused} not run` +
    (missing > 0 ? `, ${missing} not graded because of this machine` : "");
}

/** Draws the number of submissions for each share of the points. */
function sharesChart(submissions: readonly SubmissionResult[]): string {
  const counts = new Array<number>(BARS + 1).fill(0);
  for (const { score, maxScore, notGraded } of submissions) {
    if (notGraded !== undefined) continue;
    counts[maxScore === 0 ? BARS : Math.floor(score / maxScore * BARS)]! += 1;
  }
  const step = 100 / BARS;
  const rows = counts.map((count, i) => {
    const label = i === BARS ? "100 %" : `${i * step} % to ${(i + 1) * step - 1} %`;
    return barOf(label, String(count), count, Math.max(...counts));
  });
  return chart("Share of the points", "Submissions", rows);
}

/** Draws the number of submissions that pass each test. */
function passesChart({ passes, graded }: Totals, names: readonly string[]): string {
  const rows = passes.map((count, i) => {
    const share = graded === 0 ? 0 : Math.round(100 * count / graded);
    return barOf(names[i]!, `${count} (${share} %)`, count, graded);
  });
  return chart("Test", "Passed by", rows);
}

function chart(head: string, count: string, rows: readonly string[]): string {
  return `<table><thead><tr><th scope="col">${head}</th><th scope="col">${count}</th>` +
    `<td></td></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function barOf(label: string, text: string, count: number, total: number): string {
  const width = total === 0 ? 0 : 100 * count / total;
  return `<tr><th scope="row">${escaped(label)}</th><td>${text}</td><td>` +
    '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">' +
    `<rect width="${width.toFixed(2)}" height="10"/></svg></td></tr>`;
}

function headOf(name: string): string {
  return `<th scope="col"><button type="button">${
    escaped(name.replace(/^Test/, ""))
  }</button></th>`;
}

/** Returns the words that a row can be filtered by. */
function kindsOf(result: SubmissionResult): string {
  const { score, maxScore, notes, problems, tests, notGraded, late, lateDays } = result;
  if (notGraded !== undefined) return "ungraded";
  return [
    ...score < maxScore ? ["some"] : [],
    ...problems.length > 0 ? ["refused"] : [],
    ...notes.length > 0 ? ["notes"] : [],
    ...lateDays > 0 || late?.days === null ? ["late"] : [],
    ...tests.filter(({ passed }) => !passed).map(({ name }) => `not-${name}`),
  ].join(" ");
}

/** Returns the attributes that the script searches and filters by. */
function dataOf(result: SubmissionResult): string {
  return `data-name="${nameIn(result)}" data-kinds="${escaped(kindsOf(result))}"`;
}

function nameIn({ submission }: SubmissionResult): string {
  return escaped(oneLine(submission));
}

function rowOf(
  result: SubmissionResult,
  report: GradeReport,
  names: readonly string[],
  i: number,
): string {
  const { score, lateDays, tests, notGraded } = result;
  const name = nameIn(result);
  const marks = names.map((each) => {
    const test = tests.find((test) => test.name === each);
    return `<td data-value="${Number(test?.passed ?? false)}">${markOf(test)}</td>`;
  });
  return `<tr ${dataOf(result)}>` +
    `<th scope="row" data-value="${name}"><a href="#s${i}">${name}</a></th>` +
    `<td data-value="${notGraded === undefined ? score : -1}">${pointsOf(result)}</td>` +
    `<td data-value="${lateDays}">${lateDaysOf(result, report) ?? "?"}</td>${marks.join("")}</tr>`;
}

const MARKS = { "passed": "✓ passed", "failed": "✗ failed", "not run": "– not run" };

function markOf(test: TestResult | undefined): string {
  const outcome = outcomeOf(test);
  return `<span class="${outcome === "passed" ? "ok" : "bad"}">${MARKS[outcome]}</span>`;
}

function detailsOf(result: SubmissionResult, i: number, isOpen: boolean): string {
  const { tests, notes, sources, notGraded } = result;
  const reasons = reasonsOf(result);
  const points = notGraded === undefined ? `${pointsOf(result)} points` : pointsOf(result);
  const facts = reasons.length > 0 ? points : `${points}, ${secondsOf(result)}`;
  return `<details id="s${i}" ${dataOf(result)}${isOpen ? " open" : ""}>` +
    `<summary>${nameIn(result)} <span class="soft">${facts}</span></summary>` +
    (reasons.length === 0 ? "" : `<h3>Not run, because of</h3>`) + reasons.map(block).join("") +
    lateAndRequirementLines(result).map((line) => `<p>${escaped(line)}</p>`).join("") +
    listOf("h3", "Notes", notes) + listOf("h3", "Declared sources", sources) +
    (reasons.length > 0 ? "" : tests.map(testOf).join("")) + "</details>";
}

function testOf(test: TestResult): string {
  const { score, maxScore, failedSeed, seedsRun } = test;
  const seeds = failedSeed === null ? "" : `, failed with seed ${failedSeed}`;
  const time = seedsRun === 0 ? "" : `, ${secondsOf(test)}`;
  return `<h3>${escaped(nameOf(test))} ${markOf(test)} ` +
    `<span class="soft">${score}/${maxScore}${time}${seeds}</span></h3>` +
    block(failureLines(test).join("\n")) + block(storyText(test));
}

function listOf(heading: "h2" | "h3", title: string, texts: readonly string[]): string {
  const items = texts.map((text) => `<li>${escaped(oneLine(text))}</li>`).join("");
  return texts.length === 0 ? "" : `<${heading}>${title}</${heading}><ul>${items}</ul>`;
}

function block(text: string): string {
  return text === "" ? "" : `<pre>${escaped(text)}</pre>`;
}

function escaped(text: string): string {
  return escapeHtml(sanitize(text));
}

function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
