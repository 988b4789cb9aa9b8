/**
 * A process in which a submission runs, and the limits of its time: it has to yield now and then,
 * and to end.
 *
 * @module
 */

import { linesOf } from "./_lines.ts";
import { endOf, endProcess, startProcess } from "./child.ts";
import { MESSAGE_MARK, type ServiceMessage } from "./parent.ts";
import { tailOf } from "./tail.ts";
import { type Overrun, type Patience, TICK_MS, TimeBudget } from "./time_budget.ts";

/** The time limit of the first message, in real milliseconds. */
const READY_MS = 10_000;

const NOT_READY = "expected client.ts and server.ts to load immediately; look for a loop or an " +
  "await outside of their classes that never ends";

/** The number of characters of the standard error that are kept. */
const ERRORS_LENGTH_MAX = 4000;

/** How a process starts. */
export interface ChildOptions {
  /** The time limit of its first message, in real milliseconds. */
  readonly readyMs?: number | undefined;
  /** The command of Deno that runs it; `run` if absent. */
  readonly command?: "run" | "test";
}

/** The reason for killing a process that was ready. */
export type GivenUp = Exclude<Overrun, "unready">;

/** Receives the messages and the end of a process. */
export interface WatchedHandlers<Message> {
  /** Receives every message except signs of life. */
  onMessage(message: Message): void;
  /** Called last if the process ended by itself or was never ready.
   *
   * @param problem The reason, in words.
   * @param hasExited True if the program called for its end. */
  onError(problem: string, hasExited: boolean): void;
  /** Called last if the process was killed. */
  onGivenUp?(why: GivenUp): void;
}

/** One process. */
export class WatchedChild<Task, Message extends { kind: string }> implements Disposable {
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #handlers: WatchedHandlers<Message>;
  readonly #clock: ReturnType<typeof setInterval>;
  readonly #budget: TimeBudget;
  #isOver = false;

  /** @param lab The folder of the lab, or of an overlay; ends in a slash.
   * @param file The program, as a path in `lab`.
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
    this.#budget = new TimeBudget(readyMs);
    this.#clock = setInterval(() => this.#tick(readyMs), TICK_MS);
    void this.#follow();
  }

  /** Sends a message. */
  post(task: Task): void {
    const line = new TextEncoder().encode(`${JSON.stringify(task)}\n`);
    // A process that has ended reports that elsewhere.
    this.#stdin.write(line).catch(() => {});
  }

  /** Begins to count the time of a task. */
  watch(patience: Patience): void {
    this.#budget.start(patience);
  }

  /** Stops counting: the process has nothing to do. */
  rest(): void {
    this.watch({ silenceMs: Infinity, totalMs: Infinity });
  }

  /** Kills the process. No handler is called after that. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#clock);
    endProcess(this.#process);
  }

  #tick(readyMs: number): void {
    const overrun = this.#budget.tick();
    if (overrun === "unready") {
      this.#fail(`it was not ready after ${readyMs / 1000} s: ${NOT_READY}`);
    } else if (overrun !== undefined) this.#giveUp(overrun);
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
      this.#budget.hear(message.cpuMs);
      // Other messages are no sign of life: a loop that never yields can send them.
      if (message.kind === "alive") this.#budget.beat();
      else this.#handlers.onMessage(message);
    }
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

/** The time limit of {@linkcode firstMessage}, in real milliseconds. A busy machine takes a tenth. */
const FIRST_MS = 60_000;

/** Runs a program of the lab until it is ready.
 *
 * @param lab The folder of the lab, or of an overlay; ends in a slash.
 * @param file The program, as a path in `lab`.
 * @returns The content of its first message; `undefined` if it fails. */
export async function firstMessage<Ready>(
  lab: URL,
  file: string,
  command: "run" | "test" = "run",
): Promise<Ready | undefined> {
  const { promise, resolve } = Promise.withResolvers<Ready | undefined>();
  using _child = new WatchedChild<never, ServiceMessage<Ready>>(lab, file, {
    onMessage: (message) => resolve(message.kind === "ready" ? message.ready : undefined),
    onError: () => resolve(undefined),
  }, { readyMs: FIRST_MS, command });
  return await promise;
}
