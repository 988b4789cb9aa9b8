/**
 * Does tasks in another process, one after another.
 *
 * The submission runs there, without any permission. If a task does not yield or does not end in
 * time, the process is killed, and a new one goes on with the other tasks.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import type { ServiceMessage } from "./parent.ts";
import type { Patience } from "./time_budget.ts";
import { type ChildOptions, type GivenUp, WatchedChild } from "./watched_child.ts";

/** A task that was lost with its process. */
export interface Lost<Task> {
  readonly task: Task;
  /** The reason for killing the process; absent if it ended by itself. */
  readonly why?: GivenUp;
  /** The reason why it ended by itself, in words. */
  readonly problem?: string;
  /** The duration of the task so far, in real milliseconds. */
  readonly realMs: number;
}

/** The settings of a runner. */
export interface TaskRunnerOptions<Task, Result, Progress = never> extends ChildOptions {
  /** The program, as a path in the folder of the lab. */
  readonly file: string;
  /** The time limits of one task. */
  readonly patience: Patience;
  /** True if all tasks are lost if the program ends itself in one of them. */
  readonly isLostOnExit?: boolean;
  /** Returns the result of a task that was lost. */
  lost(lost: Lost<Task>): Result;
  /** Receives the progress of the current task. */
  onProgress?(progress: Progress): void;
}

interface Job<Task, Result> extends PromiseWithResolvers<Result> {
  readonly task: Task;
  readonly patience: Patience;
}

/** One process that does tasks. A new one replaces it if a task is lost. */
export class TaskRunner<Task, Result, Ready = unknown, Progress = never> implements Disposable {
  readonly #lab: URL;
  readonly #options: TaskRunnerOptions<Task, Result, Progress>;
  readonly #ready = Promise.withResolvers<Ready>();
  /** The tasks in their order; the first one is under way. */
  readonly #jobs: Job<Task, Result>[] = [];
  #child: WatchedChild<Task, ServiceMessage<Ready, Result, Progress>> | undefined;
  #isReady = false;
  /** The reason why no more tasks are done. */
  #problem: CommandError | undefined;
  #startMs = 0;

  /** @param lab The folder of the lab, or of an overlay; ends in a slash. */
  constructor(lab: URL, options: TaskRunnerOptions<Task, Result, Progress>) {
    this.#lab = lab;
    this.#options = options;
    this.ready.catch(() => {});
    this.#start();
  }

  /** The content of the first message.
   *
   * @throws {CommandError} The tests or the submission cannot be loaded. */
  get ready(): Promise<Ready> {
    return this.#ready.promise;
  }

  /** Does a task after those before it.
   *
   * @throws {CommandError} The tests or the submission cannot be loaded.
   */
  run(task: Task, patience: Patience = this.#options.patience): Promise<Result> {
    if (this.#problem !== undefined) return Promise.reject(this.#problem);
    const job = { task, patience, ...Promise.withResolvers<Result>() };
    if (this.#isReady) this.#child!.post(task);
    if (this.#jobs.push(job) === 1) this.#watch();
    return job.promise;
  }

  /** Kills the process. Its tasks never end. */
  [Symbol.dispose](): void {
    this.#child?.[Symbol.dispose]();
    this.#child = undefined;
  }

  #start(): void {
    this.#isReady = false;
    this.#child = new WatchedChild(this.#lab, this.#options.file, {
      onMessage: (message) => this.#hear(message),
      onError: (problem, hasExited) => {
        const isLost = !this.#isReady || hasExited && this.#options.isLostOnExit === true;
        if (isLost) this.#break(problem);
        else this.#lose({ problem });
      },
      onGivenUp: (why) => this.#lose({ why }),
    }, this.#options);
    this.#watch();
  }

  #hear(message: ServiceMessage<Ready, Result, Progress>): void {
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        this.#ready.resolve(message.ready);
        for (const { task } of this.#jobs) this.#child!.post(task);
        return this.#watch();
      case "broken":
        return this.#break(message.problem);
      case "progress":
        return this.#options.onProgress?.(message.progress);
      case "done":
        this.#jobs.shift()!.resolve(message.result);
        return this.#watch();
    }
  }

  #break(problem: string): void {
    // The user does not know the folder of an overlay.
    const line = problem.split("\n")[0]!.replaceAll(/file:\S*\//g, "");
    const place = problem.match(/[\w.]+\.ts:\d+:\d+/)?.[0];
    const where = place === undefined || line.endsWith(place) ? "" : ` at ${place}`;
    const error = new CommandError(`Cannot load the tests with these files: ${line}${where}`);
    this.#problem = error;
    this.#ready.reject(error);
    for (const { reject } of this.#jobs.splice(0)) reject(error);
    this[Symbol.dispose]();
  }

  /** Begins to count the time of the first job. */
  #watch(): void {
    this.#startMs = performance.now();
    const [job] = this.#jobs;
    if (job === undefined) this.#child?.rest();
    else this.#child?.watch(job.patience);
  }

  #lose(how: Pick<Lost<Task>, "why" | "problem">): void {
    const realMs = performance.now() - this.#startMs;
    const job = this.#jobs.shift();
    this.#start();
    job?.resolve(this.#options.lost({ task: job.task, realMs, ...how }));
  }
}
