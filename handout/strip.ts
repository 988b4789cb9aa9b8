/**
 * What students get of a file that holds a solution.
 *
 * A solution stands between two lines of its own, `// BEGIN SOLUTION` and
 * `// END SOLUTION`. A region is left out; its lines that begin with `// HANDOUT: ` are
 * put in its place, or the line `// Your code here` where it has none.
 *
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { strip } from "./strip.ts";
 *
 * const solution = "// BEGIN SOLUTION\n// HANDOUT: let answer = 0;\nlet answer = 42;\n// END SOLUTION\n";
 * assertEquals(strip(solution, "answer.ts"), "let answer = 0;\n");
 * ```
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";

const BEGIN = "// BEGIN SOLUTION";
const END = "// END SOLUTION";
const HANDOUT = /^(\s*)\/\/ HANDOUT:(?: (.*))?$/;

/** A region that is being read. */
interface Region {
  /** The number of its first line, from 1. */
  line: number;
  indent: string;
  /** What is put in its place. */
  handout: string[];
}

/** Leaves the solution out.
 *
 * @param text The file.
 * @param file Its name, for messages.
 * @throws {CommandError} A marker has no counterpart, or stands inside of a region.
 */
export function strip(text: string, file: string): string {
  const kept: string[] = [];
  let region: Region | undefined;
  for (const [index, source] of text.split(/\r?\n/).entries()) {
    const line = index + 1;
    switch (source.trim()) {
      case BEGIN:
        if (region !== undefined) {
          throw new CommandError(
            `${file}:${line}: found "${BEGIN}" inside of the region that begins in line ` +
              `${region.line}; end that one first with "${END}"`,
          );
        }
        region = { line, indent: source.slice(0, source.indexOf(BEGIN)), handout: [] };
        break;
      case END:
        if (region === undefined) {
          throw new CommandError(
            `${file}:${line}: found "${END}" where no region is open; ` +
              `expected "${BEGIN}" before it`,
          );
        }
        kept.push(
          ...region.handout.length > 0 ? region.handout : [`${region.indent}// Your code here`],
        );
        region = undefined;
        break;
      default: {
        if (region === undefined) {
          kept.push(source);
          break;
        }
        const [, indent = "", code = ""] = source.match(HANDOUT) ?? [];
        if (HANDOUT.test(source)) region.handout.push(code === "" ? "" : indent + code);
      }
    }
  }
  if (region !== undefined) {
    throw new CommandError(
      `${file}:${region.line}: the region that begins here does not end; ` +
        `expected "${END}" after it`,
    );
  }
  return kept.join("\n");
}
