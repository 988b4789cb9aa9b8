/**
 * The roster of a class: who is to appear in the reports, also without a hand-in.
 *
 * It is a CSV file with a row for each student. Its columns may be called anything; a
 * submission belongs to the row that has its name in one of them, or an e-mail address or a
 * GitHub name that it is made of (`ada@example.com`, `kvlab-ada`).
 *
 * @module
 */

import { parse } from "@std/csv/parse";
import { CommandError, readInput } from "../cli/mod.ts";
import { scored } from "./facts.ts";
import type { SubmissionResult } from "./result.ts";
import type { Rubric } from "./rubric.ts";

/** A row by the names of its columns. */
export type RosterRow = Record<string, string>;

/** The columns that may hold what a student is called, the best first. */
const NAME_COLUMNS = [/^student$/i, /name/i, /student/i];

/** Reads a roster.
 *
 * @param file Its path.
 * @throws {CommandError} It cannot be read, or holds no student.
 */
export async function readRoster(file: string): Promise<RosterRow[]> {
  const text = (await readInput(file)).replace(/^\ufeff/, "");
  let lines: string[][];
  try {
    lines = parse(text);
  } catch (error) {
    throw new CommandError(`Cannot use "${file}" as a roster: ${(error as Error).message}`);
  }
  const [heads = [], ...rows] = lines;
  if (rows.length === 0) {
    throw new CommandError(
      `Cannot use "${file}" as a roster: expected a line with the names of the columns, then one ` +
        "for each student",
    );
  }
  return rows.map((cells) => {
    return Object.fromEntries(heads.map((head, i) => [head.trim(), cells[i]?.trim() ?? ""]));
  });
}

/** Gives each student of a roster a result, in its order.
 *
 * @param results What was handed in; those in no row of the roster come last, with a note.
 * @param rubric What a student who handed nothing in lacks.
 */
export function enrolled(
  results: readonly SubmissionResult[],
  roster: readonly RosterRow[],
  rubric: Rubric,
): SubmissionResult[] {
  const left = new Set(results);
  const listed = roster.flatMap((row) => {
    const own = [...left].filter(({ submission }) => isOf(submission, row));
    for (const each of own) left.delete(each);
    if (own.length === 0) return [{ ...absent(row, rubric), roster: row }];
    return own.map((result) => ({ ...result, roster: row }));
  });
  const others = [...left].map((result) => {
    return { ...result, notes: [...result.notes, "In no row of the roster"] };
  });
  return [...listed, ...others];
}

/** Returns true if a submission is named after a student. */
function isOf(submission: string, row: RosterRow): boolean {
  const name = submission.toLowerCase();
  return Object.values(row).some((cell) => {
    const word = cell.toLowerCase();
    if (word === "") return false;
    const [local] = word.split("@");
    return name === word || word.includes("@") && name === local ||
      /^[a-z\d]+(?:-[a-z\d]+)*$/.test(word) && /[a-z]/.test(word) && name.endsWith(`-${word}`);
  });
}

function absent(row: RosterRow, rubric: Rubric): SubmissionResult {
  const column = NAME_COLUMNS.map((pattern) => Object.keys(row).find((head) => pattern.test(head)))
    .find((head) => head !== undefined);
  const name = (column === undefined ? "" : row[column]) || Object.values(row).find(Boolean);
  const problems = [{ message: "Nothing was handed in", file: null, line: null }];
  const nothing = { lateDays: 0, notes: [], sources: [], tests: [], durationMs: 0 };
  return scored(name ?? "an empty row", { ...nothing, problems }, rubric);
}
