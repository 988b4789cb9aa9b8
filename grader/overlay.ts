/**
 * An overlay: a fresh copy of the lab in a folder of its own, with the two files
 * of a submission laid over it. Nothing that happens in it reaches the lab or the
 * submission.
 *
 * @module
 */

import { copy } from "@std/fs/copy";
import { exists } from "@std/fs/exists";

const LAB = new URL("../", import.meta.url);

/** What the seven tests need. */
const LAB_PARTS = [
  "cli",
  "config.ts",
  "deno.json",
  "deno.lock",
  "explore",
  "labrpc.ts",
  "linearizability",
  "sim",
  "test_test.ts",
  "testing",
  "visualizer",
];

const STD_TYPES = new URL("std.d.ts", LAB);

/** What is taken from a submission. */
const SUBMISSION_FILES = ["client.ts", "server.ts"] as const;

/** A folder that vanishes when it is disposed of. */
export interface Overlay extends AsyncDisposable {
  /** Its path. */
  readonly path: string;
}

/** Lays a submission over the lab.
 *
 * @param submission The folder that holds its `client.ts` and `server.ts`, which ends in a
 * slash; or the texts of these files by their names.
 * @throws {Deno.errors.NotFound} A file of the submission is missing.
 */
export async function layOver(submission: URL | ReadonlyMap<string, string>): Promise<Overlay> {
  const path = await Deno.makeTempDir({ prefix: "kvlab-" });
  const overlay = { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
  try {
    for (const part of LAB_PARTS) await copy(new URL(part, LAB), `${path}/${part}`);
    // Not there where the standard library comes with its own types.
    if (await exists(STD_TYPES)) await Deno.copyFile(STD_TYPES, `${path}/std.d.ts`);
    for (const file of SUBMISSION_FILES) {
      const laid = `${path}/${file}`;
      if (submission instanceof URL) await Deno.copyFile(new URL(file, submission), laid);
      else await Deno.writeTextFile(laid, submission.get(file)!);
    }
  } catch (error) {
    await overlay[Symbol.asyncDispose]();
    throw error;
  }
  return overlay;
}
