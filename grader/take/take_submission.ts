/**
 * Takes the files of a submission. Links are never followed, since they may lead to files of others.
 *
 * @module
 */

import { join } from "node:path";
import { foundInstead } from "./found_instead.ts";
import { locate } from "./locate.ts";
import type { Problem } from "../result/result.ts";

const SIZE_BYTES_MAX = 256 * 1024;

const REQUIRED = ["client.ts", "server.ts"] as const;
const OPTIONAL = "late.txt";

/** The files of a submission, and what is wrong with them. */
export interface Taken {
  /** The texts of the files, by their names. */
  files: Map<string, string>;
  /** The reasons that it cannot be run. */
  problems: Problem[];
  /** Notes for the instructor. */
  notes: string[];
}

/** Takes the files of a submission.
 *
 * @param handedIn The folder that was handed in; the files may be in a folder inside it.
 * @throws {Error} This machine cannot read it.
 */
export async function takeSubmission(handedIn: string): Promise<Taken> {
  const taken: Taken = { files: new Map(), problems: [], notes: [] };
  const located = await locate(handedIn);
  if (located.length > 1) {
    const folders = located.join(", ");
    const message =
      `Several folders hold a client.ts and a server.ts: ${folders}; hand in one of them`;
    taken.problems.push({ message, file: null, line: null });
    return taken;
  }
  const [inside = ""] = located;
  if (inside !== "") taken.notes.push(`The files were taken from ${inside}/`);
  const folder = join(handedIn, inside);
  for (const file of [...REQUIRED, OPTIONAL]) {
    const read = await readPlainFile(join(folder, file));
    if (typeof read === "string") taken.files.set(file, read);
    else if (file !== OPTIONAL) {
      const problem = read?.problem ?? `is missing; ${await foundInstead(folder, file)}`;
      taken.problems.push({ message: `${file} ${problem}`, file, line: null });
    } else if (read !== undefined) taken.notes.push(`${file} ${read.problem}`);
  }
  return taken;
}

/** Reads a file.
 *
 * @returns Its text, or the reason that it cannot be used, which continues its name; `undefined` if
 * there is no such file.
 * @throws {Error} This machine cannot read it.
 */
async function readPlainFile(path: string): Promise<string | { problem: string } | undefined> {
  const stat = await Deno.lstat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (stat === undefined) return undefined;
  if (stat.isSymlink) return { problem: "is a link; expected a file" };
  if (!stat.isFile) return { problem: "is not a file; expected one" };
  if (stat.size > SIZE_BYTES_MAX) {
    return { problem: `has ${stat.size} bytes; expected at most ${SIZE_BYTES_MAX}` };
  }
  const bytes = await Deno.readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { problem: "is not UTF-8 text" };
  }
}
