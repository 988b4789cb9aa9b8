/**
 * An overlay: a copy of the lab in a temporary folder, with the two files of a submission in place
 * of the lab's own. Nothing that happens in it changes the lab or the submission.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { makeTemporary } from "../cli/temporary.ts";

/** The folder of the lab. */
export const LAB: URL = new URL("../", import.meta.url);

/** The parts of the lab that the seven tests import. */
const TEST_PARTS: readonly string[] = [
  "cli",
  "config.ts",
  "labrpc",
  "labrpc.ts",
  "linearizability",
  "lint",
  "sim",
  "test_test.ts",
  "testing",
];

/** The parts of an overlay, which can also explain a failure. */
export const LAB_PARTS: readonly string[] = [
  ...TEST_PARTS,
  "deno.json",
  "deno.lock",
  "explore",
  "visualizer",
];

const SUBMISSION_FILES = ["client.ts", "server.ts"] as const;

/** A folder that is removed when it is disposed of. */
export interface Overlay extends AsyncDisposable {
  /** Its path. */
  readonly path: string;
}

/** Copies files and folders at the top of the lab into a folder. */
export async function copyParts(parts: readonly string[], folder: string): Promise<void> {
  for (const part of parts) await copyOne(fileURLToPath(new URL(part, LAB)), `${folder}/${part}`);
}

/** The names of files that only the lab's own tests need. */
const OF_TESTS = /(?:^|_)(?:test|fixture)\.ts$|^__snapshots__$/;

/** Copies a file, or a folder without tests. It copies one file at a time, so that nothing goes on
 * after the disk is full. */
async function copyOne(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    if (!OF_TESTS.test(name)) await copyOne(`${from}/${name}`, `${to}/${name}`);
  }
}

/** Writes the two files of a submission, given their texts by their names, into a folder. */
export async function writeSubmission(
  files: ReadonlyMap<string, string>,
  folder: string,
): Promise<void> {
  for (const file of SUBMISSION_FILES) {
    await Deno.writeTextFile(`${folder}/${file}`, files.get(file)!);
  }
}

/** Makes an overlay.
 *
 * @param submission The folder of the submission, which ends in a slash, or the texts of its files
 * by their names.
 * @param more More parts of the lab to copy.
 * @throws {Deno.errors.NotFound} A file of the submission is missing.
 */
export async function layOver(
  submission: URL | ReadonlyMap<string, string>,
  more: readonly string[] = [],
): Promise<Overlay> {
  const path = await makeTemporary();
  const overlay = { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
  try {
    await copyParts([...LAB_PARTS, ...more], path);
    if (submission instanceof URL) {
      for (const file of SUBMISSION_FILES) {
        await Deno.copyFile(new URL(file, submission), `${path}/${file}`);
      }
    } else await writeSubmission(submission, path);
  } catch (error) {
    await overlay[Symbol.asyncDispose]();
    throw error;
  }
  return overlay;
}
