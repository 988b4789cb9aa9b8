/**
 * Runs programs of the zoo in this process, one at a time: in the realm of the tests, as
 * `deno test` does, or in realms of their own, as grading does.
 *
 * @module
 */

import { makeTemporary } from "../../cli/temporary.ts";
import type { Machines } from "../../testing/machines.ts";
import { PlainMachines } from "../../testing/plain_machines.ts";
import { DEFAULT_SEED } from "../../testing/run_options.ts";
import { bundleFiles, runOutcome } from "../realm/fixture.ts";
import { RealmFactory } from "../realm/mod.ts";

/** The outcome of a program. */
export interface Outcome {
  /** The short names of the tests that passed and of those that failed. */
  passed: string[];
  failed: string[];
  /** The failure reports, and in a child process also what the program printed. */
  output: string;
}

/** The outcome of a run that passed: its digest. */
const DIGEST = /^[\da-f]{16}$/;

/** The report of a run that got too little processor time, which is no verdict. */
const HELD = /^Held at /;

/** The modules that programs import. */
const IMPORTED = /(?<=\bfrom )"([@a-z./][^":]*)"/g;

type Run = (
  files: ReadonlyMap<string, string>,
  tests: readonly string[],
  turnMsMax?: number,
) => Promise<Outcome>;

/** Runs tests on files that the runtime loads into the realm of the tests.
 *
 * @param files The program's files.
 * @param tests The short names of the tests.
 * @param turnMsMax The limit of one turn of the event loop, in real milliseconds.
 */
export const runInTestRealm: Run = async (files, tests, turnMsMax) => {
  const modules = await load(files);
  const machines = new PlainMachines({
    client: () => modules.get("client.ts")!,
    server: () => modules.get("server.ts")!,
  });
  return await outcomeOf(tests, () => machines, turnMsMax);
};

/** Runs tests in realms; the parameters are those of {@linkcode runInTestRealm}. */
export const runInOwnRealms: Run = async (files, tests, turnMsMax) => {
  const factory = new RealmFactory(await bundleFiles(files));
  return await outcomeOf(tests, () => factory.machines(), turnMsMax);
};

async function outcomeOf(
  tests: readonly string[],
  machinesOf: () => Machines | Promise<Machines>,
  turnMsMax: number | undefined,
): Promise<Outcome> {
  const outcome: Outcome = { passed: [], failed: [], output: "" };
  for (const test of tests) {
    let report: string;
    let msMax = turnMsMax;
    do {
      report = await runOutcome(test, DEFAULT_SEED, await machinesOf(), msMax);
      msMax = msMax && 2 * msMax;
    } while (HELD.test(report));
    outcome[DIGEST.test(report) ? "passed" : "failed"].push(test);
    outcome.output += `${report}\n`;
  }
  return outcome;
}

/** Loads files from a temporary folder. They import this lab. */
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
