/**
 * Results as a table for a spreadsheet.
 *
 * @module
 */

import type { GradeReport, SubmissionResult } from "../result/result.ts";
import { type Cell, tableText, textCell } from "./table.ts";
import { oneLine } from "./text.ts";
import { lateDaysOf, provenanceText, reasonsOf, testNamesOf } from "./wording.ts";

/** Returns a row per submission, with a column for the points of each test. The score is their sum,
 * less the points for late days. */
export function csvOf(report: GradeReport): string {
  const { submissions } = report;
  const names = testNamesOf(submissions);
  const ofRoster = Object.keys(
    submissions.find(({ roster }) => roster !== undefined)?.roster ?? {},
  );
  const provenance = provenanceText(report);
  const columns: [head: string, cell: (result: SubmissionResult) => Cell][] = [
    ...ofRoster.map((head): typeof columns[number] => {
      return [textCell(head), ({ roster }) => textCell(roster?.[head] ?? "")];
    }),
    ["submission", ({ submission }) => textCell(submission)],
    ["score", ({ score, notGraded }) => notGraded === undefined ? score : ""],
    ["maxScore", ({ maxScore }) => maxScore],
    ["lateDays", (result) => lateDaysOf(result, report) ?? ""],
    ["latePoints", ({ late }) => late?.points ?? ""],
    ...names.map((name): typeof columns[number] => [name, ({ tests, notGraded }) => {
      if (notGraded !== undefined) return "";
      return tests.find((test) => test.name === name)?.score ?? "";
    }]),
    ["unmet requirements", ({ requirements = [] }) => {
      return requirements.filter(({ isMet }) => !isMet).map(({ name }) => name).join("; ");
    }],
    ["notes", (result) => {
      return textCell(
        [...reasonsOf(result), ...result.notes].map((note) => oneLine(note)).join("; "),
      );
    }],
    ...provenance.map((line): typeof columns[number] => ["provenance", () => line]),
  ];
  return tableText([
    columns.map(([head]) => head),
    ...submissions.map((result) => columns.map(([, cell]) => cell(result))),
  ]);
}
