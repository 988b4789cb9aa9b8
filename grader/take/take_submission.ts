/**
 * Takes the files of a submission: those that it may consist of and nothing else.
 *
 * A link is never followed, since what it leads to is not the student's to hand in.
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

/** The files of a submission, and what was found while they were taken. */
export interface Taken {
  /** The texts of the files, by their names. */
  files: Map<string, string>;
  /** Why there is nothing to run. */
  problems: Problem[];
  /** Notes on what was left out. */
  notes: string[];
}

/** Takes the files of a submission.
 *
 * @param handedIn The folder that was handed in; the files may lie in one folder inside it.
 */
export async function takeSubmission(handedIn: string): Promise<Taken> {
  const taken: Taken = { files: new Map(), problems: [], notes: [] };
  const [inside = "", ...others] = await locate(handedIn);
  if (others.length > 0) {
    const message = `Several folders hold a client.ts and a server.ts: ${
      [inside, ...others].join(", ")
    }; hand in one of them`;
    taken.problems.push({ message, file: null, line: null });
    return taken;
  }
  if (inside !== "") taken.notes.push(`The files were taken from ${inside}/`);
  const folder = join(handedIn, inside);
  for (const file of REQUIRED) {
    const text = await readPlainFile(folder, file);
    if (typeof text === "string") {
      taken.files.set(file, text);
      continue;
    }
    const message = text.isMissing
      ? `${file} is missing; ${await foundInstead(folder, file)}`
      : text.refused;
    taken.problems.push({ message, file, line: null });
  }
  const late = await readPlainFile(folder, OPTIONAL);
  if (typeof late === "string") taken.files.set(OPTIONAL, late);
  else if (!late.isMissing) taken.notes.push(late.refused);
  return taken;
}

async function readPlainFile(
  folder: string,
  file: string,
): Promise<string | { refused: string; isMissing?: true }> {
  const path = join(folder, file);
  try {
    const { isFile, isSymlink, size } = await Deno.lstat(path);
    if (isSymlink) return { refused: `${file} is a link; expected a file` };
    if (!isFile) return { refused: `${file} is not a file; expected one` };
    if (size > SIZE_BYTES_MAX) {
      return { refused: `${file} has ${size} bytes; expected at most ${SIZE_BYTES_MAX}` };
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return { refused: `${file} is missing`, isMissing: true };
    }
    if (error instanceof TypeError) return { refused: `${file} is not a text in UTF-8` };
    return { refused: `${file} cannot be read: ${(error as Error).message}` };
  }
}
