/**
 * Refuses code that `deno test` and grading refuse, in the same words.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import type { Violation } from "../../testing/failure_report.ts";
import { firstMessage } from "./watched_child.ts";

/** Checks the two files of a lab. Files that cannot be parsed are not refused here.
 *
 * @param lab Its folder; ends in a slash.
 * @throws {CommandError} They break a rule for submissions. */
export async function checkRules(lab: URL): Promise<void> {
  const violation = await firstMessage<Violation | null>(
    lab,
    "explore/run/_rules_worker.ts",
    "test",
  );
  if (!violation) return;
  const { what, where: [place] = [], hint } = violation;
  throw new CommandError(`${place}: ${what}; ${hint}`);
}
