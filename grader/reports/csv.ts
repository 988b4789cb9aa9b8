/**
 * Results as a table for a spreadsheet (RFC 4180).
 *
 * @module
 */

import type { GradeReport } from "../result.ts";
import { clean, problemText } from "./text.ts";

/** One row a submission, one column a test. */
export function csvOf({ submissions }: GradeReport): string {
  const names = [...new Set(submissions.flatMap(({ tests }) => tests.map(({ name }) => name)))];
  const rows = submissions.map(({ submission, score, maxScore, lateDays, ...rest }) => {
    const points = names.map((name) => rest.tests.find((test) => test.name === name)?.score ?? "");
    const notes = [...rest.problems.map(problemText), ...rest.notes].join("\n");
    return [submission, score, maxScore, lateDays, ...points, notes];
  });
  const heads = ["submission", "score", "maxScore", "lateDays", ...names, "notes"];
  return [heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}

/** A cell that no spreadsheet takes for a formula. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = clean(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
