/**
 * The assignment, which is the README of the handout, with the points of a rubric.
 *
 * @module
 */

import type { Rubric } from "../grader/result/rubric.ts";

/** A row of the table of tests. */
const ROW = /^(\|[^|\n]*\| `(\w+)` *\|) *\d+ (\|.*)$/gm;

/** The width of the column with the points. */
const POINTS_WIDTH = 7;

/** The line after the table of tests. */
const AFTER_TABLE = 'A server that is "down" in part 3';

/** The end of the sentence about late days. */
const LATE_DAYS = "whole number from 0 to 3, the\n  late days that you use, and nothing else.";

/** Returns the assignment with the points of a rubric.
 *
 * @param text The assignment with the points of the default rubric.
 * @param rubric The rubric.
 */
export function assignmentWith(text: string, { parts, requirements = {}, late }: Rubric): string {
  const points: Record<string, number> = Object.assign({}, ...parts.map(({ tests }) => tests));
  const table = text.replace(ROW, (_, before: string, test: string, after: string) => {
    return `${before} ${String(points[test] ?? "–").padStart(POINTS_WIDTH - 1)} ${after}`;
  });
  const named = Object.entries(requirements).map(([name, each]) => `_${name}_ (${each})`);
  const about = named.length === 0
    ? ""
    : `Points are also given for requirements that no test sees: ${named.join(", ")}.` +
      "\n`deno task explore` measures them after all tests pass.\n\n";
  const assignment = table.replace(AFTER_TABLE, () => about + AFTER_TABLE);
  if (late === undefined) return assignment;
  const cost = late.pointsPerDay === 1 ? "1 point" : `${late.pointsPerDay} points`;
  return assignment.replace(LATE_DAYS, () => {
    return LATE_DAYS.replace("0 to 3", `0 to ${late.freeDays}`) +
      `\n  Each day beyond ${late.freeDays} costs ${cost}.`;
  });
}
