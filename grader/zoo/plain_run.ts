/**
 * Runs a program of the zoo as a student does: plain `deno test`, without a permission.
 *
 * @module
 */

import { type Overlay, writeSubmission } from "../overlay.ts";
import { shortName } from "../../testing/failure_report.ts";

/** What became of a program. */
export interface Outcome {
  /** The tests that passed and those that failed, by their short names. */
  passed: string[];
  failed: string[];
  /** All that was printed. */
  output: string;
}

/** Runs all seven tests once.
 *
 * @param overlay A copy of the lab that nobody else uses.
 * @param files The program's files.
 */
export async function runPlainly(
  overlay: Overlay,
  files: ReadonlyMap<string, string>,
): Promise<Outcome> {
  await writeSubmission(files, overlay.path);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--no-prompt", "--no-check", "test_test.ts"],
    cwd: overlay.path,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout) + decoder.decode(stderr);
  const tests = (end: string) => {
    const lines = output.matchAll(new RegExp(`^(Test.*?) \\.\\.\\. ${end} \\(`, "gm"));
    return Array.from(lines, ([, name]) => shortName(name!)).sort();
  };
  return { passed: tests("ok"), failed: tests("FAILED"), output };
}
