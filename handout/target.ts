/**
 * The folder that a handout is written to. Only files that an earlier handout wrote and nobody has
 * changed are replaced or removed; a marker has their hashes. Nothing is written through a link.
 *
 * @module
 */

import {
  basename,
  dirname,
  isAbsolute,
  join,
  relative,
  resolve,
  sep as SEPARATOR,
} from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError, nameList, systemReason } from "../cli/mod.ts";
import { hashOf } from "../grader/hash.ts";
import { LAB } from "./files.ts";

/** The file in every handout with a line per file: the hash of its text, and its path. */
const MARKER = ".kvlab-handout";

/** The hashes of the texts that were handed out, by path. While a handout is written there may be two,
 * so that an interrupted one can be written again. */
type HandedOut = Map<string, string[]>;

/** Writes a handout.
 *
 * @param folder The folder, which is made if there is none.
 * @param files The texts of the files by their paths.
 * @param force True if an earlier handout is refreshed.
 * @throws {CommandError} The folder holds something else, or cannot be written.
 */
export async function writeHandout(
  folder: string,
  files: ReadonlyMap<string, string>,
  force: boolean,
): Promise<void> {
  try {
    await checkFolder(folder, force);
    const before = await handedOut(folder);
    await checkUnchanged(folder, before, files);
    const after: HandedOut = new Map();
    for (const [path, text] of files) after.set(path, [hashOf(text)]);
    await Deno.mkdir(folder, { recursive: true });
    await writeMarker(folder, [...before, ...after]);
    for (const path of before.keys()) {
      if (!files.has(path)) await ifThere(Deno.remove(join(folder, path)));
    }
    for (const [path, text] of files) {
      await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
      await writeWhole(join(folder, path), text);
    }
    await writeMarker(folder, [...after]);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`Cannot write to "${folder}": ${systemReason(error)}`);
  }
}

/** Checks that a folder is new or empty, or holds a handout that may be refreshed. */
async function checkFolder(folder: string, force: boolean): Promise<void> {
  const names = await ifThere(Array.fromAsync(Deno.readDir(folder), ({ name }) => name)) ?? [];
  const lab = await Deno.realPath(fileURLToPath(LAB));
  const target = await realPathOf(resolve(folder));
  if (holds(lab, target) || holds(target, lab)) {
    throw new CommandError(`"${folder}" is in the lab or holds it; name a folder outside of it`);
  }
  // A new clone counts as empty, also if somebody has looked at it on macOS.
  if (names.every((name) => [".git", ".DS_Store"].includes(name))) return;
  if (!names.includes(MARKER)) {
    throw new CommandError(
      `"${folder}" is not empty and holds no handout; name an empty folder or a new one`,
    );
  }
  if (force) return;
  throw new CommandError(
    `"${folder}" holds a handout already; add --force to refresh what nobody changed in it`,
  );
}

/** Returns true if a folder is the other folder or holds it. */
function holds(folder: string, other: string): boolean {
  const way = relative(folder, other);
  return way === "" || way.split(SEPARATOR)[0] !== ".." && !isAbsolute(way);
}

/** Returns the path of a folder, which need not exist, with its links resolved. */
async function realPathOf(folder: string): Promise<string> {
  const path = await ifThere(Deno.realPath(folder));
  return path ?? join(await realPathOf(dirname(folder)), basename(folder));
}

/** Returns the files that an earlier handout wrote. */
async function handedOut(folder: string): Promise<HandedOut> {
  const files: HandedOut = new Map();
  const text = await ifThere(Deno.readTextFile(join(folder, MARKER))) ?? "";
  for (const [, hash, path] of text.matchAll(/^([0-9a-f]+) (.+)$/gm)) {
    if (path!.split("/").includes("..")) continue;
    files.set(path!, [...files.get(path!) ?? [], hash!]);
  }
  return files;
}

async function writeMarker(folder: string, files: [string, string[]][]): Promise<void> {
  const lines = files.flatMap(([path, hashes]) => hashes.map((hash) => `${hash} ${path}\n`));
  await writeWhole(join(folder, MARKER), [...new Set(lines)].sort().join(""));
}

/** Writes a file, which is never left half written. */
async function writeWhole(file: string, text: string): Promise<void> {
  await Deno.writeTextFile(`${file}.part`, text);
  await Deno.rename(`${file}.part`, file);
}

/** Checks that no work would be lost.
 *
 * @throws {CommandError} A file that would be replaced or removed was changed, or is a link. */
async function checkUnchanged(
  folder: string,
  before: HandedOut,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const changed: string[] = [];
  for (const path of new Set([...before.keys(), ...files.keys(), MARKER])) {
    await refuseLinks(folder, path);
    if (path === MARKER) continue;
    const text = await ifThere(Deno.readTextFile(join(folder, path)));
    if (text === undefined || text === files.get(path)) continue;
    if (!before.get(path)?.includes(hashOf(text))) changed.push(path);
  }
  if (changed.length === 0) return;
  throw new CommandError(
    `"${folder}" holds files that were changed since they were handed out: ${nameList(changed)}; ` +
      "move them away, or name another folder",
  );
}

/** Refuses a path if it or a folder on it is a link. */
async function refuseLinks(folder: string, path: string): Promise<void> {
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length++) {
    const part = parts.slice(0, length).join("/");
    const stat = await Deno.lstat(join(folder, part)).catch(() => null);
    if (stat?.isSymlink) {
      throw new CommandError(
        `"${part}" in "${folder}" is a link, which is not written through; remove it`,
      );
    }
  }
}

/** Returns the result of work on a file; `undefined` if there is no such file. */
async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  return await work.catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
}
