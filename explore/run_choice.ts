/**
 * The options that all commands share that run tests: the network and the submission.
 *
 * @module
 */

import { z } from "zod";
import { CommandError } from "../cli/mod.ts";
import { NetworkName } from "../testing/run_options.ts";

/** The network and the submission, as options of a command. */
export const runChoice = {
  network: NetworkName.meta({
    value: "NAME",
    description: "unreliable, which is graded, or hostile, which goes beyond it",
  }),
  submission: z.string().min(1, "expected a folder").optional().meta({
    value: "DIR",
    description: "Runs the client.ts and server.ts of this folder",
  }),
};

/** Returns the names of the given options that choose a run.
 *
 * @param others Other options of the command. */
export function givenChoice(
  { test, seed, network }: { test?: unknown; seed?: unknown; network: NetworkName },
  others: Record<string, unknown>,
): string[] {
  const names = Object.entries({ test, seed, ...others })
    .filter(([, value]) => value !== undefined).map(([name]) => name);
  return network === "unreliable" ? names : [...names, "network"];
}

/** Refuses options beside a schedule, which leaves nothing to choose.
 *
 * @param names The names of the options.
 * @throws {CommandError} There are some. */
export function refuseBesideSchedule([first]: readonly string[]): void {
  if (first === undefined) return;
  throw new CommandError(`Option --${first} does nothing with --schedule; leave it out`);
}
