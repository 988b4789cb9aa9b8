/**
 * Does tasks in a process of its own, one after another.
 *
 * The submission runs there, without any permission, so that a loop that never ends and memory
 * that is never given back stay there as well. A task that keeps the processor to itself, or does
 * not come to its end in time, is given up: the process is killed, and a new one goes on with the
 * rest.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import type { ServiceMessage } from "./parent.ts";
import { type ChildOptions, type GivenUp, type Patience, WatchedChild } from "./watched_child.ts";

/** A task that was lost with its process. */
export interface Lost<Task> {
  readonly task: Task;
  /** The reason for giving the process up; absent if it ended by itself. */
  readonly why?: GivenUp;
  /** The reason why it ended by itself, in words. */
  readonly problem?: string;
  /** The duration of the task so far, in real milliseconds. */
  readonly realMs: number;
}

/** The settings of a runner. */
export interface TaskRunnerOptions<Task, Result, Progress = never> extends ChildOptions {
  /** The program, as a path below the folder of the lab. */
  readonly file: string;
  /** The time limits of one task. */
  readonly patience: Patience;
  /** True if all tasks are lost when the program ends itself in one of them. */
  readonly isLostOnExit?: boolean;
  /** Returns the result of a task that was lost. */
  lost(lost: Lost<Task>): Result;
  /** Receives what the process tells of the task that it is doing. */
  onProgress?(progress: Progress): void;
}

interface Job<Task, Result> extends PromiseWithResolvers<Result> {
  readonly task: Task;
  readonly patience: Patience;
}

/** One process that does tasks, and is replaced when it has to be. */
export class TaskRunner<Task, Result, Ready = unknown, Progress = never> implements Disposable {
  readonly #lab: URL;
  readonly #options: TaskRunnerOptions<Task, Result, Progress>;
  readonly #ready = Promise.withResolvers<Ready>();
  /** The tasks in their order; the first one is being done. */
  readonly #jobs: Job<Task, Result>[] = [];
  #child: WatchedChild<Task, ServiceMessage<Ready, Result, Progress>> | undefined;
  #isReady = false;
  /** The reason for doing nothing more. */
  #problem: CommandError | undefined;
  #startMs = 0;

  /** @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash. */
  constructor(lab: URL, options: TaskRunnerOptions<Task, Result, Progress>) {
    this.#lab = lab;
    this.#options = options;
    this.ready.catch(() => {});
    this.#start();
  }

  /** The first message of the process.
   *
   * @throws {CommandError} The tests or the submission cannot be loaded. */
  get ready(): Promise<Ready> {
    return this.#ready.promise;
  }

  /** Does a task after those that were asked for before.
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

  /** Ends the process. What it was asked for is never answered. */
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
    // The folder may be an overlay, which nobody knows.
    const line = problem.split("\n")[0]!.replaceAll(/file:\S*\//g, "");
    const place = problem.match(/[\w.]+\.ts:\d+:\d+/)?.[0];
    const where = place === undefined || line.endsWith(place) ? "" : ` at ${place}`;
    const error = new CommandError(`Cannot load the tests with these files: ${line}${where}`);
    this.#problem = error;
    this.#ready.reject(error);
    for (const { reject } of this.#jobs.splice(0)) reject(error);
    this[Symbol.dispose]();
  }

  /** Gives the first job its time, from now on. */
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
