/**
 * Finds the folder that holds the two files of a submission: the folder that was handed in,
 * or the only one in it that holds both.
 *
 * @module
 */

import { join } from "node:path";

const FILES = ["client.ts", "server.ts"] as const;

/** The number of folders that it may be deep. */
export const DEPTH_MAX = 3;

/** The number of entries of folders that are looked at in all. */
export const ENTRIES_MAX = 5_000;

/** Folders that nobody hands anything in with. */
const IGNORED = ["node_modules", "__MACOSX"];

/** Returns true unless a folder is hidden, or comes with tools and not from a student. */
export function mayHoldCode(name: string): boolean {
  return !name.startsWith(".") && !IGNORED.includes(name);
}

/** Returns true if a folder holds at least one of the two files. */
export async function holdsFile(folder: string): Promise<boolean> {
  return (await filesIn(folder)).length > 0;
}

/** The folders in a submission that may be meant.
 *
 * @param folder What was handed in.
 * @returns Paths from there, `""` for the folder itself: that one if it holds either file, or
 * else each of those with both that lie highest, at most three folders deep.
 */
export async function locate(folder: string): Promise<string[]> {
  if (await holdsFile(folder)) return [""];
  let left = ENTRIES_MAX;
  let level = [""];
  for (let depth = 1; depth <= DEPTH_MAX; depth++) {
    const next: string[] = [];
    for (const inside of level) {
      for (const { name, isDirectory } of await entriesOf(join(folder, inside))) {
        if (left-- <= 0) return [];
        if (isDirectory && mayHoldCode(name)) next.push(inside === "" ? name : `${inside}/${name}`);
      }
    }
    const files = await Promise.all(next.map((inside) => filesIn(join(folder, inside))));
    const found = next.filter((_, i) => files[i]!.length === FILES.length);
    if (found.length > 0) return found;
    level = next;
  }
  return [];
}

async function filesIn(folder: string): Promise<string[]> {
  const stats = await Promise.all(FILES.map((file) => {
    return Deno.lstat(join(folder, file)).catch(() => null);
  }));
  return FILES.filter((_, i) => stats[i] !== null);
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
