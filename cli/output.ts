/**
 * Where a command's results go: files that its options name, where `-` is the
 * standard output.
 *
 * @module
 */

import { CommandError } from "./command.ts";

/** The name of the standard output. */
export const STDOUT = "-";

/** Tells people how it goes: on the standard output, unless a result goes there.
 *
 * @param files The files that results go to. At most one may be the standard output.
 * @throws {CommandError} More than one is.
 */
export function reporter(files: readonly (string | undefined)[]): (line: string) => void {
  const taken = files.filter((file) => file === STDOUT).length;
  if (taken > 1) {
    throw new CommandError("Cannot write two results to the standard output; name a file for one");
  }
  return taken > 0 ? console.error : console.log;
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
    await Deno.writeTextFile(file, `${result}\n`);
  } catch (error) {
    throw new CommandError(`Cannot write "${file}": ${(error as Error).message}`);
  }
}

/** Reads a file.
 *
 * @throws {CommandError} It cannot be read.
 */
export async function readInput(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    throw new CommandError(`Cannot read "${file}": ${(error as Error).message}`);
  }
}
