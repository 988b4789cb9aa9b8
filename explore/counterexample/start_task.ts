/**
 * Starts a task in a new process, within limits of time.
 *
 * @module
 */

import { TaskRunner } from "../run/task_runner.ts";
import type { Patience } from "../run/time_budget.ts";
import type { Entry } from "../recording/recording.ts";
import type { Schedule } from "./schedule.ts";
import type { Progress, Result, Task } from "./tasks.ts";

/** The end of a task. */
export type End<Kind extends Task["kind"]> =
  | { kind: "hung"; place: number; events: number; schedule?: Schedule; entries: Entry[] }
  /** Its time was over, or its process ended by itself, for a reason in words. */
  | { kind: "late"; problem?: string | undefined }
  | Extract<Result, { kind: Kind extends "perform" ? "performed" : "found" | "none" }>;

/** The time limits of a task, and the receivers of its progress. */
export interface TaskOptions extends Patience {
  /** Receives ever smaller schedules that fail. */
  onFound?(schedule: Schedule): void;
  /** Called before each schedule is tried.
   *
   * @param tried Its number from 1, and the schedule itself if it is small.
   * @returns True if the task should end here. */
  isUnwanted?(tried: { place: number; schedule?: Schedule }): boolean;
}

/** Starts a task.
 *
 * @param lab The folder of the lab, or of an overlay; ends in a slash.
 * @returns The end of the task, which rejects with a {@linkcode CommandError} if the submission
 * cannot be loaded. */
export type StartTask = <T extends Task>(
  lab: URL,
  task: T,
  options: TaskOptions,
) => Disposable & { readonly end: Promise<End<T["kind"]>> };

/** Starts a task in a new process. */
export const startTask: StartTask = <T extends Task>(
  lab: URL,
  task: T,
  { onFound, isUnwanted, ...patience }: TaskOptions,
) => {
  const unwanted = Promise.withResolvers<{ kind: "none" }>();
  /** The events of the performance, so far. */
  const entries: Entry[] = [];
  let tried: { place: number; events: number; schedule?: Schedule } = { place: 0, events: 0 };
  const runner = new TaskRunner<Task, End<Task["kind"]>, unknown, Progress>(lab, {
    file: "explore/counterexample/_worker.ts",
    patience,
    isLostOnExit: true,
    lost({ why, problem }) {
      return why === "silent" ? { ...tried, kind: "hung", entries } : { kind: "late", problem };
    },
    onProgress(progress) {
      if ("entry" in progress) entries.push(progress.entry);
      else if ("found" in progress) onFound?.(progress.found);
      else {
        tried = progress;
        if (isUnwanted?.(tried)) unwanted.resolve({ kind: "none" });
      }
    },
  });
  const end = Promise.race([runner.run(task), unwanted.promise]) as Promise<End<T["kind"]>>;
  return { end, [Symbol.dispose]: () => runner[Symbol.dispose]() };
};
