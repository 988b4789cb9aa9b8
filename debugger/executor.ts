/**
 * Performs schedules for the debugger in a process of its own, which is given up and replaced
 * if the code of the student does not come back.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import { type Patience, WatchedChild } from "../explore/run/watched_child.ts";
import { HINTS } from "../testing/hints.ts";
import type { WorkerMessage, WorkerTask } from "./_worker.ts";
import type { PerformResult, PerformTask } from "./inside/performance.ts";
import type { Trouble } from "./protocol.ts";
import type { Beginning, StepRecord } from "./record.ts";

/** A performance, as far as it came. */
export interface Performed {
  /** What was there before the first step; absent if that was known. */
  beginning?: Beginning;
  /** The steps beyond those that were known. */
  steps: StepRecord[];
  /** Absent if it did not come to its end; then there is a `loss`. */
  result?: PerformResult;
  loss?: Loss;
}

/** Why a performance did not come to its end. Its last step is the one that did not. */
export type Loss = Pick<Trouble, "kind" | "what" | "hint">;

/** Performs schedules, one after another. */
export interface Executor extends Disposable {
  /** Waits until the code is loaded.
   *
   * @throws {CommandError} It cannot be. */
  readonly ready: Promise<void>;
  perform(task: PerformTask): Promise<Performed>;
}

/** How long code may keep the processor to itself, and a performance may take. */
const PATIENCE: Patience = { silenceMs: 1500, totalMs: 20_000 };

/** Performs schedules in a process. */
export class ChildExecutor implements Executor {
  readonly #lab: URL;
  readonly #patience: Patience;
  #child: WatchedChild<WorkerTask, WorkerMessage> | undefined;
  #isReady = false;
  readonly #ready = Promise.withResolvers<void>();
  /** What is performed. */
  #job: { task: WorkerTask; performed: Performed; resolve(done: Performed): void } | undefined;

  /** @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
   * @param patience How long a performance may take. */
  constructor(lab: URL, patience: Patience = PATIENCE) {
    this.#lab = lab;
    this.#patience = patience;
    this.ready.catch(() => {});
    this.#start();
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  async perform(task: PerformTask): Promise<Performed> {
    const performed = await this.#try({ ...task, isToldAtOnce: false });
    if (performed.loss === undefined) return performed;
    // Once more, for the steps up to the one that did not come back.
    return await this.#try({ ...task, isToldAtOnce: true });
  }

  [Symbol.dispose](): void {
    this.#child?.[Symbol.dispose]();
    this.#child = undefined;
  }

  #try(task: WorkerTask): Promise<Performed> {
    return new Promise((resolve) => {
      this.#job = { task, performed: { steps: [] }, resolve };
      if (this.#child === undefined) this.#start();
      else if (this.#isReady) this.#post();
    });
  }

  #start(): void {
    this.#isReady = false;
    this.#child = new WatchedChild(this.#lab, "debugger/_worker.ts", {
      onMessage: (message) => this.#hear(message),
      onError: (problem, hasExited) => {
        this.#child = undefined;
        if (!this.#isReady) return this.#break(problem);
        const kind = problem.includes("memory") ? "out of memory" : "ended";
        const what = hasExited ? problem : `The process of this run ended: ${problem}`;
        this.#lose({ kind, what });
      },
      onGivenUp: (why) => {
        this.#child = undefined;
        this.#lose(
          why === "silent" ? NEVER_YIELDS : {
            kind: "stuck",
            what: `The run did not come to its end within ${this.#patience.totalMs / 1000} s`,
            hint: HINTS.livelock,
          },
        );
      },
    });
  }

  #post(): void {
    this.#child!.post(this.#job!.task);
    this.#child!.watch(this.#patience);
  }

  #hear(message: WorkerMessage): void {
    if (message.kind === "ready") {
      this.#isReady = true;
      this.#ready.resolve();
      if (this.#job !== undefined) this.#post();
      return;
    }
    if (message.kind === "broken") return this.#break(message.problem);
    if (this.#job === undefined) return;
    const { performed, task } = this.#job;
    switch (message.kind) {
      case "beginning":
        performed.beginning = message.beginning;
        return;
      case "begun":
        performed.steps.push(message.step);
        return;
      case "steps":
        // One that was told when it began is over.
        if (task.isToldAtOnce) performed.steps.pop();
        performed.steps.push(...message.steps);
        return;
      case "done":
        performed.result = message.result;
        return this.#resolve();
    }
  }

  #break(problem: string): void {
    this.#child?.[Symbol.dispose]();
    this.#child = undefined;
    const [line] = problem.replace(/^TypeError: (?=SyntaxError)/, "").split("\n");
    const place = problem.match(/\b(?:client|server)\.ts(?:\?\w+)?:\d+:\d+/)?.[0];
    const where = place === undefined ? "" : ` at ${place.replace(/\?\w+/, "")}`;
    const what = `Cannot load client.ts and server.ts: ${
      line!.replaceAll("?debugger", "")
    }${where}`;
    this.#ready.reject(new CommandError(what));
    // It was loaded once, so this is no fault of the code.
    this.#lose({ kind: "ended", what });
  }

  #lose(loss: Loss): void {
    if (this.#job === undefined) return;
    this.#job.performed.loss = loss;
    this.#resolve();
  }

  #resolve(): void {
    const { performed, resolve } = this.#job!;
    this.#job = undefined;
    this.#child?.rest();
    resolve(performed);
  }
}

const NEVER_YIELDS: Loss = {
  kind: "never yields",
  what: "The code never let go of the processor, and nothing else could go on",
  hint: HINTS.neverYields,
};
