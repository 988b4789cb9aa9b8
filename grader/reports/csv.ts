/**
 * Results as a table for a spreadsheet (RFC 4180).
 *
 * @module
 */

import { stringify } from "@std/csv/stringify";
import type { GradeReport } from "../result.ts";
import { oneLine, problemText, testNamesOf } from "./text.ts";

/** What a spreadsheet takes for the start of a formula, also behind spaces. */
const FORMULA = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/;

/** Without it, spreadsheets take the text for one in the encoding of the machine. */
const BYTE_ORDER_MARK = "\ufeff";

/** What fits into a cell of a spreadsheet, with room to spare. */
const CELL_LENGTH_MAX = 10_000;

/** One row a submission, one column a test, in points. */
export function csvOf({ submissions }: GradeReport): string {
  const names = testNamesOf(submissions);
  const columns = Object.keys(submissions.find(({ roster }) => roster !== undefined)?.roster ?? {});
  const rows = submissions.map(({ submission, score, maxScore, lateDays, ...rest }) => {
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
      ...points,
      rest.requirements?.filter(({ isMet }) => !isMet).map(({ name }) => name).join("; ") ?? "",
      textCell(notes),
    ];
  });
  const heads = [
    ...columns.map((column) => textCell(column)),
    "submission",
    "score",
    "maxScore",
    "lateDays",
    ...names,
    "unmet requirements",
    "notes",
  ];
  return BYTE_ORDER_MARK + stringify([heads, ...rows], { crlf: true }).trimEnd();
}

/** A cell that no spreadsheet takes for a formula. */
function textCell(text: string): string {
  const line = oneLine(text, CELL_LENGTH_MAX);
  return FORMULA.test(line) ? `'${line}` : line;
}
