/**
 * Which folders hold the submissions that a command line names.
 *
 * @module
 */

import { basename, isAbsolute, join, normalize, resolve } from "node:path";
import { z } from "zod";
import { CommandError } from "../cli/mod.ts";

/** A folder with a submission. */
export interface Submission {
  name: string;
  folder: string;
}

/** The schema of the option that names a folder in each submission. */
export const Root = z.string().refine((text) => {
  return text !== "" && !isAbsolute(text) && !normalize(text).startsWith("..");
}, { error: "expected a folder inside each submission, for example --root=lab" });

/** The schema of the option that picks every n-th submission. */
export const Shard = z.string().regex(/^\d+\/\d+$/, "expected I/N, for example --shard=1/4")
  .transform((text) => {
    const [index, count] = text.split("/").map(Number);
    return { index: index!, count: count! };
  }).refine(({ index, count }) => index >= 1 && index <= count, {
    error: "expected I/N with I from 1 to N, for example --shard=1/4",
  });
/** One of so many parts of a class, counted from 1. */
export type Shard = z.infer<typeof Shard>;

/** What may be said of submissions besides their folders. */
export interface FindOptions {
  /** Which of them are wanted; all if absent. */
  shard?: Shard | undefined;
  /** The folder in each submission that holds its files; its own if absent. */
  root?: string | undefined;
}

/** Finds submissions.
 *
 * @param folders Each is a submission, or holds one in each folder in it.
 * @throws {CommandError} There is no such folder.
 */
export async function findSubmissions(
  folders: readonly string[],
  { shard, root = "" }: FindOptions = {},
): Promise<Submission[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const stat = await Deno.stat(folder).catch(() => null);
    if (stat === null || !stat.isDirectory) {
      throw new CommandError(
        `There is no folder "${folder}"; expected one with a client.ts and a server.ts`,
      );
    }
    const isOne = await isSubmission(join(folder, root));
    found.push(...isOne ? [folder] : await submissionsIn(folder, root));
  }
  const all = named([...new Set(found)].toSorted()).map(({ name, folder }) => {
    return { name, folder: join(folder, root) };
  });
  return shard === undefined ? all : all.filter((_, i) => i % shard.count === shard.index - 1);
}

async function isSubmission(folder: string): Promise<boolean> {
  const there = await Promise.all(
    ["client.ts", "server.ts"].map((file) => Deno.lstat(join(folder, file)).catch(() => null)),
  );
  return there.some((file) => file !== null);
}

/** A folder without either file is a class, if there is a submission in it; otherwise it
 * is a submission that lacks both. */
async function submissionsIn(folder: string, root: string): Promise<string[]> {
  const inside: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && !name.startsWith(".")) inside.push(join(folder, name));
  }
  const are = await Promise.all(inside.map((each) => isSubmission(join(each, root))));
  return are.includes(true) ? inside : [folder];
}

/** Names submissions after their folders, or by their paths where two are called the same. */
function named(folders: readonly string[]): Submission[] {
  const names = folders.map((folder) => basename(resolve(folder)));
  return folders.map((folder, i) => {
    const isUnique = names.indexOf(names[i]!) === names.lastIndexOf(names[i]!);
    return { folder, name: isUnique ? names[i]! : folder };
  });
}
