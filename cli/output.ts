/**
 * The input and the results of a command: files that the command line names. `-` stands for the
 * standard input or output.
 *
 * A result never overwrites an input or another result. A file that cannot be written is refused
 * before the work begins.
 *
 * @module
 */

import { lstatSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CommandError } from "./command.ts";
import { systemReason } from "./system_reason.ts";

/** The name of the standard input and output. */
export const STDOUT = "-";

/** Returns the function that prints lines for people: to the standard error if a result goes to the
 * standard output.
 *
 * @param files The files of results.
 * @param inputs The files that are read.
 * @throws {CommandError} Two results have the same file, a result has the file of an input, or a
 * file cannot be written.
 */
export function reporter(
  files: readonly (string | undefined)[],
  inputs: readonly string[] = [],
): (line: string) => void {
  const outputs = files.filter((file) => file !== undefined);
  const taken = outputs.filter((file) => file === STDOUT).length;
  if (taken > 1) {
    throw new CommandError("Cannot write two results to the standard output; name a file for one");
  }
  if (inputs.filter((file) => file === STDOUT).length > 1) {
    throw new CommandError("Cannot read the standard input twice; name it once");
  }
  const read = new Set(inputs.filter((file) => file !== STDOUT).map(realPath));
  const written = new Set<string>();
  for (const file of outputs) {
    if (file === STDOUT || isSpecial(file)) continue;
    const path = realPath(file);
    if (read.has(path)) {
      throw new CommandError(`Cannot write "${file}": it is also read; name another file`);
    }
    if (written.has(path)) {
      throw new CommandError(`Cannot write two results to "${file}"; name another file for one`);
    }
    written.add(path);
    tryToWrite(file);
  }
  return taken > 0 ? console.error : console.log;
}

/** Returns true if a path is a device or a pipe. They are not opened to try, since their readers
 * would notice. Only links of the system are followed, such as `/dev/stdout`. */
function isSpecial(file: string): boolean {
  try {
    const isOfSystem = /^\/(?:dev|proc)\//.test(file);
    const { isFile, isDirectory, isSymlink } = isOfSystem
      ? Deno.statSync(file)
      : Deno.lstatSync(file);
    return !isFile && !isDirectory && !isSymlink;
  } catch {
    return false;
  }
}

/** Returns the path of a file, which need not exist, with its links resolved. */
function realPath(file: string): string {
  try {
    return Deno.realPathSync(file);
  } catch {
    try {
      return join(Deno.realPathSync(dirname(file)), basename(file));
    } catch {
      return file;
    }
  }
}

/** Opens a file for writing without a change.
 *
 * @throws {CommandError} It cannot be written. */
function tryToWrite(file: string): void {
  try {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    // A link will be replaced, so its target does not matter.
    if (stat?.isSymbolicLink()) return;
    Deno.openSync(file, { write: true, createNew: stat === undefined }).close();
    if (stat === undefined) Deno.removeSync(file);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

function cannotWrite(file: string, error: unknown): CommandError {
  return new CommandError(`Cannot write "${file}": ${systemReason(error)}`);
}

/** Writes a result.
 *
 * @param file A path, or `-` for the standard output; nothing is written if it is `undefined`.
 * @param text Returns the result.
 * @throws {CommandError} The file cannot be written.
 */
export async function writeResult(
  file: string | undefined,
  text: () => string | Promise<string>,
): Promise<void> {
  if (file === undefined) return;
  const result = await text();
  if (file === STDOUT) return console.log(result);
  try {
    await replaceFile(file, `${result}\n`);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** Writes a file and then gives it its name, so that a killed process leaves the old file. A link is
 * replaced and never followed, since one in a student's folder may lead anywhere. */
async function replaceFile(file: string, text: string): Promise<void> {
  if (isSpecial(file)) return await Deno.writeTextFile(file, text);
  const part = `${file}.part`;
  try {
    // An earlier run may have left it, or a student may have made a link.
    await Deno.remove(part).catch(() => {});
    await Deno.writeTextFile(part, text, { createNew: true });
    await Deno.rename(part, file);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
}

/** Reads a file as text, like {@linkcode readInputBytes}; bytes that are not UTF-8 are replaced. */
export async function readInput(file: string): Promise<string> {
  return new TextDecoder().decode(await readInputBytes(file));
}

/** Reads a file.
 *
 * @param file A path, or `-` for the standard input, which can be read once.
 * @throws {CommandError} It cannot be read.
 */
export async function readInputBytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    if (file === STDOUT) return await new Response(Deno.stdin.readable).bytes();
    return await Deno.readFile(file);
  } catch (error) {
    const name = file === STDOUT ? "the standard input" : `"${file}"`;
    throw new CommandError(`Cannot read ${name}: ${systemReason(error)}`);
  }
}
