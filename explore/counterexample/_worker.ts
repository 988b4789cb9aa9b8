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
  | { kind: "enumerate"; goal: SearchGoal; from: number; timeMs: number }
  /** Makes a schedule that fails smaller, without those that never came to their end. */
  | {
    kind: "minimize";
    goal: SearchGoal;
    schedule: Schedule;
    hung: readonly Schedule[];
    timeMs: number;
  }
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
const realNow = performance.now.bind(performance);

/** Schedules with more steps than this are not told before they are tried. */
const TOLD_STEPS_MAX = 100;

type Perform = typeof import("./perform.ts").perform;

/** A call in a violation, with its key as JSON. */
const CALL = /\b(?:get|put|append)\(("(?:[^"\\]|\\.)*")/;

/** Performs schedules, and says which one may not come back. */
class Trials {
  place = 0;
  readonly #perform: Perform;
  readonly #hint: string;
  readonly #endMs: number;
  readonly #hung: ReadonlySet<string>;

  constructor(
    perform: Perform,
    { goal, timeMs, hung = [] }: { goal: SearchGoal; timeMs: number; hung?: readonly Schedule[] },
  ) {
    this.#perform = perform;
    this.#hint = goal.hint;
    this.#endMs = realNow() + timeMs;
    this.#hung = new Set(hung.map((schedule) => JSON.stringify(schedule)));
  }

  isOver(): boolean {
    return realNow() > this.#endMs;
  }

  async fails(schedule: Schedule): Promise<Failure | undefined> {
    if (this.#hung.size > 0 && this.#hung.has(JSON.stringify(schedule))) return undefined;
    const isTold = schedule.steps.length <= TOLD_STEPS_MAX;
    say({ kind: "trying", place: this.place, ...isTold && { schedule } });
    const performance = await this.#perform(schedule);
    const violation = performance.violations.find(({ hint }) => isSameFailure(this.#hint, hint));
    if (violation === undefined) return undefined;
    const [, key] = `${violation.operation ?? ""} ${violation.what}`.match(CALL) ?? [];
    return { performance, key: key && JSON.parse(key) };
  }
}

async function work(perform: Perform, task: Task): Promise<WorkerMessage> {
  switch (task.kind) {
    case "enumerate": {
      const trials = new Trials(perform, task);
      for (const schedule of schedulesFor(task.goal)) {
        if (trials.place++ < task.from) continue;
        if (trials.isOver()) break;
        if (await trials.fails(schedule)) {
          return { kind: "found", place: trials.place, schedule, isOver: true };
        }
      }
      return { kind: "none" };
    }
    case "minimize": {
      const smallest = await minimize(task.schedule, new Trials(perform, task), (schedule) => {
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
