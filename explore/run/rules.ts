/**
 * Refuses code that `deno test` and grading refuse, in the same words.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { CommandError } from "../../cli/mod.ts";
import { MESSAGE_MARK } from "./parent.ts";
import type { Violation } from "../../testing/failure_report.ts";

/** The time limit of the check, in real milliseconds. A check that takes longer refuses nothing. */
const PATIENCE_MS = 20_000;

/** Checks the two files of a lab.
 *
 * @param lab Its folder; ends in a slash.
 * @throws {CommandError} They break a rule for submissions. */
export async function checkRules(lab: URL): Promise<void> {
  const flags = ["--no-check", "--no-prompt", "--cached-only"];
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["test", ...flags, fileURLToPath(new URL("explore/run/_rules.ts", lab))],
    cwd: fileURLToPath(lab),
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stderr: "null",
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  const said = lines.find((line) => line.startsWith(MESSAGE_MARK));
  if (said === undefined) return;
  const violation: Violation | null = JSON.parse(said.slice(MESSAGE_MARK.length));
  if (violation === null) return;
  const { what, where: [place] = [], hint } = violation;
  throw new CommandError(`${place}: ${what}; ${hint}`);
}
