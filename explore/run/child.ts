/**
 * Processes in which a submission runs, without any permission.
 *
 * Unlike a thread, a process can be killed whatever it does. The command kills all of them when it
 * ends, also by Ctrl-C or SIGTERM. If SIGKILL ends the command, its processes end as soon as they
 * yield.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { CommandError } from "../../cli/mod.ts";

/** V8's message about a full heap. */
const HEAP_FULL = /heap out of memory|heap limit|out of memory: /i;

/** The exit status of a process that a signal ended. */
const SIGNAL_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;

const living = new Set<Deno.ChildProcess>();
let interrupt: (() => void) | undefined;
let isListening = false;

/** Starts a process that runs a program of the lab.
 *
 * @param lab The folder of the lab; ends in a slash.
 * @param file The program, as a path below `lab`.
 * @param command The command of Deno that runs it.
 * @throws {CommandError} This process may not start others.
 */
export function startProcess(lab: URL, file: string, command: "run" | "test"): Deno.ChildProcess {
  const flags = ["--no-prompt", "--no-check", "--cached-only"];
  // A quiet `deno test` drops the messages.
  if (command === "run") flags.push("--quiet");
  try {
    const process = new Deno.Command(Deno.execPath(), {
      args: [command, ...flags, fileURLToPath(new URL(file, lab))],
      // `deno test` reads the deno.json of its own folder.
      cwd: lab,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    living.add(process);
    listenToSignals();
    return process;
  } catch (error) {
    const { message } = error as Error;
    throw new CommandError(
      `Cannot start a process for the submission: ${message}; expected the permission ` +
        "--allow-run, as in the tasks of deno.json",
    );
  }
}

/** Kills a process unless it has ended. */
export function endProcess(process: Deno.ChildProcess): void {
  kill(process);
  living.delete(process);
  listenToSignals();
}

/** Makes Ctrl-C call a function, instead of ending the command, until the result is disposed of. */
export function onInterrupt(handler: () => void): Disposable {
  const set = (to: typeof interrupt) => {
    interrupt = to;
    listenToSignals();
  };
  set(handler);
  return { [Symbol.dispose]: () => set(undefined) };
}

/** Listens to signals as long as one of them would leave something behind. */
function listenToSignals(): void {
  const isNeeded = living.size > 0 || interrupt !== undefined;
  if (isNeeded === isListening) return;
  isListening = isNeeded;
  const change = isNeeded ? Deno.addSignalListener : Deno.removeSignalListener;
  change("SIGINT", onSigint);
  // Windows has no SIGTERM.
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
    // It has ended.
  }
}

/** Describes why a process ended.
 *
 * @param errors The end of its standard error.
 * @returns The reason, and true if the program called for it. */
export function endOf(
  { code, signal }: Deno.CommandStatus,
  errors: string,
): [problem: string, hasExited: boolean] {
  const error = errors.match(/^error: (.*)/ms)?.[1];
  if (error !== undefined) return [error.trim(), false];
  if (HEAP_FULL.test(errors)) return ["it ran out of memory", false];
  if (signal !== null) return [`${signal} ended its process`, false];
  const problem = `client.ts or server.ts ended its process, with status ${code}; ` +
    "take out what does, for example Deno.exit() or close()";
  return [problem, true];
}
