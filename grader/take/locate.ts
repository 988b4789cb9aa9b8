/**
 * Finds the folder that holds the two files of a submission: the folder that was handed in,
 * or the only one in it that holds both.
 *
 * @module
 */

import { join } from "node:path";

const FILES = ["client.ts", "server.ts"];

/** The number of folders that its files may be deep. */
const DEPTH_MAX = 3;

/** The number of entries below a folder that are looked at in all. */
const ENTRIES_MAX = 5_000;

/** Folders in which nobody hands anything in. */
const IGNORED = ["node_modules", "__MACOSX"];

/** A folder below another one, and its entries in the order of their names. */
export interface Folder {
  /** Its path from there; empty for that one itself. */
  path: string;
  entries: Deno.DirEntry[];
}

/** Returns true unless a folder is hidden or made by a tool. */
export function mayHoldCode(name: string): boolean {
  return !name.startsWith(".") && !IGNORED.includes(name);
}

/** Returns true if a folder holds at least one of the two files. */
export async function holdsFile(folder: string): Promise<boolean> {
  return (await entriesOf(folder)).some(({ name }) => FILES.includes(name));
}

/** Finds the folders in a submission that may hold its files.
 *
 * @param folder The folder that was handed in.
 * @returns Paths from there, `""` for the folder itself: that one if it holds either file, or
 * else each of those with both that lie highest, at most three folders deep.
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

/** Goes through a folder level by level, for as long as it is neither too deep nor too full. */
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

/** Reads a folder in the order of names; nothing if it cannot be read. */
export async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.toSorted((one, other) => one.name < other.name ? -1 : 1);
  } catch {
    return [];
  }
}
