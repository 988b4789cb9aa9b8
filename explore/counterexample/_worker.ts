/**
 * The inside of a process that performs schedules on a submission, without any permission.
 *
 * @module
 */

import type { RunSummary } from "../../config.ts";
import type { Violation } from "../../testing/failure_report.ts";
import { printTo } from "../run/console.ts";
import { post, serve } from "../run/parent.ts";
import { type Entry, Recorder, type Recording } from "../recording/recording.ts";
import { allSchedules, type Bounds, type ScheduleCluster } from "./all_schedules.ts";
import { isSameFailure } from "./same_failure.ts";
import { type Failure, minimize } from "./minimize.ts";
import type { Schedule } from "./schedule.ts";

/** A task for the process. A hint says which failures count; without one, all do. */
export type Task =
  /** Performs all schedules within bounds from one on, or every so many, until one fails. */
  | {
    kind: "enumerate";
    bounds: Bounds;
    clusters: readonly ScheduleCluster[];
    first: number;
    step: number;
    hint?: string;
  }
  /** Makes a schedule that fails smaller, without those that never came to their end.
   * `patienceMs` is the time that an operation may take. */
  | {
    kind: "minimize";
    hint: string;
    schedule: Schedule;
    hung: readonly Schedule[];
    patienceMs: number | undefined;
  }
  /** Performs one schedule, and records it. A long one takes much longer if each step is told
   * at once, which is for schedules that never come to their end. */
  | { kind: "perform"; schedule: Schedule; tellsSteps: boolean };

/** A message of the process to its parent. */
export type WorkerMessage =
  /** From here on up to the next message, a schedule may not come back. A large one is left
   * out: to tell it takes as long as to perform it. `place` is its number, from 1. */
  | { kind: "trying"; place: number; schedule?: Schedule }
  /** This one fails as the goal says. The search is over, or goes on to make it smaller. */
  | { kind: "found"; place: number; schedule: Schedule; isOver: boolean }
  /** Happened in the performance that goes on. */
  | { kind: "step"; entry: Entry }
  | { kind: "performed"; violations: Violation[]; recording: Recording; summary?: RunSummary }
  /** The search is over and found nothing. */
  | { kind: "none" };

const say = (message: WorkerMessage) => post(message);

/** Schedules with more steps than this are not told before they are tried. */
const TOLD_STEPS_MAX = 100;

type Perform = typeof import("./perform.ts").perform;

/** A call in a violation, with its key as JSON. */
const CALL = /\b(?:get|put|append)\(("(?:[^"\\]|\\.)*")/;

/** Performs a schedule, and says that it may not come back.
 *
 * @returns What is known if it fails with a violation that counts. */
async function tryOne(
  perform: Perform,
  schedule: Schedule,
  { place = 0, hint, patienceMs }: {
    place?: number;
    hint?: string;
    patienceMs?: number | undefined;
  },
): Promise<Failure | undefined> {
  const isTold = schedule.steps.length <= TOLD_STEPS_MAX;
  say({ kind: "trying", place, ...isTold && { schedule } });
  const performance = await perform(schedule, {}, { patienceMs });
  const violation = performance.violations.find((other) => {
    return hint === undefined || isSameFailure(hint, other.hint);
  });
  if (violation === undefined) return undefined;
  const [, key] = `${violation.operation ?? ""} ${violation.what}`.match(CALL) ?? [];
  return { performance, key: key && JSON.parse(key) };
}

async function work(perform: Perform, task: Task): Promise<WorkerMessage> {
  switch (task.kind) {
    case "enumerate": {
      const { bounds, clusters, first, step } = task;
      for (const [i, schedule] of allSchedules(bounds, clusters).drop(first).map(numbered)) {
        if (i % step > 0) continue;
        const place = first + i + 1;
        const failure = await tryOne(perform, schedule, { ...task, place });
        if (failure) return { kind: "found", place, schedule, isOver: true };
      }
      return { kind: "none" };
    }
    case "minimize": {
      const hung = new Set(task.hung.map((schedule) => JSON.stringify(schedule)));
      const fails = async (schedule: Schedule) => {
        if (hung.size > 0 && hung.has(JSON.stringify(schedule))) return undefined;
        return await tryOne(perform, schedule, task);
      };
      const schedule = await minimize(task.schedule, fails, (schedule) => {
        say({ kind: "found", place: 0, schedule, isOver: false });
      });
      return schedule ? { kind: "found", place: 0, schedule, isOver: true } : { kind: "none" };
    }
    case "perform": {
      const recorder = new Recorder((entry) => {
        if (task.tellsSteps) say({ kind: "step", entry });
      });
      printTo((text) => recorder.print(text));
      say({ kind: "trying", place: 0, schedule: task.schedule });
      const { violations, summary } = await perform(task.schedule, recorder.hooks);
      return {
        kind: "performed",
        violations: [...violations],
        recording: recorder.recording,
        ...summary && { summary },
      };
    }
  }
}

const numbered = (schedule: Schedule, i: number) => [i, schedule] as const;

await serve<Task>(async () => {
  const { perform } = await import("./perform.ts");
  return { work: async (task) => say(await work(perform, task)) };
});
