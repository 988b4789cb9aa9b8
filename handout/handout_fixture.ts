/**
 * The lines of the solution that a handout must not hold.
 *
 * @module
 */

import { read, SKELETON, STUDENT_FILES } from "./files.ts";

/** The length of the shortest line that tells something of the solution. */
const TELLING_LENGTH = 20;

/** Lines of the solution that students also find elsewhere: the rules of the network show how to
 * catch a timeout, and the assignment says which server comes first. */
const GIVEN = [
  "): Promise<string> {",
  "export class KVServer {",
  "const first = Number(key) % nservers;",
  "if (!(error instanceof TimeoutError)) throw error;",
];

/** Returns the lines of the solution that would help a student. */
export async function solutionLines(): Promise<string[]> {
  const lines: string[] = [];
  for (const file of STUDENT_FILES) {
    const given = new Set([...GIVEN, ...linesOf(await read(SKELETON + file))]);
    lines.push(...linesOf(await read(file)).filter((line) => !given.has(line)));
  }
  return lines.filter((line) => line.length >= TELLING_LENGTH);
}

function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim());
}
