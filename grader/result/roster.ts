/**
 * The roster of a class: the students who appear in the reports, with or without a hand-in.
 *
 * It is a CSV file with a row for each student, such as a gradebook from Canvas. A submission belongs
 * to the row that has its name in a column of names, numbers or addresses of students, or an e-mail
 * address or GitHub name that is part of its name (`ada@example.com`, `kvlab-ada`). If an export
 * names several students, the submission belongs to each of them.
 *
 * @module
 */

import { parse } from "@std/csv/parse";
import { CommandError, readInput } from "../../cli/mod.ts";
import { scored } from "./score.ts";
import { findingsWith, type SubmissionResult } from "./result.ts";
import type { Rubric } from "./rubric.ts";

/** A row by the names of its columns. */
export type RosterRow = Record<string, string>;

/** The columns that may hold the name of a student, in order of preference. */
const NAME_COLUMNS = [/^student$/i, /name/i, /student/i];

/** The columns that may identify a student. Others may hold names of other people, such as tutors. */
const IDENTIFYING = /student|name|login|user|mail|git|number|identifier|\bid\b|\bsid\b/i;

/** The message for a student who handed nothing in. */
const NOTHING_HANDED_IN = "Nothing was handed in";

/** Reads a roster.
 *
 * @throws {CommandError} It cannot be read, or holds no student.
 */
export async function readRoster(file: string): Promise<RosterRow[]> {
  const text = (await readInput(file)).replace(/^\ufeff/, "");
  const [head] = text.split("\n");
  // In many countries, Excel separates cells by semicolons.
  const separator = [",", ";", "\t"].find((each) => head!.includes(each)) ?? ",";
  let lines: string[][];
  try {
    lines = parse(text, { separator });
  } catch (error) {
    throw new CommandError(`Cannot use "${file}" as a roster: ${(error as Error).message}`);
  }
  const [heads = [], ...cells] = lines;
  const rows = cells.map((row) => {
    return Object.fromEntries(heads.map((head, i) => [head.trim(), row[i]?.trim() ?? ""]));
  }).filter((row) => !isOfGradebook(row));
  if (rows.length > 0) return rows;
  throw new CommandError(
    `Cannot use "${file}" as a roster: expected a line with the names of the columns, then one ` +
      "for each student",
  );
}

/** Returns true for the rows of a gradebook from Canvas that describe the assignments or the test
 * student. */
function isOfGradebook(row: RosterRow): boolean {
  const { Student, ID } = row;
  if (Student === undefined || ID === undefined) return false;
  return ID === "" && (Student === "" || Student === "Points Possible") ||
    Student === "Student, Test";
}

/** Returns a result for each student of a roster, in its order. Results that belong to no row come
 * last, with a note.
 *
 * @param rubric The rubric, for students without a hand-in.
 */
export function resultsOfRoster(
  results: readonly SubmissionResult[],
  roster: readonly RosterRow[],
  rubric: Rubric,
): SubmissionResult[] {
  const found = results.map((result) => {
    const rows = rowsOf(result, roster);
    return rows.length > 0 ? { result, rows } : namedAfter(result, roster);
  });
  const listed = roster.flatMap((row) => {
    const own = found.filter(({ rows }) => rows.includes(row));
    if (own.length === 0) return [{ ...absent(row, rubric), roster: row }];
    const note = own.length === 1 ? [] : ["Its row of the roster has other submissions too"];
    return own.map(({ result }) => {
      return { ...result, roster: row, notes: [...result.notes, ...note] };
    });
  });
  const others = found.filter(({ rows }) => rows.length === 0).map(({ result }) => result);
  return [...listed, ...others];
}

/** Returns true if a result stands for a student without a hand-in. */
export function isAbsent({ problems }: SubmissionResult): boolean {
  return problems.some(({ message }) => message === NOTHING_HANDED_IN);
}

/** A result and its rows. */
interface Found {
  result: SubmissionResult;
  rows: readonly RosterRow[];
}

/** Returns the rows of the students that an export names. */
function rowsOf({ identity = [] }: SubmissionResult, roster: readonly RosterRow[]): RosterRow[] {
  const words = identity.map((word) => word.toLowerCase());
  return roster.filter((row) => wordsOf(row).some((word) => words.includes(word)));
}

/** Returns a result with the row of the student that it is named after, or with a note if there is not
 * exactly one such row. */
function namedAfter(result: SubmissionResult, roster: readonly RosterRow[]): Found {
  const rows = roster.filter((row) => isNamedAfter(result.submission, row));
  if (rows.length === 1) return { result, rows };
  const note = `In ${rows.length === 0 ? "no row" : "more than one row"} of the roster`;
  return { result: { ...result, notes: [...result.notes, note] }, rows: [] };
}

/** Returns the identifiers of a student, in small letters. */
function wordsOf(row: RosterRow): string[] {
  const heads = Object.keys(row);
  const telling = heads.filter((head) => IDENTIFYING.test(head));
  const words = (telling.length === 0 ? heads : telling).map((head) => row[head]!.toLowerCase());
  return [...new Set([...words, ...words.map(turned)])].filter((word) => word !== "");
}

/** Returns a name with the given name first: `ada lovelace` for `lovelace, ada`. */
function turned(name: string): string {
  return name.replace(/^([^,]+), ?([^,]+)$/, "$2 $1");
}

/** Returns true if a submission is named after a student. */
function isNamedAfter(submission: string, row: RosterRow): boolean {
  const name = submission.toLowerCase();
  return wordsOf(row).some((word) => {
    const [local] = word.split("@");
    return [name, turned(name)].includes(word) || word.includes("@") && name === local ||
      /^[a-z\d]+(?:-[a-z\d]+)*$/.test(word) && /[a-z]/.test(word) && name.endsWith(`-${word}`);
  });
}

function absent(row: RosterRow, rubric: Rubric): SubmissionResult {
  const column = NAME_COLUMNS.map((pattern) => Object.keys(row).find((head) => pattern.test(head)))
    .find((head) => head !== undefined);
  const name = (column === undefined ? "" : row[column]) || Object.values(row).find(Boolean);
  const problems = [{ message: NOTHING_HANDED_IN, file: null, line: null }];
  return scored(name ?? "an empty row", findingsWith({ problems }), rubric);
}
