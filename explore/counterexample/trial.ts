/**
 * A process that performs schedules, watched.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import type { ServiceMessage } from "../run/parent.ts";
import { WatchedChild } from "../run/watched_child.ts";
import type { Entry } from "../recording/recording.ts";
import type { Task, WorkerMessage } from "./tasks.ts";
import type { Schedule } from "./schedule.ts";

/** The end of a process. */
export type Last<Kind extends Task["kind"]> =
  | { kind: "hung"; place: number; schedule?: Schedule; entries: Entry[] }
  /** Its time was over, whatever it was doing: it may not even have loaded. */
  | { kind: "late" }
  | Extract<WorkerMessage, { kind: Kind extends "perform" ? "performed" : "found" | "none" }>;

/** The settings of a trial. */
export interface TrialOptions {
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

/** One process that performs schedules. */
export class Trial<T extends Task> implements Disposable {
  readonly #result = Promise.withResolvers<Last<T["kind"]>>();
  readonly #child: WatchedChild<T, ServiceMessage | WorkerMessage>;

  constructor(lab: URL, task: T, options: TrialOptions) {
    const end = (last: Last<Task["kind"]>) => this.#result.resolve(last as Last<T["kind"]>);
    const onError = (problem: string) => {
      const [line] = problem.split("\n");
      this.#result.reject(new CommandError(`Cannot load the submission: ${line}`));
    };
    /** The events of the performance, so far. */
    const entries: Entry[] = [];
    let trying: { place: number; schedule?: Schedule } = { place: 0 };
    this.#child = new WatchedChild(lab, "explore/counterexample/_worker.ts", {
      onMessage: (message) => {
        switch (message.kind) {
          case "ready":
            return this.#child.post(task);
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
      onGivenUp: (why) => {
        end(why === "late" ? { kind: "late" } : { ...trying, kind: "hung", entries });
      },
    });
    this.#child.watch(options);
  }

  /** The end of the process.
   *
   * @throws {CommandError} The submission cannot be loaded. */
  get result(): Promise<Last<T["kind"]>> {
    return this.#result.promise;
  }

  [Symbol.dispose](): void {
    this.#child[Symbol.dispose]();
  }
}
