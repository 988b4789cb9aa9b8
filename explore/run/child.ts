/**
 * Processes in which a submission runs, without any permission.
 *
 * Unlike a thread, a process can be ended whatever it does. Each is killed when it is
 * disposed of, and all are killed when the command ends, by itself, by Ctrl-C or by SIGTERM.
 * A command that is killed with SIGKILL cannot see to that: its processes end as soon as they
 * let go of the processor.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { CommandError } from "../../cli/mod.ts";
import { linesOf } from "./_lines.ts";
import { MESSAGE_MARK } from "./parent.ts";
import { tailOf } from "./tail.ts";

/** How long a process may take until its first message, in real milliseconds. */
const READY_MS = 10_000;

/** Time is counted in ticks of this many real milliseconds: where the whole machine was
 * suspended, only one of them has gone by. */
const TICK_MS = 250;

/** How much of what a process says about its end is kept, in characters. */
const ERRORS_LENGTH_MAX = 4000;

/** How V8 says that the heap is full. */
const HEAP_FULL = /heap out of memory|heap limit|out of memory: /i;

/** The exit status of a process that a signal ends. */
const SIGNAL_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

/** Receives what a process says. */
export interface ChildHandlers<Message> {
  onMessage(message: Message): void;
  /** Receives why the process ended by itself, or never got ready. Nothing comes after it.
   *
   * @param problem The reason, in words.
   * @param hasExited True if the program ended itself, with an exit status and no error. */
  onError(problem: string, hasExited: boolean): void;
}

const living = new Set<Deno.ChildProcess>();
let interrupt: (() => void) | undefined;
let isListening = false;

/** One process. */
export class Child<Task, Message> implements Disposable {
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #handlers: ChildHandlers<Message>;
  #clock: ReturnType<typeof setInterval> | undefined;
  #isOver = false;

  /** Starts a process.
   *
   * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
   * @param file The program that runs there, as a path below `lab`.
   * @param handlers Receive what it says.
   * @throws {CommandError} This process may not start others.
   */
  constructor(lab: URL, file: string, handlers: ChildHandlers<Message>) {
    this.#handlers = handlers;
    this.#process = spawn(fileURLToPath(new URL(file, lab)));
    this.#stdin = this.#process.stdin.getWriter();
    living.add(this.#process);
    listenToSignals();
    let leftMs = READY_MS;
    this.#clock = setInterval(() => {
      leftMs -= TICK_MS;
      if (leftMs <= 0) this.#fail(`it was not ready after ${READY_MS / 1000} s: ${NOT_READY}`);
    }, TICK_MS);
    void this.#follow();
  }

  /** Sends a message. */
  post(task: Task): void {
    const line = new TextEncoder().encode(`${JSON.stringify(task)}\n`);
    // A process that is gone does not hear it, which its end tells.
    this.#stdin.write(line).catch(() => {});
  }

  /** Kills the process. Nothing is heard of it after that. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    clearInterval(this.#clock);
    kill(this.#process);
    living.delete(this.#process);
    listenToSignals();
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
      clearInterval(this.#clock);
      this.#handlers.onMessage(JSON.parse(line.slice(MESSAGE_MARK.length)));
    }
  }

  #fail(problem: string, hasExited = false): void {
    if (this.#isOver) return;
    this[Symbol.dispose]();
    this.#handlers.onError(problem, hasExited);
  }
}

const NOT_READY = "expected client.ts and server.ts to load at once; look for a loop or an " +
  "await outside of their classes that never ends";

/** Calls a function on Ctrl-C, instead of ending the command, until it is disposed of. */
export function onInterrupt(handler: () => void): Disposable {
  interrupt = handler;
  listenToSignals();
  return {
    [Symbol.dispose]() {
      interrupt = undefined;
      listenToSignals();
    },
  };
}

function spawn(path: string): Deno.ChildProcess {
  const flags = ["--quiet", "--no-prompt", "--no-check", "--cached-only"];
  try {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, path],
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    const { message } = error as Error;
    throw new CommandError(
      `Cannot start a process for the submission: ${message}; expected the permission ` +
        "--allow-run, as in the tasks of deno.json",
    );
  }
}

/** Listens to signals as long as there is something that they would leave behind. */
function listenToSignals(): void {
  const isNeeded = living.size > 0 || interrupt !== undefined;
  if (isNeeded === isListening) return;
  isListening = isNeeded;
  const change = isNeeded ? Deno.addSignalListener : Deno.removeSignalListener;
  change("SIGINT", onSigint);
  // Windows knows no other way to ask a process to end.
  if (Deno.build.os !== "windows") change("SIGTERM", onSigterm);
  if (isNeeded) globalThis.addEventListener("unload", killAll);
  else globalThis.removeEventListener("unload", killAll);
}

function onSigint(): void {
  if (interrupt !== undefined) return interrupt();
  killAll();
  Deno.exit(SIGNAL_STATUS.SIGINT);
}

function onSigterm(): void {
  killAll();
  Deno.exit(SIGNAL_STATUS.SIGTERM);
}

function killAll(): void {
  for (const process of living) kill(process);
}

function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Says in words why a process ended by itself.
 *
 * @returns The reason, and true if the program ended itself. */
function endOf({ code, signal }: Deno.CommandStatus, errors: string): [string, boolean] {
  const error = errors.match(/^error: (.*)/ms)?.[1];
  if (error !== undefined) return [error.trim(), false];
  if (HEAP_FULL.test(errors)) return ["it ran out of memory", false];
  if (signal !== null) return [`${signal} ended its process`, false];
  const problem = `client.ts or server.ts ended its process, with status ${code}; ` +
    "take out what does, for example Deno.exit() or close()";
  return [problem, true];
}
