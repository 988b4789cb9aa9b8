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

/** A task. `hints` are those of the wanted failures; all if absent. A task ends when its performances
 * had `eventsMax` events: unlike a time limit, this gives the same result on any machine. */
export type Task =
  /** Performs all schedules within bounds from `first` on, or each `step`-th, until one fails. */
  | {
    kind: "enumerate";
    bounds: Bounds;
    clusters: readonly ScheduleCluster[];
    first: number;
    step: number;
    hints?: readonly string[];
    eventsMax?: number;
  }
  /** Minimizes a schedule, without trying those of `hung`. `patienceMs` is the time limit of an
   * operation. */
  | {
    kind: "minimize";
    hints: readonly string[];
    schedule: Schedule;
    hung: readonly Schedule[];
    patienceMs: number | undefined;
    eventsMax: number;
  }
  /** Performs one schedule, and records it. With `tellsSteps` it reports each event immediately, for
   * schedules that never end; that takes much longer. */
  | { kind: "perform"; schedule: Schedule; tellsSteps: boolean };

/** The progress of a task. */
export type Progress =
  /** A schedule is about to be performed, and may never end. `place` is its number, from 1, and
   * `events` the number of events before it. Large schedules are left out: sending them costs as
   * much as performing them. */
  | { place: number; events: number; schedule?: Schedule }
  /** A smaller schedule that fails. */
  | { found: Schedule }
  /** An event of the performance in progress. */
  | { entry: Entry };

/** The result of a task. */
export type Result =
  | { kind: "found"; place: number; events: number; schedule: Schedule }
  /** The search is over and found nothing. */
  | { kind: "none" }
  | { kind: "performed"; violations: Violation[]; recording: Recording; summary?: RunSummary };

/** The number of steps of the largest schedules that are reported. */
const TOLD_STEPS_MAX = 100;

/** The number of events that take as long as making the cluster of a performance. */
const SETUP_EVENTS = 10;

type Perform = typeof import("./perform.ts").perform;

/** Matches a call in a violation, and its key as JSON. */
const CALL = /\b(?:get|put|append)\(("(?:[^"\\]|\\.)*")/;

/** The performances of a task had as many events as they may. */
class OutOfEvents extends Error {}

/** Does tasks on one submission. */
export class Performer {
  readonly #perform: Perform;
  readonly #say: (progress: Progress) => void;
  /** The number of events of the performances of the current task. */
  #events = 0;

  /** @param perform Performs one schedule on the submission.
   * @param say Receives the progress of a task. */
  constructor(perform: Perform, say: (progress: Progress) => void) {
    this.#perform = perform;
    this.#say = say;
  }

  /** Does a task. */
  async work(task: Task): Promise<Result> {
    this.#events = 0;
    try {
      return await this.#work(task);
    } catch (error) {
      if (error instanceof OutOfEvents) return { kind: "none" };
      throw error;
    }
  }

  async #work(task: Task): Promise<Result> {
    switch (task.kind) {
      case "enumerate": {
        const { bounds, clusters, first, step } = task;
        for (const [i, schedule] of allSchedules(bounds, clusters).drop(first).map(numbered)) {
          if (i % step > 0) continue;
          const place = first + i + 1;
          const failure = await this.#tryOne(schedule, { ...task, place });
          if (failure) return { kind: "found", place, events: this.#events, schedule };
        }
        return { kind: "none" };
      }
      case "minimize": {
        const hung = new Set(task.hung.map((schedule) => JSON.stringify(schedule)));
        const fails = async (schedule: Schedule) => {
          if (hung.size > 0 && hung.has(JSON.stringify(schedule))) return undefined;
          return await this.#tryOne(schedule, task);
        };
        await minimize(task.schedule, fails, (schedule) => this.#say({ found: schedule }));
        return { kind: "none" };
      }
      case "perform": {
        const recorder = new Recorder((entry) => {
          if (task.tellsSteps) this.#say({ entry });
        });
        printTo((text) => recorder.print(text));
        this.#say({ place: 0, events: 0, schedule: task.schedule });
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

  /** @returns The failure of a schedule, if it is a wanted one. */
  async #tryOne(
    schedule: Schedule,
    { place = 0, hints, patienceMs, eventsMax = Infinity }: {
      place?: number;
      hints?: readonly string[];
      patienceMs?: number | undefined;
      eventsMax?: number;
    },
  ): Promise<Failure | undefined> {
    if (this.#events >= eventsMax) throw new OutOfEvents();
    const isTold = schedule.steps.length <= TOLD_STEPS_MAX;
    this.#say({ place, events: this.#events, ...isTold && { schedule } });
    const performance = await this.#perform(schedule, {}, { patienceMs });
    this.#events += SETUP_EVENTS + (performance.summary?.events ?? 0);
    const violation = performance.violations.find((other) => {
      return hints === undefined || hints.includes(other.hint);
    });
    if (violation === undefined) return undefined;
    const [, key] = `${violation.operation ?? ""} ${violation.what}`.match(CALL) ?? [];
    return { performance, key: key && JSON.parse(key) };
  }
}

const numbered = (schedule: Schedule, i: number) => [i, schedule] as const;
