/**
 * Results as a table for a spreadsheet: one row a submission.
 *
 * @module
 */

import type { GradeReport } from "../result/result.ts";
import { type Cell, tableText, textCell } from "./table.ts";
import { oneLine, problemText, provenanceText, testNamesOf } from "./text.ts";

/** One row a submission, one column a test, in points: those of the tests without those for
 * late days are the score. */
export function csvOf(report: GradeReport): string {
  const { submissions } = report;
  const names = testNamesOf(submissions);
  const columns = Object.keys(submissions.find(({ roster }) => roster !== undefined)?.roster ?? {});
  const provenance = provenanceText(report);
  const rows = submissions.map(({ submission, score, maxScore, lateDays, ...rest }): Cell[] => {
    const isGraded = rest.notGraded === undefined;
    const points = names.map((name) => {
      return isGraded ? rest.tests.find((test) => test.name === name)?.score ?? "" : "";
    });
    const notes = [...rest.problems.map(problemText), ...rest.notes].map((note) => oneLine(note))
      .join("; ");
    return [
      ...columns.map((column) => textCell(rest.roster?.[column] ?? "")),
      textCell(submission),
      isGraded ? score : "",
      maxScore,
      lateDays,
      rest.late?.points ?? "",
      ...points,
      rest.requirements?.filter(({ isMet }) => !isMet).map(({ name }) => name).join("; ") ?? "",
      textCell(notes),
      ...provenance,
    ];
  });
  const heads = [
    ...columns.map((column) => textCell(column)),
    "submission",
    "score",
    "maxScore",
    "lateDays",
    "latePoints",
    ...names,
    "unmet requirements",
    "notes",
    ...provenance.map(() => "provenance"),
  ];
  return tableText([heads, ...rows]);
}
