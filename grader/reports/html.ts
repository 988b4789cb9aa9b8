/**
 * Results as one page that opens from disk: a table of the class that sorts and searches,
 * and below it the details of each submission. It needs no network.
 *
 * @module
 */

import type { GradeReport, SubmissionResult, TestResult } from "../result.ts";
import { clean, failureLines, problemText } from "./text.ts";

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d);
  --soft: light-dark(#57606a, #9198a1); --ok: light-dark(#116329, #3fb950);
  --bad: light-dark(#a40e26, #ff7b72); --back: light-dark(#f6f8fa, #151b23); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
  background: light-dark(#ffffff, #0d1117); color: light-dark(#1f2328, #f0f6fc); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: right; }
th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
th button { all: unset; cursor: pointer; font-weight: 600; }
th button:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
th[aria-sort=ascending] button::after { content: " ▲"; }
th[aria-sort=descending] button::after { content: " ▼"; }
.ok { color: var(--ok); } .bad { color: var(--bad); } .soft { color: var(--soft); }
input { font: inherit; padding: .3rem .5rem; margin: 1rem 0; width: 20rem; max-width: 100%; }
details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
summary { cursor: pointer; }
pre { background: var(--back); padding: .6rem; white-space: pre-wrap; overflow-wrap: anywhere;
  margin: .3rem 0 .8rem; }
.scroll { overflow-x: auto; }
@media print { input { display: none; } }
`;

const SCRIPT = `
const body = document.querySelector("tbody");
const heads = [...document.querySelectorAll("th")];
heads.forEach((head, column) => head.firstChild.addEventListener("click", () => {
  const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  heads.forEach((other) => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
  const value = (row) => row.cells[column].dataset.value;
  const compare = (a, b) => column === 0 ? value(a).localeCompare(value(b)) : value(a) - value(b);
  body.append(...[...body.rows].sort((a, b) => sign * compare(a, b)));
}));
document.querySelector("input").addEventListener("input", ({ target }) => {
  const sought = target.value.toLowerCase();
  for (const each of document.querySelectorAll("[data-name]")) {
    each.hidden = !each.dataset.name.toLowerCase().includes(sought);
  }
});
for (const link of document.querySelectorAll("td a")) {
  link.addEventListener("click", () => document.querySelector(link.hash).open = true);
}
`;

/** The page.
 *
 * @param report The results.
 */
export async function htmlOf(report: GradeReport): Promise<string> {
  const { submissions } = report;
  const policy = `default-src 'none'; style-src ${await hashed(STYLE)}; script-src ${await hashed(
    SCRIPT,
  )}`;
  const names = [...new Set(submissions.flatMap(({ tests }) => tests.map(({ name }) => name)))];
  const heads = ["Submission", "Points", "Late days", ...names.map((name) => name.slice(4))];
  const buttons = heads.map((head) => {
    return `<th scope="col"><button type="button">${escaped(head)}</button></th>`;
  });
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Grades</title>',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<style>${STYLE}</style></head><body><main><h1>Grades</h1>`,
    `<p>${totalsOf(submissions)}</p>`,
    '<label>Search <input type="search"></label>',
    `<div class="scroll" tabindex="0" role="region" aria-label="Overview"><table><thead><tr>`,
    `${buttons.join("")}</tr></thead><tbody>`,
    ...submissions.map((submission, i) => rowOf(submission, names, i)),
    "</tbody></table></div><h2>Details</h2>",
    ...submissions.map(detailsOf),
    `</main><script>${SCRIPT}</script></body></html>`,
  ].join("\n");
}

function totalsOf(submissions: readonly SubmissionResult[]): string {
  const total = submissions.reduce((sum, { score }) => sum + score, 0);
  const mean = submissions.length === 0 ? "–" : (total / submissions.length).toFixed(1);
  const full = submissions.filter(({ score, maxScore }) => score === maxScore).length;
  return `${submissions.length} submissions, ${mean} points on average, ${full} with all points`;
}

function rowOf(result: SubmissionResult, names: readonly string[], i: number): string {
  const { submission, score, maxScore, lateDays, tests } = result;
  const name = escaped(submission);
  const marks = names.map((each) => {
    const passed = tests.find((test) => test.name === each)?.passed ?? false;
    const mark = passed ? '<span class="ok">passed</span>' : '<span class="bad">failed</span>';
    return `<td data-value="${Number(passed)}">${mark}</td>`;
  });
  return `<tr data-name="${name}"><td data-value="${name}"><a href="#s${i}">${name}</a></td>` +
    `<td data-value="${score}">${score}/${maxScore}</td>` +
    `<td data-value="${lateDays}">${lateDays}</td>${marks.join("")}</tr>`;
}

function detailsOf(result: SubmissionResult, i: number): string {
  const { submission, score, maxScore, tests, problems, notes, sources } = result;
  const name = escaped(submission);
  const block = (title: string, lines: readonly string[]) => {
    return lines.length === 0 ? "" : `<p>${title}</p><pre>${escaped(lines.join("\n"))}</pre>`;
  };
  return `<details id="s${i}" data-name="${name}"><summary>${name} ` +
    `<span class="soft">${score}/${maxScore}</span></summary>` +
    block("Problems", problems.map(problemText)) + block("Notes", notes) +
    block("Declared sources", sources) + tests.map(testOf).join("") + "</details>";
}

function testOf(test: TestResult): string {
  const { name, passed, score, maxScore, durationMs } = test;
  const mark = passed ? '<span class="ok">passed</span>' : '<span class="bad">failed</span>';
  const text = failureLines(test).join("\n");
  return `<p>${escaped(name)} ${mark} <span class="soft">${score}/${maxScore}, ` +
    `${(durationMs / 1000).toFixed(1)} s</span></p>` +
    (text === "" ? "" : `<pre>${escaped(text)}</pre>`);
}

function escaped(text: string): string {
  return clean(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

async function hashed(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `'sha256-${new Uint8Array(bytes).toBase64()}'`;
}
