/**
 * What the tests of what is handed out share.
 *
 * @module
 */

import { LAB, SOLUTION_FILES } from "./files.ts";

/** Shorter lines of the solution, such as a brace, say nothing. */
const TELLING_LENGTH = 20;

/** Lines of the solution that students are given elsewhere, too: the rules of the network
 * show how to catch a timeout, and the assignment says which server comes first. */
const GIVEN = [
  "): Promise<string> {",
  "export class KVServer {",
  "const first = Number(key) % nservers;",
  "if (!(error instanceof TimeoutError)) throw error;",
];

/** A folder that vanishes when it is disposed of. */
export async function makeFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "kvlab-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** The lines of the solution that would help someone. */
export async function solutionLines(): Promise<string[]> {
  const lines: string[] = [];
  for (const file of SOLUTION_FILES) {
    const text = await Deno.readTextFile(new URL(file, LAB));
    for (const [, region] of text.matchAll(/BEGIN SOLUTION\n(.*?)\/\/ END SOLUTION/gs)) {
      lines.push(...region!.split("\n").map((line) => line.trim()));
    }
  }
  return lines.filter((line) => {
    return line.length >= TELLING_LENGTH && !line.startsWith("// HANDOUT:") &&
      !GIVEN.includes(line);
  });
}
