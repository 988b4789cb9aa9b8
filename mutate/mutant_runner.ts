/**
 * Runs mutants in a process of its own, one after another.
 *
 * A mutant that never lets go of the processor, fills the memory or goes on for too long is
 * caught, since no student would wait for it. Its process is killed, and a new one goes on
 * with the next mutant.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import { WatchedChild } from "../explore/run/watched_child.ts";
import type { WorkerMessage } from "./_worker.ts";
import type { MutantResult, MutantTask } from "./run_mutant.ts";

const LAB = new URL("../", import.meta.url);

/** The time without a sign of life after which a process is killed, in real milliseconds. On
 * a busy machine it is the time that the original took for all of its tests. */
const SILENCE_MS_MIN = 5000;

/** A mutant may take this many times as long as the original. */
const SLOWNESS_MAX = 10;

/** The time that the original may take, in real milliseconds. */
const ORIGINAL_MS_MAX = 120_000;

/** One process that runs mutants, and is replaced if it has to be. */
export class MutantRunner implements Disposable {
  #child: WatchedChild<MutantTask, WorkerMessage> | undefined;
  #task: MutantTask | undefined;
  #usualMs = 0;
  #settle: PromiseWithResolvers<MutantResult> | undefined;
  #isReady = false;

  /** Runs a mutant. The one before has to be done.
   *
   * @param usualMs The time that the original took, in real milliseconds; absent for itself.
   * @throws {CommandError} The process cannot be started. */
  run(task: MutantTask, usualMs: number = ORIGINAL_MS_MAX): Promise<MutantResult> {
    this.#task = task;
    this.#usualMs = usualMs;
    const settle = this.#settle = Promise.withResolvers<MutantResult>();
    if (this.#child === undefined) this.#start();
    else if (this.#isReady) this.#post();
    return settle.promise;
  }

  /** Ends the process. */
  [Symbol.dispose](): void {
    this.#child?.[Symbol.dispose]();
    this.#child = undefined;
    this.#isReady = false;
  }

  #start(): void {
    this.#child = new WatchedChild(LAB, "mutate/_worker.ts", {
      onMessage: (message) => this.#hear(message),
      onError: (problem) => {
        if (this.#isReady) return this.#giveUp(`its process ended: ${problem}`);
        this.#settle?.reject(new CommandError(`Cannot start the tests: ${problem}`));
      },
      onGivenUp: (why) => {
        this.#giveUp(
          why === "silent" ? "it never let go of the processor" : "it did not come to its end",
        );
      },
    });
  }

  #post(): void {
    const silenceMs = Math.max(SILENCE_MS_MIN, this.#usualMs);
    this.#child!.post(this.#task!);
    this.#child!.watch({ silenceMs, totalMs: SLOWNESS_MAX * silenceMs });
  }

  #hear(message: WorkerMessage): void {
    if (message.kind === "ready") {
      this.#isReady = true;
      if (this.#settle !== undefined) this.#post();
    }
    if (message.kind === "done") this.#done(message.result);
  }

  #giveUp(report: string): void {
    this[Symbol.dispose]();
    this.#done({ kind: "caught", by: "the process", report });
  }

  #done(result: MutantResult): void {
    this.#child?.rest();
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve(result);
  }
}
