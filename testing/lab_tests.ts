/**
 * The list of the lab's tests. `test_test.ts` fills it. `deno test` gets them from
 * {@linkcode runnerTests}; other tools run them with any seed, as often as they want.
 *
 * @module
 */

import { exitOnOtherVersion } from "../cli/version.ts";
import { LabFailure } from "./failure_report.ts";
import { tellRequirements } from "./green_run.ts";
import { limitedBy } from "./limited.ts";
import { type MakeShardConfig, measuredBy } from "./requirements.ts";
import type { Run, TestHandle } from "./run_hooks.ts";
import { commandLineOptions } from "./run_options.ts";
import { hasRunnerSeed, RUNNER_SEED_NOTE } from "./runner_seed.ts";
import { nameSpeakers } from "./speakers.ts";

/** A test of the lab. */
export interface LabTest {
  /** Its whole name, for example `"TestBasic: one client"`. */
  readonly name: string;
  /** Runs it once. */
  run(t: TestHandle): Promise<void>;
}

const listed: LabTest[] = [];

/** The line at which each of them begins. */
const lines = new Map<LabTest, number>();

/** The tests, in the order of the assignment. The list is empty until `test_test.ts` is
 * imported. */
export const labTests: readonly LabTest[] = listed;

/** Adds a test to the list.
 *
 * @param name Its whole name.
 * @param run Runs it once. */
export function labTest(name: string, run: (t: TestHandle) => Promise<void>): void {
  const test = { name, run };
  listed.push(test);
  lines.set(test, Number(new Error().stack?.match(/test_test\.ts:(\d+)/)?.[1]));
}

/** Returns the tests that the command line asks for: all, or the one that a line belongs to. */
function chosenTests(line: number | undefined): readonly LabTest[] {
  if (line === undefined) return listed;
  return [listed.findLast((test) => lines.get(test)! <= line) ?? listed[0]!];
}

/** Returns the listed tests for `Deno.test`: they run as the command line says, within limits of
 * real time. After a run in which all of them passed, one line says which requirements are met.
 *
 * @param makeShardConfig Makes the clusters on which those are measured.
 * @throws {OptionsError} The command line has an option that the tests do not know. */
export function runnerTests(
  makeShardConfig: MakeShardConfig,
): ReturnType<ReturnType<typeof limitedBy<Run>>>[] {
  exitOnOtherVersion();
  const options = commandLineOptions();
  const isVirtual = options.clock === "virtual";
  const define = limitedBy<Run>(options);
  const passed = new Set<string>();
  let isFirst = true;
  let current: Run | undefined;
  // A test that the runner ended never reached the end of its "await using".
  Deno.test.afterEach(() => {
    if (current !== undefined) console.error(current.unfinished().message);
    current?.cleanup();
    current = undefined;
  });
  Deno.test.afterAll(async () => {
    if (passed.size < listed.length) return;
    await tellRequirements(measuredBy(makeShardConfig, { ...options, network: "unreliable" }));
  });
  return chosenTests(options.line).map((test) => {
    const definition = define(test.name, async ({ name, origin, hooks }) => {
      if (isFirst && isVirtual && hasRunnerSeed()) console.log(RUNNER_SEED_NOTE);
      isFirst = false;
      const started = (run: Run) => {
        current = run;
        if (isVirtual) nameSpeakers(() => run.now());
        hooks?.started?.(run);
      };
      const failed = (error: unknown) => {
        // The failure is told, also if the scenario never comes back.
        current = undefined;
        hooks?.failed?.(error);
      };
      const handle = { name, run: options, hooks: { ...hooks, started, failed } };
      try {
        await test.run(origin === undefined ? handle : { ...handle, origin });
      } finally {
        current = undefined;
      }
      if (isVirtual) passed.add(name);
    });
    return { ...definition, fn: (t) => definition.fn(t).catch(throwReport) };
  });
}

/** Throws what the runner prints as it is: to an error without a stack it adds a line of the
 * runtime. */
function throwReport(error: unknown): never {
  if (!(error instanceof LabFailure)) throw error;
  throw { [Symbol.for("Deno.customInspect")]: () => `${error.name}: ${error.message}` };
}
