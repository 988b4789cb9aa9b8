/**
 * A program of the zoo: a small variation of the reference, and the tests that it fails.
 *
 * @module
 */

import { DEFAULT_RUBRIC } from "../result/rubric.ts";

/** The short names of all tests. */
export const ALL: readonly string[] = DEFAULT_RUBRIC.parts.flatMap(({ tests }) => {
  return Object.keys(tests);
});

/** A part of a file, and the text that replaces it. */
export type Edit = readonly [part: string, replacement: string];

/** One program. */
export interface Program {
  name: string;
  client?: readonly Edit[];
  server?: readonly Edit[];
  /** The short names of the tests that fail; `"refused"` if the rules refuse the program, so
   * that no test runs. */
  fails: readonly string[] | "refused";
  /** The words of a failure. */
  says?: RegExp;
  /** True if the program never yields. */
  spins?: true;
  /** The tests that it runs, if the usual choice would miss something or take too long. */
  runs?: readonly string[];
}

/** Makes the two files of a program.
 *
 * @param reference The texts of the reference's files by their names.
 * @throws {RangeError} The reference lacks a part that an edit replaces.
 */
export function filesOf(
  { name, client = [], server = [] }: Program,
  reference: ReadonlyMap<string, string>,
): Map<string, string> {
  const edited = (file: string, edits: readonly Edit[]): [string, string] => {
    let text = reference.get(file)!;
    for (const [part, replacement] of edits) {
      if (!text.includes(part)) throw new RangeError(`${name}: ${file} has no "${part}"`);
      text = text.replace(part, () => replacement);
    }
    return [file, text];
  };
  return new Map([edited("client.ts", client), edited("server.ts", server)]);
}

/** Code that a variation adds to a class. */
export interface Additions {
  /** Above the class. */
  top?: string;
  /** Into the class. */
  members?: string;
  /** At the end of the constructor. */
  init?: string;
  /** The expression for a clerk's id. */
  id?: string;
}

/** Returns the edits that add code to the clerk. */
export function inClerk({ top, members, init, id }: Additions): Edit[] {
  const edits: Edit[] = [];
  if (top !== undefined) edits.push(["export class Clerk {", `${top}\nexport class Clerk {`]);
  if (members !== undefined) edits.push(["  #seq = 0;", `  #seq = 0;\n${members}`]);
  if (init !== undefined) edits.push(["    this.#cfg = cfg;", `    this.#cfg = cfg;\n${init}`]);
  if (id !== undefined) edits.push(["#id = crypto.randomUUID();", `#id = ${id};`]);
  return edits;
}

/** Returns the edits that add code to the server. */
export function inServer({ top, members, init }: Additions): Edit[] {
  const edits: Edit[] = [];
  const table = "  readonly #latest = new Map<string, Latest>();";
  if (top !== undefined) {
    edits.push(["export class KVServer {", `${top}\nexport class KVServer {`]);
  }
  if (members !== undefined) edits.push([table, `${table}\n${members}`]);
  if (init !== undefined) edits.push(["    this.#cfg = cfg;", `    this.#cfg = cfg;\n${init}`]);
  return edits;
}
