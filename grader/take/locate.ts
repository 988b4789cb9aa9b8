/**
 * Finds the folder that holds the two files of a submission: the folder that was handed in, or the
 * only folder in it with both files.
 *
 * @module
 */

import { join } from "node:path";

const FILES = ["client.ts", "server.ts"];

/** The depth at which the files may be, in folders. */
const DEPTH_MAX = 3;

/** The number of entries that are searched below the top folder. */
const ENTRIES_MAX = 5_000;

/** A folder of packages. */
const PACKAGES = "node_modules";

/** Files and folders that macOS adds. Some have the names of the files that they belong to, behind
 * `._`, and would pass for hand-ins. */
const OF_MACOS = /^(?:\._.*|\.DS_Store|__MACOSX)$/;

/** A folder with its entries in the order of their names. */
export interface Folder {
  /** Its path from the top folder, which itself has the empty path. */
  path: string;
  entries: Deno.DirEntry[];
}

/** Returns true unless a folder is hidden or holds packages. */
export function mayHoldCode(name: string): boolean {
  return !name.startsWith(".") && name !== PACKAGES;
}

/** Returns true if a folder holds at least one of the two files. */
export async function holdsFile(folder: string): Promise<boolean> {
  return (await entriesOf(folder)).some(({ name }) => FILES.includes(name));
}

/** Finds the folders that may hold the files of a submission.
 *
 * @param folder The folder that was handed in.
 * @returns Paths from there: `""`, the folder itself, if it holds either file; otherwise the folders
 * with both files at the lowest depth that has any.
 */
export async function locate(folder: string): Promise<string[]> {
  for await (const level of levelsOf(folder)) {
    const found = level.filter(({ path, entries }) => {
      const count = entries.filter(({ name }) => FILES.includes(name)).length;
      return count === FILES.length || path === "" && count > 0;
    });
    if (found.length > 0) return found.map(({ path }) => path);
  }
  return [];
}

/** Yields the folders at each depth, until they are too deep or too full. */
export async function* levelsOf(folder: string): AsyncGenerator<Folder[]> {
  let left = ENTRIES_MAX;
  let paths = [""];
  for (let depth = 0; depth <= DEPTH_MAX; depth++) {
    const level: Folder[] = [];
    for (const path of paths) {
      const entries = await entriesOf(join(folder, path));
      if (depth > 0 && (left -= entries.length) < 0) return;
      level.push({ path, entries });
    }
    yield level;
    paths = level.flatMap(({ path, entries }) => {
      return entries.filter(({ name, isDirectory }) => isDirectory && mayHoldCode(name))
        .map(({ name }) => path === "" ? name : `${path}/${name}`);
    });
  }
}

/** Returns the entries of a folder in the order of their names, without those that macOS adds; none if
 * there is no such folder.
 *
 * @throws {Error} This machine cannot read it. */
export async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  const { NotFound, NotADirectory } = Deno.errors;
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch((error) => {
    if (error instanceof NotFound || error instanceof NotADirectory) return [];
    throw error;
  });
  return entries.filter(({ name }) => !OF_MACOS.test(name))
    .toSorted((one, other) => one.name < other.name ? -1 : 1);
}
