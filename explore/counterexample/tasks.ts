/**
 * The tasks of a process that performs schedules on a submission.
 *
 * @module
 */

import type { RunSummary } from "../../config.ts";
import type { Violation } from "../../testing/failure_report.ts";
import { printTo } from "../run/console.ts";
import { type Entry, Recorder, type Recording } from "../recording/recording.ts";
import { allSchedules, type Bounds, type ScheduleCluster } from "./all_schedules.ts";
import type { Failure } from "./failure.ts";
import { minimize } from "./minimize.ts";
import type { Schedule } from "./schedule.ts";

/** A task. Hints say which failures count; without them, all do. */
export type Task =
  /** Performs all schedules within bounds from one on, or every so many, until one fails. */
  | {
    kind: "enumerate";
    bounds: Bounds;
    clusters: readonly ScheduleCluster[];
    first: number;
    step: number;
    hints?: readonly string[];
  }
  /** Makes a schedule that fails smaller, without those that never came to their end.
   * `patienceMs` is the time that an operation may take. */
  | {
    kind: "minimize";
    hints: readonly string[];
    schedule: Schedule;
    hung: readonly Schedule[];
    patienceMs: number | undefined;
  }
  /** Performs one schedule, and records it. `tellsSteps` reports each event at once, for schedules
   * that never end; long ones take much longer then. */
  | { kind: "perform"; schedule: Schedule; tellsSteps: boolean };

/** A message about a task; the last one is its result. */
export type WorkerMessage =
  /** A schedule is about to be performed, and may never end. A large one is left out, since sending
   * it costs as much as performing it. `place` is its number, from 1. */
  | { kind: "trying"; place: number; schedule?: Schedule }
  /** A schedule fails with the wanted hint; unless `isOver`, it is made smaller. */
  | { kind: "found"; place: number; schedule: Schedule; isOver: boolean }
  /** An event of the performance in progress. */
  | { kind: "step"; entry: Entry }
  | { kind: "performed"; violations: Violation[]; recording: Recording; summary?: RunSummary }
  /** The search is over and found nothing. */
  | { kind: "none" };

/** Schedules with more steps than this are not told before they are tried. */
const TOLD_STEPS_MAX = 100;

type Perform = typeof import("./perform.ts").perform;

/** A call in a violation, with its key as JSON. */
const CALL = /\b(?:get|put|append)\(("(?:[^"\\]|\\.)*")/;

/** Does tasks on one submission. */
export class Performer {
  readonly #perform: Perform;
  readonly #say: (message: WorkerMessage) => void;

  /** @param perform Performs one schedule on the submission.
   * @param say Receives messages about a task before its result. */
  constructor(perform: Perform, say: (message: WorkerMessage) => void) {
    this.#perform = perform;
    this.#say = say;
  }

  /** Does a task. */
  async work(task: Task): Promise<WorkerMessage> {
    switch (task.kind) {
      case "enumerate": {
        const { bounds, clusters, first, step } = task;
        for (const [i, schedule] of allSchedules(bounds, clusters).drop(first).map(numbered)) {
          if (i % step > 0) continue;
          const place = first + i + 1;
          const failure = await this.#tryOne(schedule, { ...task, place });
          if (failure) return { kind: "found", place, schedule, isOver: true };
        }
        return { kind: "none" };
      }
      case "minimize": {
        const hung = new Set(task.hung.map((schedule) => JSON.stringify(schedule)));
        const fails = async (schedule: Schedule) => {
          if (hung.size > 0 && hung.has(JSON.stringify(schedule))) return undefined;
          return await this.#tryOne(schedule, task);
        };
        const schedule = await minimize(task.schedule, fails, (schedule) => {
          this.#say({ kind: "found", place: 0, schedule, isOver: false });
        });
        return schedule ? { kind: "found", place: 0, schedule, isOver: true } : { kind: "none" };
      }
      case "perform": {
        const recorder = new Recorder((entry) => {
          if (task.tellsSteps) this.#say({ kind: "step", entry });
        });
        printTo((text) => recorder.print(text));
        this.#say({ kind: "trying", place: 0, schedule: task.schedule });
        const { violations, summary } = await this.#perform(task.schedule, recorder.hooks);
        return {
          kind: "performed",
          violations: [...violations],
          recording: recorder.recording,
          ...summary && { summary },
        };
      }
    }
  }

  /** @returns The failure of a schedule if it fails with a violation that counts. */
  async #tryOne(
    schedule: Schedule,
    { place = 0, hints, patienceMs }: {
      place?: number;
      hints?: readonly string[];
      patienceMs?: number | undefined;
    },
  ): Promise<Failure | undefined> {
    const isTold = schedule.steps.length <= TOLD_STEPS_MAX;
    this.#say({ kind: "trying", place, ...isTold && { schedule } });
    const performance = await this.#perform(schedule, {}, { patienceMs });
    const violation = performance.violations.find((other) => {
      return hints === undefined || hints.includes(other.hint);
    });
    if (violation === undefined) return undefined;
    const [, key] = `${violation.operation ?? ""} ${violation.what}`.match(CALL) ?? [];
    return { performance, key: key && JSON.parse(key) };
  }
}

const numbered = (schedule: Schedule, i: number) => [i, schedule] as const;
