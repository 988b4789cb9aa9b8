/**
 * A process in which a submission runs, with a watch on its time: it must let go of the
 * processor now and then, and be done in the end.
 *
 * @module
 */

import { linesOf } from "./_lines.ts";
import { endOf, endProcess, startProcess } from "./child.ts";
import { MESSAGE_MARK } from "./parent.ts";
import { tailOf } from "./tail.ts";

/** Time is counted in ticks of this many real milliseconds: while the whole machine is
 * suspended, at most one of them goes by. */
const TICK_MS = 250;

/** The time until the first message, in real milliseconds. */
const READY_MS = 10_000;

const NOT_READY = "expected client.ts and server.ts to load at once; look for a loop or an " +
  "await outside of their classes that never ends";

/** The length of the end of the standard error that is kept, in characters. */
const ERRORS_LENGTH_MAX = 4000;

/** The time limits of a process, in real milliseconds. */
export interface Patience {
  /** The longest time without yielding, once it is ready. */
  silenceMs: number;
  /** The processor time in all: a busy machine takes longer for the same result. */
  totalMs: number;
}

/** A process may take this many times its processor time on the wall: it may wait for something
 * that never comes. */
const WALL_FACTOR = 10;

/** How a process starts. */
export interface ChildOptions {
  /** The time until its first message, in real milliseconds. */
  readonly readyMs?: number | undefined;
  /** The command of Deno that runs it; `run` if absent. */
  readonly command?: "run" | "test";
}

/** The reason for giving a process up: it did not yield, or it did not end in time. */
export type GivenUp = "silent" | "late";

/** Receives what becomes of a process. */
export interface WatchedHandlers<Message> {
  /** Receives every message but the signs of life. */
  onMessage(message: Message): void;
  /** Receives why the process ended by itself, or never got ready. Nothing comes after it.
   *
   * @param problem The reason, in words.
   * @param hasExited True if the program ended itself, with an exit status and no error. */
  onError(problem: string, hasExited: boolean): void;
  /** Called after the process was killed. Nothing comes after it. */
  onGivenUp?(why: GivenUp): void;
}

/** One process, watched. */
export class WatchedChild<Task, Message extends { kind: string }> implements Disposable {
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #handlers: WatchedHandlers<Message>;
  readonly #clock: ReturnType<typeof setInterval>;
  #isOver = false;
  /** The time left, in milliseconds. */
  #readyLeftMs: number;
  #silenceLeftMs = Infinity;
  #totalLeftMs = Infinity;
  /** The processor time that it has used, and its limit. */
  #cpuMs = 0;
  #cpuMsMax = Infinity;
  #silenceMs = Infinity;

  /** @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
   * @param file The program that runs there, as a path below `lab`.
   * @param handlers Receive what becomes of it.
   * @throws {CommandError} This process may not start others. */
  constructor(
    lab: URL,
    file: string,
    handlers: WatchedHandlers<Message>,
    { readyMs = READY_MS, command = "run" }: ChildOptions = {},
  ) {
    this.#handlers = handlers;
    this.#process = startProcess(lab, file, command);
    this.#stdin = this.#process.stdin.getWriter();
    this.#readyLeftMs = readyMs;
    this.#clock = setInterval(() => this.#tick(readyMs), TICK_MS);
    void this.#follow();
  }

  /** Sends a message. */
  post(task: Task): void {
    const line = new TextEncoder().encode(`${JSON.stringify(task)}\n`);
    // A process that is gone does not hear it, which its end tells.
    this.#stdin.write(line).catch(() => {});
  }

  /** Gives the process its time, from now on. */
  watch({ silenceMs, totalMs }: Patience): void {
    this.#totalLeftMs = WALL_FACTOR * totalMs;
    this.#cpuMsMax = this.#cpuMs + totalMs;
    this.#silenceLeftMs = this.#silenceMs = silenceMs;
  }

  /** Ends the watch: nothing is expected of the process. */
  rest(): void {
    this.watch({ silenceMs: Infinity, totalMs: Infinity });
  }

  /** Kills the process. Nothing is heard of it after that. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#clock);
    endProcess(this.#process);
  }

  #tick(readyMs: number): void {
    const isReady = this.#readyLeftMs === Infinity;
    this.#readyLeftMs -= TICK_MS;
    this.#totalLeftMs -= TICK_MS;
    // A process that is not ready yet says nothing.
    if (isReady) this.#silenceLeftMs -= TICK_MS;
    if (this.#readyLeftMs <= 0) {
      this.#fail(`it was not ready after ${readyMs / 1000} s: ${NOT_READY}`);
    } else if (this.#silenceLeftMs <= 0) this.#giveUp("silent");
    else if (this.#totalLeftMs <= 0) this.#giveUp("late");
  }

  async #follow(): Promise<void> {
    const [errors, status] = await Promise.all([
      tailOf(this.#process.stderr, ERRORS_LENGTH_MAX),
      this.#process.status,
      this.#hear(),
    ]);
    this.#stdin.close().catch(() => {});
    this.#fail(...endOf(status, errors));
  }

  async #hear(): Promise<void> {
    for await (const line of linesOf(this.#process.stdout)) {
      if (this.#isOver || !line.startsWith(MESSAGE_MARK)) continue;
      const message = JSON.parse(line.slice(MESSAGE_MARK.length));
      this.#readyLeftMs = Infinity;
      // Other messages are no sign of life: a loop that awaits nothing can send them, too.
      if (message.kind === "alive") this.#hearAlive(message.cpuMs);
      else this.#handlers.onMessage(message);
    }
  }

  #hearAlive(cpuMs: number): void {
    this.#silenceLeftMs = this.#silenceMs;
    this.#cpuMs = cpuMs;
    if (cpuMs > this.#cpuMsMax) this.#giveUp("late");
  }

  #fail(problem: string, hasExited = false): void {
    if (this.#isOver) return;
    this[Symbol.dispose]();
    this.#handlers.onError(problem, hasExited);
  }

  #giveUp(why: GivenUp): void {
    this[Symbol.dispose]();
    this.#handlers.onGivenUp?.(why);
  }
}
