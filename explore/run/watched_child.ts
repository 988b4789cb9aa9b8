/**
 * A process in which a submission runs, with a watch on its time: it must let go of the
 * processor now and then, and be done in the end.
 *
 * Time is counted in ticks: where the whole machine was suspended, only one of them has gone
 * by.
 *
 * @module
 */

import { Child, type ChildHandlers } from "./child.ts";

/** The length of a tick, in real milliseconds. */
const TICK_MS = 250;

/** How long a process may take, in real milliseconds. */
export interface Patience {
  /** Without a word, once it has said its first. */
  silenceMs: number;
  /** In all. */
  totalMs: number;
}

/** Why a process was given up: it never let go of the processor, or did not come to its end. */
export type GivenUp = "silent" | "late";

/** Receives what a process says, and that it was given up. */
export interface WatchedHandlers<Message> extends ChildHandlers<Message> {
  /** Called after the process was killed. Nothing comes after it. */
  onGivenUp(why: GivenUp): void;
}

/** One process, watched. */
export class WatchedChild<Task, Message> implements Disposable {
  readonly #child: Child<Task, Message>;
  readonly #handlers: WatchedHandlers<Message>;
  #clock: ReturnType<typeof setInterval> | undefined;
  #hasSpoken = false;
  #silentMs = 0;

  /** @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
   * @param file What runs there, as a path below `lab`.
   * @throws {CommandError} This process may not start others. */
  constructor(lab: URL, file: string, handlers: WatchedHandlers<Message>) {
    this.#handlers = handlers;
    this.#child = new Child(lab, file, {
      onMessage: (message: Message) => {
        this.#hasSpoken = true;
        this.#silentMs = 0;
        handlers.onMessage(message);
      },
      onError: (problem, hasExited) => {
        clearInterval(this.#clock);
        handlers.onError(problem, hasExited);
      },
    });
  }

  /** Sends a message. */
  post(task: Task): void {
    this.#child.post(task);
  }

  /** Gives the process its time, from now on. */
  watch({ silenceMs, totalMs }: Patience): void {
    this.rest();
    let leftMs = totalMs;
    this.#silentMs = 0;
    this.#clock = setInterval(() => {
      leftMs -= TICK_MS;
      // A process that is not ready yet says nothing.
      if (this.#hasSpoken) this.#silentMs += TICK_MS;
      if (this.#silentMs >= silenceMs) this.#giveUp("silent");
      else if (leftMs <= 0) this.#giveUp("late");
    }, TICK_MS);
  }

  /** Ends the watch: nothing is expected of the process. */
  rest(): void {
    clearInterval(this.#clock);
  }

  /** Kills the process. Nothing is heard of it after that. */
  [Symbol.dispose](): void {
    this.rest();
    this.#child[Symbol.dispose]();
  }

  #giveUp(why: GivenUp): void {
    this[Symbol.dispose]();
    this.#handlers.onGivenUp(why);
  }
}
