/**
 * Starts a task in a process of its own, which is watched.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import type { ServiceMessage } from "../run/parent.ts";
import { WatchedChild } from "../run/watched_child.ts";
import type { Entry } from "../recording/recording.ts";
import type { Task, WorkerMessage } from "./tasks.ts";
import type { Schedule } from "./schedule.ts";

/** The end of a task. */
export type Last<Kind extends Task["kind"]> =
  | { kind: "hung"; place: number; schedule?: Schedule; entries: Entry[] }
  /** Its time was over, whatever it was doing: it may not even have loaded. */
  | { kind: "late" }
  | Extract<WorkerMessage, { kind: Kind extends "perform" ? "performed" : "found" | "none" }>;

/** The limits of a task, and what it may tell before its end. */
export interface TaskOptions {
  /** The time for which the process may go without yielding, in real milliseconds. */
  silenceMs: number;
  /** The time limit of the process, in real milliseconds. */
  totalMs: number;
  /** Called with each schedule that fails as the goal says, ever smaller ones. */
  onFound?(schedule: Schedule): void;
  /** Called before each schedule is tried.
   *
   * @param tried Its number from 1, and the schedule itself if it is small.
   * @returns True if neither it nor what follows is wanted. */
  isUnwanted?(tried: { place: number; schedule?: Schedule }): boolean;
}

/** Starts a task.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @returns The end of the task, which throws a {@linkcode CommandError} if the submission cannot
 * be loaded. */
export type StartTask = <T extends Task>(
  lab: URL,
  task: T,
  options: TaskOptions,
) => Disposable & { readonly result: Promise<Last<T["kind"]>> };

/** Starts a task in a process of its own. */
export const startTask: StartTask = <T extends Task>(lab: URL, task: T, options: TaskOptions) => {
  const { promise: result, resolve, reject } = Promise.withResolvers<Last<T["kind"]>>();
  const end = (last: Last<Task["kind"]>) => resolve(last as Last<T["kind"]>);
  const onError = (problem: string) => {
    const [line] = problem.split("\n");
    reject(new CommandError(`Cannot load the submission: ${line}`));
  };
  /** The events of the performance, so far. */
  const entries: Entry[] = [];
  let trying: { place: number; schedule?: Schedule } = { place: 0 };
  const child = new WatchedChild<T, ServiceMessage | WorkerMessage>(
    lab,
    "explore/counterexample/_worker.ts",
    {
      onMessage(message) {
        switch (message.kind) {
          case "ready":
            return child.post(task);
          case "broken":
            return onError(message.problem);
          case "step":
            return void entries.push(message.entry);
          case "trying":
            trying = message;
            return options.isUnwanted?.(message) ? end({ kind: "none" }) : undefined;
          case "found":
            options.onFound?.(message.schedule);
            return message.isOver ? end(message) : undefined;
          default:
            return end(message);
        }
      },
      onError,
      onGivenUp: (why) =>
        end(why === "late" ? { kind: why } : { ...trying, kind: "hung", entries }),
    },
  );
  child.watch(options);
  return { result, [Symbol.dispose]: () => child[Symbol.dispose]() };
};
