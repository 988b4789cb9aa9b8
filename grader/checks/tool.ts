/**
 * Runs a tool of Deno, such as the compiler, on the files of a submission. If the tool fails, this
 * module decides if the submission or the machine is at fault.
 *
 * A tool that ends without an answer runs once more, and then on files that are known to be
 * correct. If it fails on these as well, or if a signal from outside ended it, the machine is at
 * fault: {@linkcode NotGradedError}. Otherwise the submission is.
 *
 * @module
 */

import { EXTERNAL_SIGNALS, NotGradedError } from "../judge/run.ts";
import { limitedCommand } from "../judge/limited_command.ts";

/** The number of runs without an answer. */
const TRIES = 2;

/** The limit of real time, as a multiple of the limit of processor time. */
const WALL_FACTOR = 5;

/** The limit of a tool's heap, in megabytes: the same on every machine. */
const HEAP_MB_MAX = 2048;

/** V8's messages for a full heap. */
const HEAP_FULL = /JavaScript out of memory|JavaScript heap out of memory|heap limit/;

/** The end of a tool's run. */
export interface ToolEnd {
  /** The exit status. */
  code: number;
  signal: Deno.Signal | null;
  stdout: string;
  stderr: string;
}

/** The settings of a tool's run. */
export interface ToolOptions {
  /** The working directory. */
  folder: string;
  /** The limit of processor time, in seconds. */
  cpuSecondsMax: number;
  /** Ends the run early. */
  signal?: AbortSignal | undefined;
}

/** Runs a command of Deno.
 *
 * @throws {DOMException} The signal ended the run.
 * @throws {NotGradedError} The command could not be started, or its real time is over.
 */
export async function runTool(
  args: readonly string[],
  { folder, cpuSecondsMax, signal }: ToolOptions,
): Promise<ToolEnd> {
  const msMax = cpuSecondsMax * WALL_FACTOR * 1000;
  const deadline = AbortSignal.timeout(msMax);
  // Windows has no limit of processor time; there the deadline ends the run.
  const command = limitedCommand(args, `-St ${cpuSecondsMax}`, {
    cwd: folder,
    env: {
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      RUST_BACKTRACE: "0",
      RUST_LIB_BACKTRACE: "0",
      DENO_V8_FLAGS: `--max-old-space-size=${HEAP_MB_MAX}`,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
  });
  let output: Deno.CommandOutput;
  try {
    output = await command.output();
  } catch (error) {
    signal?.throwIfAborted();
    throw new NotGradedError(`deno ${args[0]} cannot be started: ${(error as Error).message}`);
  }
  signal?.throwIfAborted();
  if (deadline.aborted) {
    throw new NotGradedError(`deno ${args[0]} did not end within ${msMax / 1000} s`);
  }
  const decoder = new TextDecoder();
  const [stdout, stderr] = [decoder.decode(output.stdout), decoder.decode(output.stderr)];
  return { code: output.code, signal: output.signal, stdout, stderr };
}

/** A question to a tool. */
export interface Question<Answer> {
  /** Runs the tool. */
  run(): Promise<ToolEnd>;
  /** Returns the tool's answer; `undefined` if there is none. */
  read(end: ToolEnd): Answer | undefined;
  /** Returns true if the tool works on files that are known to be correct. */
  works(): Promise<boolean>;
}

/** Asks a tool about a submission.
 *
 * @returns The answer. If the submission made the tool fail: the failure, and the end of the last
 * run.
 * @throws {NotGradedError} The machine made the tool fail.
 */
export async function askTool<Answer>(
  { run, read, works }: Question<Answer>,
): Promise<{ answer: Answer } | { failure: string; end: ToolEnd }> {
  let end: ToolEnd;
  for (let tries = 1;; tries++) {
    end = await run();
    const answer = read(end);
    if (answer !== undefined) return { answer };
    if (end.signal === "SIGXCPU") return { failure: "took too much processor time", end };
    if (HEAP_FULL.test(end.stderr)) return { failure: `needed more than ${HEAP_MB_MAX} MB`, end };
    if (tries === TRIES) break;
  }
  const failure = end.signal === null ? `ended with status ${end.code}` : `crashed (${end.signal})`;
  if (end.signal !== null && EXTERNAL_SIGNALS.includes(end.signal)) {
    throw new NotGradedError(`${end.signal} ended a tool that was reading it, twice`);
  }
  if (!await works()) {
    const said = end.stderr.trim().split("\n")[0]!;
    throw new NotGradedError(`a tool ${failure}${said === "" ? "" : `: ${said}`}`);
  }
  return { failure, end };
}
