/**
 * Runs a program of the zoo as grading does: held to the rules, and in realms.
 *
 * @module
 */

import { bundleFiles } from "../realm/fixture.ts";
import { RealmFactory } from "../realm/mod.ts";
import { type Outcome, outcomeIn, refusedOutcome } from "./outcome.ts";

/** Runs tests with the seed of a plain `deno test`, in this process. One program runs at a
 * time, since there is one simulation.
 *
 * @param files The program's files.
 * @param tests The short names of the tests.
 * @param turnMsMax How long one turn of the event loop may take, in real milliseconds.
 */
export async function runJudged(
  files: ReadonlyMap<string, string>,
  tests: readonly string[],
  turnMsMax?: number,
): Promise<Outcome> {
  const refused = refusedOutcome(files, tests);
  if (refused !== undefined) return refused;
  const factory = new RealmFactory(await bundleFiles(files));
  return await outcomeIn(tests, () => factory.machines(), turnMsMax);
}
