/**
 * One run of one test with one seed, and its result, as plain data that can leave the process.
 *
 * @module
 */

import type { Run, RunHooks, RunSummary } from "../../config.ts";
import { realNow } from "../../sim/mod.ts";
import { LabFailure, type ReplayTarget, type Violation } from "../../testing/failure_report.ts";
import type { LabTest } from "../../testing/lab_tests.ts";
import type { NetworkName } from "../../testing/run_options.ts";
import type { Print } from "./console.ts";
import type { Schedule } from "../counterexample/schedule.ts";
import { ScheduleRecorder } from "../counterexample/schedule_recorder.ts";
import { Recorder, type Recording } from "../recording/recording.ts";

/** A run to make. */
export interface SeedTask {
  /** The full name of the test. */
  test: string;
  seed: number;
  network: NetworkName;
  /** True if all events are recorded. */
  record?: boolean;
  /** True if the run is recorded as a schedule. */
  schedule?: boolean;
}

/** The failure of a run: a violation, or the text of an unexpected error. */
export type SeedFailure = { violation: Violation } | { error: string };

/** The result of a run. */
export interface SeedResult {
  /** Absent if the run passed. */
  failure?: SeedFailure;
  /** Absent if the run never ended. */
  summary?: RunSummary;
  /** The duration, in real milliseconds. */
  realMs: number;
  recording?: Recording;
  schedule?: Schedule;
}

/** Runs a test once.
 *
 * @param printTo Sends the output of the submission to a function, or drops it.
 */
export async function runSeed(
  scenario: LabTest,
  { test, seed, network, record = false, schedule = false }: SeedTask,
  printTo: (print: Print | undefined) => void,
): Promise<SeedResult> {
  const recorder = record ? new Recorder() : undefined;
  const scheduler = schedule ? new ScheduleRecorder() : undefined;
  let config: Run | undefined;
  const listener: RunHooks["listener"] = (event, atMs, carried) => {
    recorder?.hooks.listener(event, atMs, carried);
    scheduler?.hooks.listener(event, atMs);
  };
  const hooks: RunHooks = {
    started(made) {
      config = made;
      recorder?.hooks.started(made);
      scheduler?.hooks.started(made);
    },
    print() {},
    ...scheduler && { network: scheduler.hooks.network },
    ...(record || schedule) && { listener },
  };
  printTo(recorder && ((text) => recorder.print(text)));
  const startMs = realNow();
  let failure: SeedFailure | undefined;
  try {
    const run = { seed, clock: "virtual", network } as const;
    await scenario.run({ name: test, run, hooks });
  } catch (error) {
    failure = failureOf(error);
  }
  const recorded = scheduler?.schedule(seed);
  return {
    realMs: realNow() - startMs,
    ...failure && { failure },
    ...config && { summary: config.summary },
    ...recorder && { recording: recorder.recording },
    ...recorded && { schedule: recorded },
  };
}

function failureOf(error: unknown): SeedFailure {
  if (error instanceof LabFailure) return { violation: error.violation };
  return { error: error instanceof Error ? error.stack ?? error.message : String(error) };
}

/** Returns the text of the failure of a run. */
export function failureText(failure: SeedFailure, target: ReplayTarget): string {
  return new LabFailure(violationOf(failure), target).message;
}

/** Returns the violation of a run; an unexpected error is a mistake in the lab. */
export function violationOf(failure: SeedFailure): Violation {
  if ("violation" in failure) return failure.violation;
  const hint = "This is a mistake in the lab; tell your instructor about it.";
  return { what: failure.error, hint };
}
