/**
 * The messages between a process that runs a submission and its parent: one line of JSON each.
 *
 * Messages begin with a mark, since the submission may write to the standard output as well. This
 * is no defense: a submission can forge messages. Grading does not use this.
 *
 * @module
 */

import { cpuNow } from "../../sim/mod.ts";
import { linesOf } from "./_lines.ts";

/** The beginning of a message. */
export const MESSAGE_MARK = "\u0000";

// A submission may replace these.
const { stringify, parse } = JSON;
const exit = Deno.exit;
const write = Deno.stdout.writeSync.bind(Deno.stdout);
const encoder = new TextEncoder();

/** Sends a message to the parent before it returns, with the processor time of this process. */
function post(message: object): void {
  // The submission may have written part of a line.
  let bytes = encoder.encode(`\n${MESSAGE_MARK}${stringify({ ...message, cpuMs: cpuNow() })}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(write(bytes));
}

/** The interval between two signs of life, in real milliseconds. */
const BEAT_MS = 200;

/** Sends signs of life from now on, as long as the process yields. */
function beat(): void {
  setInterval(() => post({ kind: "alive" }), BEAT_MS);
}

/** Receives the parent's messages. This process ends with its parent. */
async function listen<Message>(hear: (message: Message) => void): Promise<void> {
  for await (const line of linesOf(Deno.stdin.readable)) hear(parse(line));
  exit(0);
}

/** Leaves Ctrl-C to the parent: the terminal sends it to both. */
function ignoreInterrupts(): void {
  Deno.addSignalListener("SIGINT", () => {});
}

/** The messages of a process. It does its tasks in order. */
export type ServiceMessage<Ready = unknown, Result = unknown, Progress = unknown> =
  | { kind: "ready"; ready: Ready }
  /** The tests or the submission cannot be loaded. */
  | { kind: "broken"; problem: string }
  | { kind: "progress"; progress: Progress }
  | { kind: "done"; result: Result };

const say = (message: ServiceMessage) => post(message);

/** Sends the progress of the current task. */
export function report(progress: unknown): void {
  say({ kind: "progress", progress });
}

/** Serves the parent until it ends.
 *
 * @param load Loads the submission. It returns the content of the first message, and the function
 * that does a task and returns its result.
 * @param problemOf Describes an error of `load`. */
export async function serve<Task>(
  load: () => Promise<{ ready?: unknown; work?(task: Task): Promise<unknown> }>,
  problemOf: (error: Error) => string = ({ message }) => message,
): Promise<void> {
  ignoreInterrupts();
  try {
    const { ready, work } = await load();
    beat();
    say({ kind: "ready", ready });
    let last = Promise.resolve();
    void listen<Task>((task) => {
      last = last.then(async () => say({ kind: "done", result: await work?.(task) }));
    });
  } catch (error) {
    const problem = error instanceof Error ? problemOf(error) : String(error);
    say({ kind: "broken", problem });
  }
}
