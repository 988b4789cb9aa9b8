/**
 * Writes the results of a command and reads its input: files that the command line names, where
 * `-` is the standard output or input.
 *
 * Results never overwrite what is read, nor each other. A file that cannot be written is refused
 * before the work, which may be long.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { CommandError } from "./command.ts";

/** The name of the standard output, and of the standard input. */
export const STDOUT = "-";

/** Returns the function that prints progress for people: on the standard output, unless a result
 * goes there.
 *
 * @param files The files that results go to. At most one may be the standard output.
 * @param inputs The files that are read.
 * @throws {CommandError} Two results go to one place, one would overwrite what is read,
 * or one cannot be written.
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

/** Returns true if a path is a device or a pipe: opening one may mean something to others.
 * Of links, only those of the system count, such as `/dev/stdout`. */
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

/** Returns the path of a file, which need not exist, without links on the way. */
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

/** Opens a file for writing, and leaves it as it was. */
function tryToWrite(file: string): void {
  try {
    // A link will be replaced, so that what it leads to does not matter.
    if (Deno.lstatSync(file).isSymlink) return;
    Deno.openSync(file, { write: true }).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw cannotWrite(file, error);
    try {
      Deno.openSync(file, { write: true, createNew: true }).close();
      Deno.removeSync(file);
    } catch (error) {
      throw cannotWrite(file, error);
    }
  }
}

function cannotWrite(file: string, error: unknown): CommandError {
  return new CommandError(`Cannot write "${file}": ${(error as Error).message}`);
}

/** Writes a result.
 *
 * @param file A path, `-` for the standard output, or `undefined` for nowhere.
 * @param text The result, or what makes it.
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

/** Writes a file at one stroke, so that a process that is killed leaves the old one. A link is
 * replaced and never followed: one in a student's folder may lead anywhere. */
async function replaceFile(file: string, text: string): Promise<void> {
  if (isSpecial(file)) return await Deno.writeTextFile(file, text);
  const part = `${file}.part`;
  try {
    // An interrupted run may have left it, or a student may have made a link.
    await Deno.remove(part).catch(() => {});
    await Deno.writeTextFile(part, text, { createNew: true });
    await Deno.rename(part, file);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
}

/** Reads a file as text.
 *
 * @param file A path, or `-` for the standard input, which can be read once.
 * @returns Its text; bytes that are not UTF-8 are replaced.
 * @throws {CommandError} It cannot be read.
 */
export async function readInput(file: string): Promise<string> {
  return new TextDecoder().decode(await readInputBytes(file));
}

/** Reads a file as it is.
 *
 * @param file A path, or `-` for the standard input, which can be read once.
 * @returns Its bytes.
 * @throws {CommandError} It cannot be read.
 */
export async function readInputBytes(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    if (file === STDOUT) return await new Response(Deno.stdin.readable).bytes();
    return await Deno.readFile(file);
  } catch (error) {
    const name = file === STDOUT ? "the standard input" : `"${file}"`;
    throw new CommandError(`Cannot read ${name}: ${(error as Error).message}`);
  }
}
