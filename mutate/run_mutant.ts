/**
 * Runs the seven tests on the code of a mutant, and stops at the first that fails.
 *
 * The code runs in this realm, beside a lab that was loaded once: what a mutant costs is what
 * its tests cost.
 *
 * @module
 */

import { makeShardConfig, type Run } from "../config.ts";
import { shortName } from "../testing/failure_report.ts";
import { PlainMachines, type StudentModules } from "../testing/plain_machines.ts";
import type { LabTest } from "../testing/lab_tests.ts";
import { measuredBy, measureRequirements, type RequirementName } from "../testing/requirements.ts";
import { evaluate, type SubmissionCode } from "./evaluate.ts";

/** A mutant to run. */
export interface MutantTask extends SubmissionCode {
  /** The number of seeds for each test, from 1. */
  readonly seeds: number;
  /** The requirements of the assignment that the original meets; absent for the original. */
  readonly requirements?: readonly RequirementName[];
}

/** The result of a mutant. */
export type MutantResult =
  /** What noticed it first. */
  | { readonly kind: "caught"; readonly by: string }
  /** Nothing was wrong. `digests` has that of each run, `requirements` those that it meets. */
  | {
    readonly kind: "survived";
    readonly digests: string[];
    readonly requirements: RequirementName[];
  };

/** Runs a mutant.
 *
 * @param scenarios The tests, in the order in which they run. */
export async function runMutant(
  scenarios: readonly LabTest[],
  { client, server, seeds, requirements: expected = [] }: MutantTask,
): Promise<MutantResult> {
  let modules: StudentModules;
  try {
    modules = evaluate({ client, server });
  } catch {
    return { kind: "caught", by: "load" };
  }
  const digests: string[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    for (const scenario of scenarios) {
      try {
        digests.push(await runTest(scenario, seed, modules));
      } catch {
        return { kind: "caught", by: shortName(scenario.name) };
      }
    }
  }
  const requirements = await requirementsMetBy(modules);
  return expected.every((name) => requirements.includes(name))
    ? { kind: "survived", digests, requirements }
    : { kind: "caught", by: "a requirement" };
}

/** Runs one test.
 *
 * @returns The digest of the run.
 * @throws {Error} It failed. */
async function runTest(
  { name, run }: LabTest,
  seed: number,
  modules: StudentModules,
): Promise<string> {
  let config: Run | undefined;
  const started = (made: Run) => void (config = made);
  await run({
    name,
    run: { seed, clock: "virtual", network: "unreliable" },
    hooks: { machines: new PlainMachines(modules), started, print() {} },
  });
  return config!.summary.digest;
}

async function requirementsMetBy(modules: StudentModules): Promise<RequirementName[]> {
  const run = { seed: 1, clock: "virtual", network: "unreliable" } as const;
  try {
    const makeCluster = measuredBy(makeShardConfig, run, () => new PlainMachines(modules));
    const { requirements } = await measureRequirements(makeCluster);
    return requirements.filter(({ isMet }) => isMet).map(({ name }) => name);
  } catch {
    // It fails before anything can be measured.
    return [];
  }
}
