/**
 * Takes the files of a submission. Links are never followed, since they may lead to files of others.
 *
 * @module
 */

import { join } from "node:path";
import { systemReason } from "../../cli/mod.ts";
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
    try {
      const text = await readPlainFile(folder, file);
      if (text !== undefined) taken.files.set(file, text);
      else if (file !== OPTIONAL) {
        const message = `${file} is missing; ${await foundInstead(folder, file)}`;
        taken.problems.push({ message, file, line: null });
      }
    } catch (error) {
      const message = `${file} ${(error as Error).message}`;
      if (file === OPTIONAL) taken.notes.push(message);
      else taken.problems.push({ message, file, line: null });
    }
  }
  return taken;
}

/** Reads a file; returns `undefined` if there is none.
 *
 * @throws {Error} It cannot be used. The message continues the name of the file. */
async function readPlainFile(folder: string, file: string): Promise<string | undefined> {
  const path = join(folder, file);
  const stat = await Deno.lstat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new Error(`cannot be read: ${systemReason(error)}`);
  });
  if (stat === undefined) return undefined;
  if (stat.isSymlink) throw new Error("is a link; expected a file");
  if (!stat.isFile) throw new Error("is not a file; expected one");
  if (stat.size > SIZE_BYTES_MAX) {
    throw new Error(`has ${stat.size} bytes; expected at most ${SIZE_BYTES_MAX}`);
  }
  const bytes = await Deno.readFile(path).catch((error) => {
    throw new Error(`cannot be read: ${systemReason(error)}`);
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("is not UTF-8 text");
  }
}
