/**
 * A program of the zoo: a small variation of the reference, and what becomes of it.
 *
 * @module
 */

/** What stands in place of one part of a file. */
export type Edit = readonly [part: string, replacement: string];

/** One program. */
export interface Program {
  name: string;
  client?: readonly Edit[];
  server?: readonly Edit[];
  /** The tests that fail, by their short names; `"refused"` if the rules refuse it, so that
   * none runs. */
  fails: readonly string[] | "refused";
  /** What the first failure says. */
  says?: RegExp;
  /** True if it never yields. */
  spins?: true;
}

/** Makes the two files of a program.
 *
 * @param reference The texts of the reference's files by their names.
 * @throws {RangeError} A part that is to be replaced is not there.
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

/** What a variation adds to a class. */
export interface Additions {
  /** Above the class. */
  top?: string;
  /** Into the class. */
  members?: string;
  /** At the end of the constructor. */
  init?: string;
  /** What the id of the clerk is. */
  id?: string;
}

/** The edits that add to the clerk. */
export function inClerk({ top, members, init, id }: Additions): Edit[] {
  const edits: Edit[] = [];
  if (top !== undefined) edits.push(["export class Clerk {", `${top}\nexport class Clerk {`]);
  if (members !== undefined) edits.push(["  #seq = 0;", `  #seq = 0;\n${members}`]);
  if (init !== undefined) edits.push(["    this.#cfg = cfg;", `    this.#cfg = cfg;\n${init}`]);
  if (id !== undefined) edits.push(["#id = crypto.randomUUID();", `#id = ${id};`]);
  return edits;
}

/** The edits that add to the server. */
export function inServer({ top, members, init }: Additions): Edit[] {
  const edits: Edit[] = [];
  const table = "  readonly #latest = new Map<string, Latest>();";
  if (top !== undefined) {
    edits.push(["/** The latest request of", `${top}\n/** The latest request of`]);
  }
  if (members !== undefined) edits.push([table, `${table}\n${members}`]);
  if (init !== undefined) edits.push(["    this.#cfg = cfg;", `    this.#cfg = cfg;\n${init}`]);
  return edits;
}
