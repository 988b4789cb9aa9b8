/**
 * Runs seeds in a process of its own, one after another.
 *
 * The submission runs there, without any permission, so that a loop that never ends
 * and memory that is never given back stay there as well. A run that keeps the
 * processor to itself, or does not come to its end in time, is given up: the process is
 * killed, the run counts as failed, and a new process goes on with the rest.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import { shortName } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import type { WorkerMessage } from "./_worker.ts";
import type { SeedFailure, SeedResult, SeedTask } from "./seed_run.ts";
import { type GivenUp, WatchedChild } from "./watched_child.ts";

/** How long one run may take, in real milliseconds; as for `deno test`. */
const DEADLINE_MS = 30_000;

/** How long one may go on without letting go of the processor, in real milliseconds. What
 * takes longest in one piece is to check a history. */
const SILENCE_MS = 5000;

/** How a runner works. */
export interface RunnerOptions {
  /** After how many real milliseconds in which it never lets go of the processor a run is
   * given up. */
  silenceMs?: number;
  /** After how many real milliseconds a run is given up. */
  deadlineMs?: number;
}

interface Job {
  readonly task: SeedTask;
  readonly resolve: (result: SeedResult) => void;
  readonly reject: (error: Error) => void;
}

/** One process that runs seeds, and is replaced when it has to be. */
export class Runner implements Disposable {
  readonly #lab: URL;
  readonly #deadlineMs: number;
  readonly #silenceMs: number;
  readonly #tests = Promise.withResolvers<string[]>();
  /** What is to be done, in this order; the first one is being done. */
  readonly #jobs: Job[] = [];
  #child: WatchedChild<SeedTask, WorkerMessage> | undefined;
  #isReady = false;
  #startMs = 0;

  /** @param lab The folder of the lab, or of a copy with a submission in it; ends in a
   * slash. */
  constructor(lab: URL, { deadlineMs = DEADLINE_MS, silenceMs = SILENCE_MS }: RunnerOptions = {}) {
    this.#lab = lab;
    this.#deadlineMs = deadlineMs;
    this.#silenceMs = silenceMs;
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
      if (this.#isReady) this.#child!.post(task);
      if (this.#jobs.length === 1) this.#watch();
    });
  }

  /** Ends the process. What it was asked for is never answered. */
  [Symbol.dispose](): void {
    this.#child?.[Symbol.dispose]();
    this.#child = undefined;
  }

  #start(): void {
    this.#isReady = false;
    this.#child = new WatchedChild(this.#lab, "explore/run/_worker.ts", {
      onMessage: (message) => this.#hear(message),
      onError: (problem, hasExited) => {
        // What ends its process once does so in other runs as well.
        if (!this.#isReady || hasExited) return this.#break(problem);
        this.#giveUp({ error: `The process of this run ended early: ${problem}` });
      },
      onGivenUp: (why) => this.#giveUp(this.#stuck(why)),
    });
    this.#watch();
  }

  #hear(message: WorkerMessage): void {
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        this.#tests.resolve(message.tests);
        for (const { task } of this.#jobs) this.#child!.post(task);
        return this.#watch();
      case "alive":
        return;
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
    if (this.#jobs.length === 0) return this.#child?.rest();
    this.#startMs = performance.now();
    this.#child?.watch({ silenceMs: this.#silenceMs, totalMs: this.#deadlineMs });
  }

  #stuck(why: GivenUp): SeedFailure {
    const did = why === "silent"
      ? "never let go of the processor"
      : `did not come to its end within ${this.#deadlineMs / 1000} s`;
    const what = `${shortName(this.#jobs[0]!.task.test)} ${did}`;
    return { violation: { what, hint: why === "silent" ? HINTS.neverYields : HINTS.livelock } };
  }

  #giveUp(failure: SeedFailure): void {
    this.#child![Symbol.dispose]();
    const realMs = performance.now() - this.#startMs;
    const job = this.#jobs.shift();
    this.#start();
    job?.resolve({ failure, realMs });
  }
}
