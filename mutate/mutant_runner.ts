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
import { Child } from "../explore/run/child.ts";
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

/** Time is counted in ticks of this many real milliseconds: where the whole process was
 * suspended, only one of them has gone by. */
const TICK_MS = 250;

/** One process that runs mutants, and is replaced if it has to be. */
export class MutantRunner implements Disposable {
  #child: Child<MutantTask, WorkerMessage> | undefined;
  #task: MutantTask | undefined;
  #usualMs = 0;
  #settle: PromiseWithResolvers<MutantResult> | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
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
    clearInterval(this.#clock);
    this.#child?.[Symbol.dispose]();
    this.#child = undefined;
    this.#isReady = false;
  }

  #start(): void {
    this.#child = new Child(LAB, "mutate/_worker.ts", {
      onMessage: (message) => this.#hear(message),
      onError: (problem) => {
        if (this.#isReady) return this.#giveUp(`its process ended: ${problem}`);
        this.#settle?.reject(new CommandError(`Cannot start the tests: ${problem}`));
      },
    });
  }

  #post(): void {
    this.#child!.post(this.#task!);
    const silenceMsMax = Math.max(SILENCE_MS_MIN, this.#usualMs);
    let [leftMs, silentMs] = [SLOWNESS_MAX * silenceMsMax, 0];
    this.#heard = () => silentMs = 0;
    this.#clock = setInterval(() => {
      leftMs -= TICK_MS;
      silentMs += TICK_MS;
      if (silentMs > silenceMsMax) this.#giveUp("it never let go of the processor");
      else if (leftMs < 0) this.#giveUp("it did not come to its end");
    }, TICK_MS);
  }

  #heard: () => void = () => {};

  #hear(message: WorkerMessage): void {
    this.#heard();
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
    clearInterval(this.#clock);
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve(result);
  }
}
