/**
 * Results as tables that Canvas and Moodle import: the columns that identify a student, then the
 * points. Any other column would become a grade.
 *
 * If a student has no graded submission, or more than one, the cell is empty, which changes nothing on
 * import.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import type { GradeReport, SubmissionResult } from "../result/result.ts";
import { isAbsent } from "../result/roster.ts";
import { type Cell, tableText, textCell } from "./table.ts";

/** The systems that import grades. */
export const CSV_FORMATS = ["canvas", "moodle"] as const;
/** A system that imports grades. */
export type CsvFormat = typeof CSV_FORMATS[number];

/** The name of the column of points without `--csv-column`. */
const COLUMN_DEFAULT = "Key/value lab";

/** The columns that identify a student, all columns before the points, and the files that have them. */
const SYSTEMS = {
  canvas: {
    keys: ["ID", "SIS User ID", "SIS Login ID"],
    heads: ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"],
    source: "the gradebook that Canvas exports",
  },
  moodle: {
    keys: ["Identifier", "Username", "ID number", "Email address"],
    heads: ["Identifier", "Username", "ID number", "Email address", "Full name"],
    source: "the grades or the grading worksheet that Moodle exports",
  },
};

/** Other names of these columns in rosters. */
const ALIASES: Record<string, readonly string[]> = {
  "Email address": ["email", "mail"],
  "Username": ["login", "user"],
  "Full name": ["name", "student"],
};

/** Returns the table for a system that imports grades.
 *
 * @param column The name of the assignment there.
 * @throws {CommandError} No student can be identified there.
 */
export function gradebookOf(
  { submissions }: GradeReport,
  format: CsvFormat,
  column: string = COLUMN_DEFAULT,
): string {
  const { keys, heads: all, source } = SYSTEMS[format];
  // Several results may belong to one row of the roster.
  const students = Map.groupBy(submissions, (result) => {
    return JSON.stringify(result.roster ?? [result.submission]);
  });
  const rows = Array.from(students.values(), (results) => {
    const cells = new Map(all.map((head) => [head, cellOf(results[0]!, head, format)]));
    return { cells, points: pointsOf(results) };
  });
  const isKnown = (head: string) => rows.some(({ cells }) => cells.get(head) !== "");
  if (!keys.some(isKnown)) {
    throw new CommandError(
      `Cannot write --csv-format=${format}: it is not known who the students are there; ` +
        `add --roster=FILE with ${source}`,
    );
  }
  // Canvas wants all of its columns.
  const heads = format === "canvas" ? all : all.filter(isKnown);
  return tableText([
    [...heads, textCell(column)],
    ...rows.map(({ cells, points }): Cell[] => {
      return [...heads.map((head) => textCell(cells.get(head)!)), points];
    }),
  ]);
}

function pointsOf([result, ...others]: readonly SubmissionResult[]): Cell {
  if (others.length > 0 || result === undefined || isAbsent(result)) return "";
  return result.notGraded === undefined ? result.score : "";
}

/** Returns a student's cell in a column, from the roster or from an export. */
function cellOf(result: SubmissionResult, head: string, format: CsvFormat): string {
  const { roster = {}, identity = [], submission } = result;
  const words = [head, ...ALIASES[head] ?? []].map(wordOf);
  const named = Object.keys(roster).find((name) => words.includes(wordOf(name)));
  if (named !== undefined) return roster[named]!;
  switch (head) {
    case "ID":
      return format === "canvas" ? identity.find((word) => /^\d+$/.test(word)) ?? "" : "";
    case "Identifier":
      return identity.find((word) => /^Participant \d+$/.test(word)) ?? "";
    case "Email address":
      return identity.find((word) => word.includes("@")) ?? "";
    case "Student":
    case "Full name":
      return submission;
    default:
      return "";
  }
}

/** Returns the letters and digits of the name of a column, in small letters. */
function wordOf(head: string): string {
  return head.toLowerCase().replace(/[^\p{L}\d]/gu, "");
}
