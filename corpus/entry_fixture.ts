/**
 * Runs the seven tests on the entries of the corpus in this realm, beside a lab that was loaded
 * once.
 *
 * @module
 */

import { assert } from "@std/assert";
import type { RunHooks } from "../config.ts";
import "../test_test.ts";
import { compile, stopCompiler } from "../mutate/compile.ts";
import { evaluate } from "../mutate/evaluate.ts";
import { measured, runTest } from "../mutate/run_mutant.ts";
import type { Machines } from "../testing/machines.ts";
import { PlainMachines } from "../testing/plain_machines.ts";
import { labTests } from "../testing/lab_tests.ts";
import { CORPUS, TestName } from "./expectation.ts";

export { stopCompiler };

/** Returns the texts of the two files of a submission.
 *
 * @param entry The name of an entry, or `..` for the lab's own solution.
 */
export async function filesOf(entry: string): Promise<Map<string, string>> {
  const names = ["client.ts", "server.ts"];
  return new Map(
    await Promise.all(names.map(async (name): Promise<[string, string]> => {
      return [name, await Deno.readTextFile(new URL(`${entry}/${name}`, CORPUS))];
    })),
  );
}

/** Loads a submission; its modules are the same in all of its runs. */
export async function loadMachines(files: ReadonlyMap<string, string>): Promise<Machines> {
  const codeOf = async (name: string) => {
    const compiled = await compile(files.get(name)!);
    assert("code" in compiled, `${name}: ${(compiled as { problem: string }).problem}`);
    return compiled.code;
  };
  const [client, server] = await Promise.all([codeOf("client.ts"), codeOf("server.ts")]);
  return new PlainMachines(evaluate({ client, server }));
}

/** One run of a test. */
export interface Run {
  readonly name: TestName;
  readonly passed: boolean;
  readonly events: number;
  readonly digest: string;
}

/** Runs a test.
 *
 * @param hooks The machines, and what else is wanted of the run.
 */
export async function runOnce(
  name: TestName,
  seed: number,
  hooks: RunHooks & { machines: Machines },
): Promise<Run> {
  const test = labTests.find((each) => each.name.startsWith(`${name}:`))!;
  const { failure, summary } = await runTest(test, seed, hooks);
  const { events, digest } = summary!;
  return { name, passed: failure === undefined, events, digest };
}

/** Returns the requirements that a submission does not meet. */
export async function unmetBy(machines: Machines): Promise<string[]> {
  return (await measured(machines)).filter(({ isMet }) => !isMet).map(({ name }) => name);
}
