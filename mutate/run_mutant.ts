/**
 * Runs the seven tests on the code of a mutant, and stops at the first that fails.
 *
 * The code runs in this realm, beside a lab that was loaded once: what a mutant costs is what
 * its tests cost.
 *
 * @module
 */

import * as assert from "@std/assert";
import * as async from "@std/async";
import * as zod from "zod";
import { makeShardConfig, type Run } from "../config.ts";
import * as labrpc from "../labrpc.ts";
import { shortName } from "../testing/failure_report.ts";
import { PlainMachines, type StudentModules } from "../testing/plain_machines.ts";
import type { LabTest } from "../testing/lab_tests.ts";
import { measureRequirements, type RequirementName } from "../testing/requirements.ts";

/** A mutant to run. */
export interface MutantTask {
  /** The code of `client.ts` and of `server.ts` as CommonJS modules. */
  readonly client: string;
  readonly server: string;
  /** The number of seeds for each test, from 1. */
  readonly seeds: number;
  /** The requirements of the assignment that the original meets; absent for the original. */
  readonly requirements?: readonly RequirementName[];
}

/** The result of a mutant. */
export type MutantResult =
  /** The first thing that was wrong, and the report of it. */
  | { readonly kind: "caught"; readonly by: string; readonly report: string }
  /** Nothing was wrong. `digests` has that of each run, `requirements` those that it meets. */
  | {
    readonly kind: "survived";
    readonly digests: string[];
    readonly requirements: RequirementName[];
  };

/** The modules that a submission may import, besides its own. */
const MODULES: Record<string, object> = {
  "zod": zod,
  "@std/assert": assert,
  "@std/async": async,
  "./labrpc.ts": labrpc,
  "./config.ts": {},
};

/** Runs a mutant.
 *
 * @param scenarios The tests, in the order in which they run. */
export async function runMutant(
  scenarios: readonly LabTest[],
  { client, server, seeds, requirements: expected = [] }: MutantTask,
): Promise<MutantResult> {
  let modules: Record<string, object>;
  try {
    modules = load({ "./client.ts": client, "./server.ts": server });
  } catch (error) {
    return { kind: "caught", by: "load", report: reportOf(error) };
  }
  const digests: string[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    for (const scenario of scenarios) {
      try {
        digests.push(await runTest(scenario, seed, modules));
      } catch (error) {
        return { kind: "caught", by: shortName(scenario.name), report: reportOf(error) };
      }
    }
  }
  const requirements = await requirementsMetBy(modules);
  const unmet = expected.find((name) => !requirements.includes(name));
  if (unmet === undefined) return { kind: "survived", digests, requirements };
  return { kind: "caught", by: "a requirement", report: `It no longer meets "${unmet}"` };
}

/** Evaluates modules that may import each other. */
function load(codes: Record<string, string>): Record<string, object> {
  const loaded: Record<string, object> = {};
  const require = (name: string): object => {
    const code = codes[name];
    if (code === undefined) {
      if (Object.hasOwn(MODULES, name)) return MODULES[name]!;
      throw new Error(`There is no module "${name}"`);
    }
    if (loaded[name] !== undefined) return loaded[name];
    const module = { exports: {} };
    loaded[name] = module.exports;
    new Function("require", "module", "exports", code)(require, module, module.exports);
    return loaded[name] = module.exports;
  };
  for (const name of Object.keys(codes)) require(name);
  return loaded;
}

function machinesOf(modules: Record<string, object>): PlainMachines {
  const student: StudentModules = {
    client: () => modules["./client.ts"]!,
    server: () => modules["./server.ts"]!,
  };
  return new PlainMachines(student);
}

/** Runs one test.
 *
 * @returns The digest of the run.
 * @throws {Error} It failed. */
async function runTest(
  { name, run }: LabTest,
  seed: number,
  modules: Record<string, object>,
): Promise<string> {
  let config: Run | undefined;
  const started = (made: Run) => void (config = made);
  await run({
    name,
    run: { seed, clock: "virtual", network: "unreliable" },
    hooks: { machines: machinesOf(modules), started, print() {} },
  });
  return config!.summary.digest;
}

async function requirementsMetBy(modules: Record<string, object>): Promise<RequirementName[]> {
  const run = { seed: 1, clock: "virtual", network: "unreliable" } as const;
  try {
    const { requirements } = await measureRequirements((size, listener) => {
      const hooks = { machines: machinesOf(modules), print() {}, ...listener && { listener } };
      return makeShardConfig({ name: "requirements", run, hooks }, { ...size, unreliable: false });
    });
    return requirements.filter(({ isMet }) => isMet).map(({ name }) => name);
  } catch {
    // It fails before anything can be measured.
    return [];
  }
}

function reportOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
