/**
 * Performs schedules for the debugger in a child process, which is replaced if the code of the
 * student does not come back.
 *
 * @module
 */

import { type Lost, TaskRunner } from "../explore/run/task_runner.ts";
import type { Patience } from "../explore/run/time_budget.ts";
import { HINTS } from "../testing/hints.ts";
import type { Progress, WorkerTask } from "./_worker.ts";
import type { PerformResult, PerformTask } from "./inside/performance.ts";
import type { Trouble } from "./protocol.ts";
import type { Beginning, StepRecord } from "./record.ts";

/** A performance, or the part of it before the code did not come back. */
export interface Performed {
  /** The record of what happened before the first step; absent if that was known. */
  beginning?: Beginning;
  /** The steps beyond those that were known. */
  steps: StepRecord[];
  /** Absent if it did not come to its end; then there is a `loss`. */
  result?: PerformResult;
  loss?: Loss;
}

/** The reason why a performance did not come to its end. Its last step is the one that did not. */
export type Loss = Pick<Trouble, "kind" | "what" | "hint">;

/** Performs schedules, one after another. */
export interface Executor extends Disposable {
  /** Waits until the code is loaded.
   *
   * @throws {CommandError} It cannot be. */
  readonly ready: Promise<void>;
  perform(task: PerformTask): Promise<Performed>;
}

/** The time limits of a performance, in milliseconds of processor time. */
const PATIENCE: Patience = { silenceMs: 1500, totalMs: 20_000 };

/** Performs schedules in a process. */
export class ChildExecutor implements Executor {
  readonly ready: Promise<void>;
  readonly #runner: TaskRunner<WorkerTask, PerformResult | Loss, unknown, Progress>;
  /** The part of the current performance so far. */
  #performed: Performed = { steps: [] };
  /** True if its last step has only begun. */
  #isBegun = false;

  /** @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
   * @param patience The time limits of a performance. */
  constructor(lab: URL, patience: Patience = PATIENCE) {
    this.#runner = new TaskRunner(lab, {
      file: "debugger/_worker.ts",
      patience,
      lost: (lost): PerformResult | Loss => lossOf(lost, patience),
      onProgress: (progress) => this.#hear(progress),
    });
    this.ready = this.#runner.ready.then(() => {});
    this.ready.catch(() => {});
  }

  async perform(task: PerformTask): Promise<Performed> {
    const performed = await this.#try({ ...task, isToldAtOnce: false });
    if (performed.loss === undefined) return performed;
    // The second run reports each step immediately, up to the one that does not come back.
    return await this.#try({ ...task, isToldAtOnce: true });
  }

  [Symbol.dispose](): void {
    this.#runner[Symbol.dispose]();
  }

  async #try(task: WorkerTask): Promise<Performed> {
    const performed: Performed = { steps: [] };
    this.#performed = performed;
    this.#isBegun = false;
    try {
      const result = await this.#runner.run(task);
      return { ...performed, ..."kind" in result ? { loss: result } : { result } };
    } catch (error) {
      // The files have changed since they were loaded.
      return { ...performed, loss: { kind: "ended", what: (error as Error).message } };
    }
  }

  #hear(progress: Progress): void {
    const { steps } = this.#performed;
    if ("beginning" in progress) this.#performed.beginning = progress.beginning;
    else if ("begun" in progress) {
      steps.push(progress.begun);
      this.#isBegun = true;
    } else {
      // The step that was reported at its beginning is over.
      if (this.#isBegun) steps.pop();
      this.#isBegun = false;
      steps.push(...progress.steps);
    }
  }
}

function lossOf({ why, problem = "" }: Lost<WorkerTask>, { totalMs }: Patience): Loss {
  switch (why) {
    case "silent":
      return {
        kind: "never yields",
        what: "The code never let go of the processor, and nothing else could go on",
        hint: HINTS.neverYields,
      };
    case "late": {
      const what = `The run did not end within ${totalMs / 1000} s of processor time`;
      return { kind: "stuck", what, hint: HINTS.livelock };
    }
    default: {
      const kind = problem.includes("memory") ? "out of memory" : "ended";
      return { kind, what: `The process of this run ended: ${problem}` };
    }
  }
}
