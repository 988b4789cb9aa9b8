/**
 * Runs the seven tests on the code of a mutant until one fails.
 *
 * @module
 */

import { makeShardConfig, type Run, type RunHooks, type RunSummary } from "../config.ts";
import { shortName } from "../testing/failure_report.ts";
import type { Machines } from "../testing/machines.ts";
import { PlainMachines, type StudentModules } from "../testing/plain_machines.ts";
import type { LabTest } from "../testing/lab_tests.ts";
import {
  measuredBy,
  measureRequirements,
  type Requirement,
  type RequirementName,
} from "../testing/requirements.ts";
import { evaluate, type SubmissionCode } from "./evaluate.ts";

const RUN = { seed: 1, clock: "virtual", network: "unreliable" } as const;

/** A mutant to run. */
export interface MutantTask extends SubmissionCode {
  /** The number of seeds for each test, from 1. */
  readonly seeds: number;
  /** The requirements that the original meets; absent for the original. */
  readonly requirements?: readonly RequirementName[];
}

/** The result of a mutant. */
export type MutantResult =
  /** `by` names the test that noticed the change first, or what else did. */
  | { readonly kind: "caught"; readonly by: string }
  /** Nothing noticed the change. `digests` are those of all runs, `requirements` those met. */
  | {
    readonly kind: "survived";
    readonly digests: string[];
    readonly requirements: RequirementName[];
  };

/** Runs a mutant with the tests in their order. */
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
      const { failure, summary } = await runTest(scenario, seed, {
        machines: new PlainMachines(modules),
      });
      if (failure !== undefined) return { kind: "caught", by: shortName(scenario.name) };
      digests.push(summary!.digest);
    }
  }
  // A mutant may fail before a requirement is measured.
  const requirements = await measured(new PlainMachines(modules)).catch(() => []);
  const met = requirements.filter(({ isMet }) => isMet).map(({ name }) => name);
  return expected.every((name) => met.includes(name))
    ? { kind: "survived", digests, requirements: met }
    : { kind: "caught", by: "a requirement" };
}

/** Runs one test.
 *
 * @returns The error if it failed, and the summary if it made a cluster. */
export async function runTest(
  { name, run }: LabTest,
  seed: number,
  hooks: RunHooks & { machines: Machines },
): Promise<{ failure?: Error; summary: RunSummary | undefined }> {
  let config: Run | undefined;
  const started = (made: Run) => {
    config = made;
    hooks.started?.(made);
  };
  try {
    await run({ name, run: { ...RUN, seed }, hooks: { ...hooks, started, print() {} } });
    return { summary: config?.summary };
  } catch (error) {
    return { failure: error as Error, summary: config?.summary };
  }
}

/** Measures the requirements of the assignment. */
export async function measured(machines: Machines): Promise<readonly Requirement[]> {
  return (await measureRequirements(measuredBy(makeShardConfig, RUN, () => machines))).requirements;
}
