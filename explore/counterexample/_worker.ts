/**
 * The inside of a process that performs schedules on a submission, without any permission.
 *
 * @module
 */

import type { RunSummary } from "../../config.ts";
import type { Violation } from "../../testing/failure_report.ts";
import { printTo } from "../run/console.ts";
import { beat, ignoreInterrupts, listen, post } from "../run/parent.ts";
import { type Entry, Recorder, type Recording } from "../recording/recording.ts";
import { allSchedules, type Bounds } from "./all_schedules.ts";
import { isSameFailure, schedulesFor, type SearchGoal } from "./enumeration.ts";
import { type Failure, minimize } from "./minimize.ts";
import type { Performance } from "./perform.ts";
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
  | { kind: "ready" }
  | { kind: "broken"; problem: string }
  /** From here on up to the next message, a schedule may not come back. A large one is left
   * out: to tell it takes as long as to perform it. */
  | { kind: "trying"; place: number; schedule?: Schedule }
  /** The process has let go of the processor lately. */
  | { kind: "alive" }
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

/** Performs schedules, and says which one may not come back. */
class Trials {
  place = 0;
  readonly #perform: Perform;
  readonly #hint: string;
  readonly #endMs: number;
  readonly #hung: ReadonlySet<string>;

  constructor(
    perform: Perform,
    { hint }: SearchGoal,
    timeMs: number,
    hung: readonly Schedule[] = [],
  ) {
    this.#hung = new Set(hung.map((schedule) => JSON.stringify(schedule)));
    this.#perform = perform;
    this.#hint = hint;
    this.#endMs = realNow() + timeMs;
  }

  isOver(): boolean {
    return realNow() > this.#endMs;
  }

  async fails(schedule: Schedule): Promise<Failure | undefined> {
    if (this.#hung.size > 0 && this.#hung.has(JSON.stringify(schedule))) return undefined;
    const isTold = schedule.steps.length <= TOLD_STEPS_MAX;
    say({ kind: "trying", place: this.place, ...isTold && { schedule } });
    return this.#failureOf(await this.#perform(schedule));
  }

  #failureOf(performance: Performance): Failure | undefined {
    const { violations } = performance;
    const violation = violations.find(({ hint }) => isSameFailure(this.#hint, hint));
    if (violation === undefined) return undefined;
    const { operation = "", what } = violation;
    const [, key] = `${operation} ${what}`.match(CALL) ?? [];
    return { performance, key: key === undefined ? undefined : JSON.parse(key) };
  }
}

/** A call in a violation, with its key as JSON. */
const CALL = /\b(?:get|put|append)\(("(?:[^"\\]|\\.)*")/;

async function enumerate(
  perform: Perform,
  { goal, from, timeMs }: Extract<Task, { kind: "enumerate" }>,
): Promise<WorkerMessage> {
  const trials = new Trials(perform, goal, timeMs);
  for (const schedule of schedulesFor(goal)) {
    if (trials.place++ < from) continue;
    if (trials.isOver()) break;
    if (await trials.fails(schedule)) {
      return { kind: "found", place: trials.place, schedule, isOver: true };
    }
  }
  return { kind: "none" };
}

async function minimizeOne(
  perform: Perform,
  { goal, schedule, hung, timeMs }: Extract<Task, { kind: "minimize" }>,
): Promise<WorkerMessage> {
  const trials = new Trials(perform, goal, timeMs, hung);
  const smallest = await minimize(schedule, trials, (schedule) => {
    say({ kind: "found", place: 0, schedule, isOver: false });
  });
  return smallest
    ? { kind: "found", place: 0, schedule: smallest, isOver: true }
    : { kind: "none" };
}

async function performAll(
  perform: Perform,
  { bounds, part, parts }: Extract<Task, { kind: "all" }>,
): Promise<WorkerMessage> {
  let place = 0;
  for (const schedule of allSchedules(bounds)) {
    if (place++ % parts !== part) continue;
    say({ kind: "trying", place });
    const { violations } = await perform(schedule);
    if (violations.length > 0) return { kind: "found", place, schedule, isOver: true };
  }
  return { kind: "none" };
}

async function performOne(
  perform: Perform,
  { schedule, tellsSteps }: Extract<Task, { kind: "perform" }>,
): Promise<WorkerMessage> {
  const recorder = new Recorder((entry) => {
    if (tellsSteps) say({ kind: "step", entry });
  });
  printTo((text) => recorder.print(text));
  say({ kind: "trying", place: 0, schedule });
  const { violations, summary } = await perform(schedule, recorder.hooks);
  const { recording } = recorder;
  return {
    kind: "performed",
    violations: [...violations],
    recording,
    ...summary && { summary },
  };
}

function work(perform: Perform, task: Task): Promise<WorkerMessage> {
  switch (task.kind) {
    case "enumerate":
      return enumerate(perform, task);
    case "minimize":
      return minimizeOne(perform, task);
    case "all":
      return performAll(perform, task);
    case "perform":
      return performOne(perform, task);
  }
}

ignoreInterrupts();
try {
  const { perform } = await import("./perform.ts");
  beat();
  say({ kind: "ready" });
  void listen<Task>(async (task) => say(await work(perform, task)));
} catch (error) {
  const problem = error instanceof Error ? error.message : String(error);
  say({ kind: "broken", problem });
}
