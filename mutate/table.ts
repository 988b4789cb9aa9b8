/**
 * The table of mutants in docs/detection.md.
 *
 * @module
 */

/** One row of the table. */
export interface MutationRow {
  readonly submission: string;
  readonly mutants: number;
  readonly caught: number;
  readonly equivalent: number;
  readonly survivors: number;
}

const HEADING = "## Small changes of right submissions";

const INTRODUCTION = `${HEADING}

\`deno task mutate --submission=corpus/NAME --record\` wrote the row of a submission; the reference
is the lab's own. Each of its small changes was run with three seeds of each test and measured
against the requirements that the submission meets. A change that nothing notices is equivalent if
\`mutate/equivalents.json\` says why, and a survivor if not.
`;

const ROW = /^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \| (none|\d+) \|$/gm;

/** Reads the rows of a page. */
export function rowsIn(page: string): MutationRow[] {
  return Array.from(page.matchAll(ROW), ([, submission, ...counts]) => {
    const [mutants, caught, equivalent, survivors] = counts.map((count) => {
      return count === "none" ? 0 : Number(count);
    }) as [number, number, number, number];
    return { submission: submission!, mutants, caught, equivalent, survivors };
  });
}

/** Returns a page with a row, which replaces one of the same submission.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { rowsIn, withRow } from "./table.ts";
 *
 * const row = { submission: "mine", mutants: 9, caught: 7, equivalent: 2, survivors: 0 };
 * const page = withRow("# A page\n\n## The end\n", row);
 * assertEquals(rowsIn(page), [row]);
 * assertEquals(rowsIn(withRow(page, { ...row, caught: 8, equivalent: 1 })).length, 1);
 * ```
 */
export function withRow(page: string, row: MutationRow): string {
  const others = rowsIn(page).filter(({ submission }) => submission !== row.submission);
  const rows = [...others, row].toSorted((a, b) => rank(a) < rank(b) ? -1 : 1);
  const table = [
    ["submission", "mutants", "caught", "equivalent", "survivors"],
    ["---", "--:", "--:", "--:", "--:"],
    ...rows.map(({ submission, mutants, caught, equivalent, survivors }) => {
      return [submission, mutants, caught, equivalent, survivors === 0 ? "none" : survivors];
    }),
  ].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
  const section = `${INTRODUCTION}\n${table}`;
  const start = page.indexOf(HEADING);
  if (start < 0) return `${page.trimEnd()}\n\n${section}`;
  const next = page.indexOf("\n## ", start);
  return page.slice(0, start) + section + (next < 0 ? "" : page.slice(next));
}

/** Sorts the lab's own submission first. */
function rank({ submission }: MutationRow): string {
  return submission === "reference" ? "" : submission;
}
