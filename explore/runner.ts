/**
 * Runs seeds on a thread of its own, one after another.
 *
 * The submission runs there, without any permission, so that a loop that never ends
 * and memory that is never given back stay there as well. A run that does not come to
 * its end in time is given up: the thread is ended, the run counts as failed, and a
 * new thread goes on with the rest.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import { shortName } from "../testing/failure_report.ts";
import { HINTS } from "../testing/hints.ts";
import type { WorkerMessage } from "./_worker.ts";
import type { SeedFailure, SeedResult, SeedTask } from "./seed_run.ts";
import { startThread } from "./thread.ts";

/** How long one run may take, in real milliseconds; as for `deno test`. */
const DEADLINE_MS = 30_000;

/** How a runner works. */
export interface RunnerOptions {
  /** After how many real milliseconds a run is given up. */
  deadlineMs?: number;
}

interface Job {
  readonly task: SeedTask;
  readonly resolve: (result: SeedResult) => void;
  readonly reject: (error: Error) => void;
}

/** One thread that runs seeds, and is replaced when it has to be. */
export class Runner implements Disposable {
  readonly #lab: URL;
  readonly #deadlineMs: number;
  readonly #tests = Promise.withResolvers<string[]>();
  /** What is to be done, in this order; the first one is being done. */
  readonly #jobs: Job[] = [];
  #thread: Worker | undefined;
  #isReady = false;
  #startMs = 0;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  /** @param lab The folder of the lab, or of a copy with a submission in it; ends in a
   * slash. */
  constructor(lab: URL, { deadlineMs = DEADLINE_MS }: RunnerOptions = {}) {
    this.#lab = lab;
    this.#deadlineMs = deadlineMs;
    this.tests.catch(() => {});
    this.#start();
  }

  /** The whole names of the tests that there are. */
  get tests(): Promise<string[]> {
    return this.#tests.promise;
  }

  /** Runs a seed after those that were asked for before.
   *
   * @throws {CommandError} The tests or the submission cannot be loaded.
   */
  run(task: SeedTask): Promise<SeedResult> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ task, resolve, reject });
      if (this.#isReady) this.#thread!.postMessage(task);
      if (this.#jobs.length === 1) this.#watch();
    });
  }

  /** Ends the thread. What it was asked for is never answered. */
  [Symbol.dispose](): void {
    clearTimeout(this.#deadline);
    this.#thread?.terminate();
    this.#thread = undefined;
  }

  #start(): void {
    this.#isReady = false;
    const thread = startThread(this.#lab, "_worker.ts");
    thread.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
      if (thread === this.#thread) this.#hear(data);
    };
    thread.onerror = (event) => {
      event.preventDefault();
      if (thread !== this.#thread) return;
      if (!this.#isReady) return this.#hear({ kind: "broken", problem: event.message });
      this.#giveUp({ error: `The thread of this run was ended by ${event.message}` });
    };
    this.#thread = thread;
    this.#watch();
  }

  #hear(message: WorkerMessage): void {
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        this.#tests.resolve(message.tests);
        for (const { task } of this.#jobs) this.#thread!.postMessage(task);
        return this.#watch();
      case "broken":
        return this.#break(message.problem);
      case "done":
        this.#jobs.shift()!.resolve(message.result);
        return this.#watch();
    }
  }

  #break(problem: string): void {
    const [line] = problem.split("\n");
    const place = problem.match(/[\w.]+\.ts:\d+:\d+/)?.[0];
    const where = place === undefined ? "" : ` at ${place}`;
    const error = new CommandError(`Cannot load the tests with these files: ${line}${where}`);
    this.#tests.reject(error);
    for (const { reject } of this.#jobs.splice(0)) reject(error);
    this[Symbol.dispose]();
  }

  /** Gives the first job its time, from now on. */
  #watch(): void {
    clearTimeout(this.#deadline);
    const [job] = this.#jobs;
    if (job === undefined) return;
    this.#startMs = performance.now();
    const what = `${shortName(job.task.test)} never let go of the processor`;
    const failure = { violation: { what, hint: HINTS.neverYields } };
    this.#deadline = setTimeout(() => this.#giveUp(failure), this.#deadlineMs);
  }

  #giveUp(failure: SeedFailure): void {
    this.#thread!.terminate();
    const realMs = performance.now() - this.#startMs;
    const job = this.#jobs.shift();
    this.#start();
    job?.resolve({ failure, realMs });
  }
}
