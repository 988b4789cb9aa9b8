/**
 * The messages between a process that runs a submission and its parent: one line of JSON for each.
 *
 * A submission may write to the standard output as well. Lines that are messages begin with
 * a mark, so that what it writes is skipped. This is no defense: a submission that wants to
 * forge messages can. Grading does not use this.
 *
 * @module
 */

import { cpuNow } from "../../sim/mod.ts";
import { linesOf } from "./_lines.ts";

/** The mark that a message begins with. */
export const MESSAGE_MARK = "\u0000";

// A submission may replace these.
const { stringify, parse } = JSON;
const exit = Deno.exit;
const write = Deno.stdout.writeSync.bind(Deno.stdout);
const encoder = new TextEncoder();

/** Sends a message to the parent, at once. */
export function post(message: unknown): void {
  // What the submission wrote last may not have ended its line.
  let bytes = encoder.encode(`\n${MESSAGE_MARK}${stringify(message)}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(write(bytes));
}

/** The interval between two signs of life, in real milliseconds. */
const BEAT_MS = 200;

/** Sends a sign of life from now on, whenever the process lets go of the processor, with the
 * processor time that it has used. */
function beat(): void {
  setInterval(() => post({ kind: "alive", cpuMs: cpuNow() }), BEAT_MS);
}

/** Hears the parent's messages until it is gone; this process ends then. */
async function listen<Message>(hear: (message: Message) => void): Promise<void> {
  for await (const line of linesOf(Deno.stdin.readable)) hear(parse(line));
  exit(0);
}

/** Leaves it to the parent what Ctrl-C does: the terminal sends it to both. */
function ignoreInterrupts(): void {
  Deno.addSignalListener("SIGINT", () => {});
}

/** The messages of a process. Tasks are done in the order in which they came. */
export type ServiceMessage<Ready = unknown, Result = unknown, Progress = unknown> =
  | { kind: "ready"; ready: Ready }
  /** It never will be: the tests, or the submission, cannot be loaded. */
  | { kind: "broken"; problem: string }
  | { kind: "progress"; progress: Progress }
  | { kind: "done"; result: Result };

const say = (message: ServiceMessage) => post(message);

/** Sends the progress of the task that is being done. */
export function report(progress: unknown): void {
  say({ kind: "progress", progress });
}

/** Serves the parent until it is gone.
 *
 * @param load Loads the submission. It returns what the parent gets to know at once, and what does
 * the tasks, one after another, and returns their results.
 * @param problemOf Returns what the parent gets to know of an error of `load`. */
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
