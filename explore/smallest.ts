/**
 * The smallest story that shows the same mistake as a failed run: scripts are tried on
 * the submission, the smallest first, until one fails in the same way.
 *
 * Trying is done on a thread of its own, as for seeds, since a submission may never
 * come back. What is found is performed once more on a new thread, so that it does not
 * depend on what was tried before it.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import type { Violation } from "../testing/failure_report.ts";
import { HINTS } from "../testing/hints.ts";
import type { ScriptTask, ScriptWorkerMessage } from "./_script_worker.ts";
import { scriptsFor, type Sought } from "./candidates.ts";
import type { Recording } from "./recording.ts";
import type { Script } from "./script.ts";

/** A script that fails, and its performance. */
export interface Smallest {
  readonly script: Script;
  readonly violation: Violation;
  readonly recording: Recording;
  /** Whether it fails in the way that was sought, or else in another one. */
  readonly isSame: boolean;
}

/** How much time a search has, in real milliseconds. */
export interface SearchTime {
  /** In all. */
  totalMs?: number;
  /** For one script, before it counts as one that never comes to its end. */
  scriptMs?: number;
}

const TOTAL_MS = 10_000;
const SCRIPT_MS = 1000;

/** What is known when a search ends. */
interface Found {
  place: number;
  violation: Violation;
}

/** Searches for the smallest script that fails like a test did.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @returns `undefined` if none was found in time.
 * @throws {CommandError} The submission cannot be loaded.
 */
export async function findSmallest(
  lab: URL,
  sought: Sought,
  { totalMs = TOTAL_MS, scriptMs = SCRIPT_MS }: SearchTime = {},
): Promise<Smallest | undefined> {
  const endMs = performance.now() + totalMs;
  let other: Smallest | undefined;
  for (let from = 0; performance.now() < endMs;) {
    const task: ScriptTask = { sought, from, timeMs: endMs - performance.now() };
    const found = await search(lab, task, scriptMs);
    if (found === undefined) break;
    const performed = await perform(lab, sought, found, scriptMs);
    if (performed?.isSame) return performed;
    other ??= performed;
    from = found.place + 1;
  }
  return other;
}

/** Tries one script after the other. */
async function search(
  lab: URL,
  task: ScriptTask,
  scriptMs: number,
): Promise<Found | undefined> {
  using thread = new ScriptThread(lab, task, scriptMs);
  const last = await thread.result;
  if (last.kind === "hung") return { place: last.place, violation: NEVER_YIELDS };
  return last.kind === "failed" ? last : undefined;
}

/** Performs one script once more, on a new thread, and records it. */
async function perform(
  lab: URL,
  sought: Sought,
  { place }: Found,
  scriptMs: number,
): Promise<Smallest | undefined> {
  const script = scriptsFor(sought).drop(place).next().value!;
  using thread = new ScriptThread(lab, { sought, from: place, only: true }, scriptMs);
  const last = await thread.result;
  if (last.kind === "hung") {
    const isSame = sought.hint === HINTS.neverYields;
    return { script, violation: NEVER_YIELDS, recording: EMPTY, isSame };
  }
  if (last.kind !== "failed") return undefined;
  const { violation, recording, isSame } = last;
  return { script, violation, recording: recording!, isSame };
}

const NEVER_YIELDS: Violation = {
  what: "The run never let go of the processor",
  hint: HINTS.neverYields,
};

/** Nothing leaves a thread that never lets go of the processor. */
const EMPTY: Recording = {
  entries: [],
  history: { model: "kv", operations: [] },
  outages: [],
};

type Last =
  | { kind: "hung"; place: number }
  | Extract<ScriptWorkerMessage, { kind: "failed" | "none" }>;

/** One thread that tries scripts. */
class ScriptThread implements Disposable {
  /** How it came to its end. */
  readonly result: Promise<Last>;
  readonly #thread: Worker;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(lab: URL, task: ScriptTask, scriptMs: number) {
    const { promise, resolve, reject } = Promise.withResolvers<Last>();
    this.result = promise;
    const options = { type: "module", deno: { permissions: "none" } } as WorkerOptions;
    this.#thread = new Worker(new URL("explore/_script_worker.ts", lab), options);
    const broken = (problem: string) => {
      const [line] = problem.split("\n");
      reject(new CommandError(`Cannot load the submission: ${line}`));
    };
    this.#thread.onerror = (event) => {
      event.preventDefault();
      broken(event.message);
    };
    this.#thread.onmessage = ({ data }: MessageEvent<ScriptWorkerMessage>) => {
      clearTimeout(this.#deadline);
      switch (data.kind) {
        case "ready":
          return this.#thread.postMessage(task);
        case "broken":
          return broken(data.problem);
        case "trying":
          this.#deadline = setTimeout(
            () => resolve({ kind: "hung", place: data.place }),
            scriptMs,
          );
          return;
        default:
          return resolve(data);
      }
    };
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#deadline);
    this.#thread.terminate();
  }
}
