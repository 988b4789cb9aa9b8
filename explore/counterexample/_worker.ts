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
import { allSchedules, type Bounds } from "./all_schedules.ts";
import { isSameFailure, schedulesFor, type SearchGoal } from "./enumeration.ts";
import { type Failure, minimize } from "./minimize.ts";
import type { Schedule } from "./schedule.ts";

/** A task for the process. */
export type Task =
  /** Tries small schedules, from a place on, until one fails as the goal says. */
  | { kind: "enumerate"; goal: SearchGoal; from: number }
  /** Makes a schedule that fails smaller, without those that never came to their end. */
  | { kind: "minimize"; goal: SearchGoal; schedule: Schedule; hung: readonly Schedule[] }
  /** Performs every so many of all schedules within bounds, up to the first that fails. */
  | { kind: "all"; bounds: Bounds; part: number; parts: number }
  /** Performs one schedule, and records it. A long one takes much longer if each step is told
   * at once, which is for schedules that never come to their end. */
  | { kind: "perform"; schedule: Schedule; tellsSteps: boolean };

/** A message of the process to its parent. */
export type WorkerMessage =
  /** From here on up to the next message, a schedule may not come back. A large one is left
   * out: to tell it takes as long as to perform it. */
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

/** Returns a function that performs schedules, and says which one may not come back.
 *
 * @param hung Schedules that never came to their end. */
function failsWith(perform: Perform, { hint }: SearchGoal, hung: readonly Schedule[] = []) {
  const skipped = new Set(hung.map((schedule) => JSON.stringify(schedule)));
  return async (schedule: Schedule, place = 0): Promise<Failure | undefined> => {
    if (skipped.size > 0 && skipped.has(JSON.stringify(schedule))) return undefined;
    const isTold = schedule.steps.length <= TOLD_STEPS_MAX;
    say({ kind: "trying", place, ...isTold && { schedule } });
    const performance = await perform(schedule);
    const violation = performance.violations.find((other) => isSameFailure(hint, other.hint));
    if (violation === undefined) return undefined;
    const [, key] = `${violation.operation ?? ""} ${violation.what}`.match(CALL) ?? [];
    return { performance, key: key && JSON.parse(key) };
  };
}

async function work(perform: Perform, task: Task): Promise<WorkerMessage> {
  switch (task.kind) {
    case "enumerate": {
      const fails = failsWith(perform, task.goal);
      let place = 0;
      for (const schedule of schedulesFor(task.goal)) {
        if (place++ < task.from) continue;
        if (await fails(schedule, place)) return { kind: "found", place, schedule, isOver: true };
      }
      return { kind: "none" };
    }
    case "minimize": {
      const fails = failsWith(perform, task.goal, task.hung);
      const smallest = await minimize(task.schedule, fails, (schedule) => {
        say({ kind: "found", place: 0, schedule, isOver: false });
      });
      if (smallest === undefined) return { kind: "none" };
      return { kind: "found", place: 0, schedule: smallest, isOver: true };
    }
    case "all": {
      let place = 0;
      for (const schedule of allSchedules(task.bounds)) {
        if (place++ % task.parts !== task.part) continue;
        say({ kind: "trying", place });
        const { violations } = await perform(schedule);
        if (violations.length > 0) return { kind: "found", place, schedule, isOver: true };
      }
      return { kind: "none" };
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

await serve<Task>(async () => {
  const { perform } = await import("./perform.ts");
  return { work: async (task) => say(await work(perform, task)) };
});
