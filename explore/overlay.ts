/**
 * An overlay: a fresh copy of the lab in a folder of its own, with the two files
 * of a submission laid over it. Nothing that happens in it reaches the lab or the
 * submission.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { makeTemporary } from "../cli/temporary.ts";

/** The folder of the lab. */
export const LAB: URL = new URL("../", import.meta.url);

/** The parts of the lab that the seven tests import. */
export const TEST_PARTS: readonly string[] = [
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

/** The parts of an overlay, which can also explain what the tests find. */
export const LAB_PARTS: readonly string[] = [
  ...TEST_PARTS,
  "deno.json",
  "deno.lock",
  "explore",
  "visualizer",
];

/** The files of a submission. */
const SUBMISSION_FILES = ["client.ts", "server.ts"] as const;

/** A folder that vanishes when it is disposed of. */
export interface Overlay extends AsyncDisposable {
  /** Its path. */
  readonly path: string;
}

/** A copy of the lab with a submission over it that is made when it is first needed, and
 * once. */
export class LazyOverlay implements AsyncDisposable {
  readonly #files: ReadonlyMap<string, string>;
  #overlay: Promise<Overlay> | undefined;

  /** @param files The texts of the submission's files by their names. */
  constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
  }

  /** The path of its folder.
   *
   * @throws {Error} It cannot be written. */
  async path(): Promise<string> {
    return (await (this.#overlay ??= layOver(this.#files))).path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const overlay = await this.#overlay?.catch(() => undefined);
    await overlay?.[Symbol.asyncDispose]();
  }
}

/** Copies parts of the lab.
 *
 * @param parts Files and folders at the top of the lab.
 * @param folder Where to.
 */
export async function copyParts(parts: readonly string[], folder: string): Promise<void> {
  for (const part of parts) await copyOne(fileURLToPath(new URL(part, LAB)), `${folder}/${part}`);
}

/** The names of files that only the tests of the lab itself need. */
const OF_TESTS = /(?:^|_)(?:test|fixture)\.ts$|^__snapshots__$/;

/** Copies a file, or a folder without tests. One thing after another, so that nothing goes on
 * when there is no room left. */
async function copyOne(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    if (!OF_TESTS.test(name)) await copyOne(`${from}/${name}`, `${to}/${name}`);
  }
}

/** Writes the two files of a submission.
 *
 * @param files Their texts by their names.
 * @param folder Where to.
 */
export async function writeSubmission(
  files: ReadonlyMap<string, string>,
  folder: string,
): Promise<void> {
  for (const file of SUBMISSION_FILES) {
    await Deno.writeTextFile(`${folder}/${file}`, files.get(file)!);
  }
}

/** Lays a submission over the lab.
 *
 * @param submission The folder that holds its `client.ts` and `server.ts`, which ends in a
 * slash; or the texts of these files by their names.
 * @param more What is needed besides what the seven tests need.
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
