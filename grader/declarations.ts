/**
 * What a submission declares of itself: late days, in `late.txt`, and where its code came
 * from, in comments.
 *
 * @module
 */

/** How many late days there are. */
const LATE_DAYS_MAX = 3;

/** How many lines of sources are listed. */
const SOURCES_MAX = 50;

/** A comment line such as `// Source: https://…` or `* Tools: …`. */
const SOURCE_LINE = /^\s*(?:\/\/+|\/?\*+)\s*((?:sources?|tools?)\s*:\s*\S.*?)\s*(?:\*\/)?$/i;

/** The late days that a `late.txt` declares.
 *
 * @param text What stands in it; `undefined` if there is none.
 * @returns Their number, and a note if the file holds anything but a whole number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lateDaysOf } from "./declarations.ts";
 *
 * assertEquals(lateDaysOf("2\n"), { lateDays: 2 });
 * assertEquals(lateDaysOf(undefined), { lateDays: 0 });
 * ```
 */
export function lateDaysOf(text: string | undefined): { lateDays: number; note?: string } {
  if (text === undefined) return { lateDays: 0 };
  const word = text.trim();
  if (/^\d$/.test(word) && Number(word) <= LATE_DAYS_MAX) return { lateDays: Number(word) };
  const found = word === "" ? "nothing" : JSON.stringify(word.slice(0, 40));
  return {
    lateDays: 0,
    note: `late.txt holds ${found}; expected a whole number from 0 to ${LATE_DAYS_MAX}`,
  };
}

/** The comment lines that say where code came from, each with its file and line.
 *
 * @param files The texts of the files, by their names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sourcesOf } from "./declarations.ts";
 *
 * const files = new Map([["server.ts", "let a = 1;\n// Source: a lecture\n"]]);
 * assertEquals(sourcesOf(files), ["server.ts:2: Source: a lecture"]);
 * ```
 */
export function sourcesOf(files: ReadonlyMap<string, string>): string[] {
  const found = Array.from(files).filter(([file]) => file.endsWith(".ts")).flatMap(
    ([file, text]) =>
      text.split("\n").flatMap((line, i) => {
        const [, declared] = line.length > 500 ? [] : SOURCE_LINE.exec(line) ?? [];
        return declared === undefined ? [] : [`${file}:${i + 1}: ${declared}`];
      }),
  );
  const more = found.length - SOURCES_MAX;
  return more > 0 ? [...found.slice(0, SOURCES_MAX), `and ${more} more lines`] : found;
}
