/**
 * Runs a program of the zoo as `deno test` does: held to the rules, and loaded by the runtime into
 * the realm of the tests.
 *
 * @module
 */

import { makeTemporary } from "../../cli/temporary.ts";
import { PlainMachines } from "../../testing/plain_machines.ts";
import { type Outcome, outcomeIn, refusedOutcome } from "./outcome.ts";

/** The modules that programs import. */
const IMPORTED = /(?<=\bfrom )"([@a-z./][^":]*)"/g;

/** Runs tests with the seed of a plain `deno test`, in this process. One program runs at a
 * time, since there is one simulation.
 *
 * @param files The program's files.
 * @param tests The short names of the tests.
 * @param turnMsMax How long one turn of the event loop may take, in real milliseconds.
 */
export async function runPlainly(
  files: ReadonlyMap<string, string>,
  tests: readonly string[],
  turnMsMax?: number,
): Promise<Outcome> {
  const modules = await load(files);
  const machines = new PlainMachines({
    client: () => modules.get("client.ts")!,
    server: () => modules.get("server.ts")!,
  });
  return refusedOutcome(files, tests) ?? await outcomeIn(tests, () => machines, turnMsMax);
}

/** Loads files from a folder of their own, beside the lab that is here. */
async function load(files: ReadonlyMap<string, string>): Promise<Map<string, object>> {
  const folder = await makeTemporary();
  try {
    const modules = new Map<string, object>();
    for (const [file, text] of files) {
      const resolved = text.replace(IMPORTED, (_, name) => {
        return JSON.stringify(import.meta.resolve(name.replace(/^\.\//, "../../")));
      });
      const path = `${folder}/${file}`;
      await Deno.writeTextFile(path, resolved);
      modules.set(file, await import(`file://${path}`));
    }
    return modules;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
