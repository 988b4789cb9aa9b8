/**
 * Which folders hold the submissions that a command line names.
 *
 * @module
 */

import { basename, join, resolve } from "node:path";
import { z } from "zod";
import { CommandError } from "../cli/mod.ts";

/** A folder with a submission. */
export interface Submission {
  name: string;
  folder: string;
}

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

/** Finds submissions.
 *
 * @param folders Each is a submission, or holds one in each folder in it.
 * @param shard Which of them are wanted; all if absent.
 * @throws {CommandError} There is no such folder.
 */
export async function findSubmissions(
  folders: readonly string[],
  shard?: Shard,
): Promise<Submission[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const stat = await Deno.stat(folder).catch(() => null);
    if (stat === null || !stat.isDirectory) {
      throw new CommandError(
        `There is no folder "${folder}"; expected one with a client.ts and a server.ts`,
      );
    }
    found.push(...await isSubmission(folder) ? [folder] : await submissionsIn(folder));
  }
  const all = named([...new Set(found)].toSorted());
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
async function submissionsIn(folder: string): Promise<string[]> {
  const inside: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory && !name.startsWith(".")) inside.push(join(folder, name));
  }
  const are = await Promise.all(inside.map(isSubmission));
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
