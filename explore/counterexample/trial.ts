/**
 * A process that performs schedules, watched.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import { Child } from "../run/child.ts";
import type { Entry } from "../recording/recording.ts";
import type { Task, WorkerMessage } from "./_worker.ts";
import type { Schedule } from "./schedule.ts";

/** How a process came to its end. */
export type Last<Kind extends Task["kind"]> =
  | { kind: "hung"; place: number; schedule?: Schedule; entries: Entry[] }
  /** It was cut off, whatever it was doing: it may not even have loaded. */
  | { kind: "late" }
  | Extract<WorkerMessage, { kind: Kind extends "perform" ? "performed" : "found" | "none" }>;

/** How a trial goes. */
export interface TrialOptions {
  /** How long the process may keep the processor to itself. */
  silenceMs: number;
  /** How long the process may take. */
  leftMs: number;
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
  /** How it came to its end. */
  readonly result: Promise<Last<T["kind"]>>;
  readonly #child: Child<T, WorkerMessage>;
  readonly #end: ReturnType<typeof setTimeout>;
  /** What happened in the performance, so far. */
  readonly #entries: Entry[] = [];
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(lab: URL, task: T, options: TrialOptions) {
    const { silenceMs, leftMs, onFound, isUnwanted } = options;
    const { promise, resolve, reject } = Promise.withResolvers<Last<T["kind"]>>();
    this.result = promise;
    this.#end = setTimeout(() => resolve({ kind: "late" }), leftMs);
    const broken = (problem: string) => {
      const [line] = problem.split("\n");
      reject(new CommandError(`Cannot load the submission: ${line}`));
    };
    let trying: Extract<WorkerMessage, { kind: "trying" }> | undefined;
    const watch = () => {
      clearTimeout(this.#deadline);
      const { place, schedule } = trying!;
      const hung = { kind: "hung", place, ...schedule && { schedule }, entries: this.#entries };
      this.#deadline = setTimeout(() => resolve(hung as Last<T["kind"]>), silenceMs);
    };
    const onMessage = (message: WorkerMessage) => {
      if (message.kind === "step") return void this.#entries.push(message.entry);
      switch (message.kind) {
        case "ready":
          return this.#child.post(task);
        case "broken":
          return broken(message.problem);
        case "alive":
          return trying && watch();
        case "trying":
          if (isUnwanted?.(message)) return resolve({ kind: "none" } as Last<T["kind"]>);
          trying = message;
          return watch();
        case "found":
          onFound?.(message.schedule);
          return message.isOver ? resolve(message as Last<T["kind"]>) : undefined;
        default:
          return resolve(message as Last<T["kind"]>);
      }
    };
    this.#child = new Child(lab, "explore/counterexample/_worker.ts", {
      onMessage,
      onError: broken,
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#end);
    this.#child[Symbol.dispose]();
  }
}
