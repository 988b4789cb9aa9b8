/**
 * The smallest story that shows the same mistake as a failed run: scripts are tried on
 * the submission, the smallest first, until one fails in the same way.
 *
 * Trying is done in a process of its own, as for seeds, since a submission may never
 * come back. What is found is performed once more in a new process, so that it does not
 * depend on what was tried before it.
 *
 * @module
 */

import { CommandError } from "../cli/mod.ts";
import type { History } from "../linearizability/mod.ts";
import type { Violation } from "../testing/failure_report.ts";
import type { NetworkName } from "../testing/run_options.ts";
import type { ScriptTask, ScriptWorkerMessage } from "./_script_worker.ts";
import { Child } from "./child.ts";
import { begunOf, hangViolation } from "./hang.ts";
import type { Entry, Recording } from "./recording.ts";
import type { Script } from "./script.ts";
import type { SeedFailure } from "./seed_run.ts";
import { isSameFailure, type Sought } from "./sought.ts";

/** A script that fails, and its performance. */
export interface Smallest {
  readonly script: Script;
  readonly violation: Violation;
  readonly recording: Recording;
}

/** How much time a search has, in real milliseconds. */
export interface SearchTime {
  /** In all. */
  totalMs?: number;
  /** For one script, before it counts as one that never comes to its end. */
  scriptMs?: number;
}

/** The whole is to take ten seconds, with what it takes to start and to tell. */
const TOTAL_MS = 9000;
const SCRIPT_MS = 1000;

/** What to look for to explain a failed run.
 *
 * @param nservers How many servers it had, if that is known.
 * @returns `undefined` for a failure that no submission is to blame for.
 */
export function soughtFor(
  failure: SeedFailure,
  nservers: number | undefined,
  network: NetworkName,
): Sought | undefined {
  if (!("violation" in failure)) return undefined;
  const { hint, isReliable = false } = failure.violation;
  return { isSharded: nservers !== 1, network, hint, isReliable };
}

/** Searches for the smallest script that fails like a test did.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @param sought What to look for; nothing if absent.
 * @returns `undefined` if none was found in time.
 * @throws {CommandError} The submission cannot be loaded.
 */
export async function findSmallest(
  lab: URL,
  sought: Sought | undefined,
  { totalMs = TOTAL_MS, scriptMs = SCRIPT_MS }: SearchTime = {},
): Promise<Smallest | undefined> {
  if (sought === undefined) return undefined;
  const endMs = performance.now() + totalMs;
  const run = async <Task extends ScriptTask>(task: Task) => {
    // One script more than the search has time for, so that what it found can be performed.
    const leftMs = Math.max(0, endMs - performance.now()) + scriptMs;
    using trial = new Trial(lab, task, scriptMs, leftMs);
    return await trial.result;
  };
  for (let from = 0; performance.now() < endMs;) {
    const timeMs = endMs - performance.now();
    const last = await run({ kind: "search", sought, from, timeMs });
    if (last.kind === "none" || last.kind === "late") break;
    from = last.place;
    const performed = await run({
      kind: "perform",
      script: last.script,
      tellsSteps: last.kind === "hung",
    });
    const found = smallestOf(last.script, sought, performed);
    if (found !== undefined) return found;
  }
  return undefined;
}

function smallestOf(
  script: Script,
  { hint }: Sought,
  last: Last<"perform">,
): Smallest | undefined {
  if (last.kind === "late") return undefined;
  if (last.kind === "hung") {
    const violation = hangViolation(last.entries);
    if (!isSameFailure(hint, violation.hint)) return undefined;
    // Nothing else leaves a process that never lets go of the processor.
    const history: History = { model: "kv", operations: [] };
    const recording = { entries: last.entries, history, outages: [] };
    return { script: begunOf(script, last.entries), violation, recording };
  }
  const violation = last.violations.find((violation) => isSameFailure(hint, violation.hint));
  if (violation === undefined) return undefined;
  // A shorter wait may have come to another end of the same kind; the idea is the one sought.
  return { script, violation: { ...violation, hint }, recording: last.recording };
}

/** How a process came to its end. */
type Last<Kind extends ScriptTask["kind"]> =
  | { kind: "hung"; place: number; script: Script; entries: Entry[] }
  /** It was cut off, whatever it was doing: it may not even have loaded. */
  | { kind: "late" }
  | Extract<ScriptWorkerMessage, { kind: Kind extends "search" ? "found" | "none" : "performed" }>;

/** One process that tries scripts. */
class Trial<Task extends ScriptTask> implements Disposable {
  /** How it came to its end. */
  readonly result: Promise<Last<Task["kind"]>>;
  readonly #child: Child<Task, ScriptWorkerMessage>;
  readonly #end: ReturnType<typeof setTimeout>;
  /** What happened in the performance, so far. */
  readonly #entries: Entry[] = [];
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(lab: URL, task: Task, scriptMs: number, leftMs: number) {
    const { promise, resolve, reject } = Promise.withResolvers<Last<Task["kind"]>>();
    this.result = promise;
    this.#end = setTimeout(() => resolve({ kind: "late" }), leftMs);
    const broken = (problem: string) => {
      const [line] = problem.split("\n");
      reject(new CommandError(`Cannot load the submission: ${line}`));
    };
    const onMessage = (data: ScriptWorkerMessage) => {
      if (data.kind === "step") return void this.#entries.push(data.entry);
      clearTimeout(this.#deadline);
      switch (data.kind) {
        case "ready":
          return this.#child.post(task);
        case "broken":
          return broken(data.problem);
        case "trying":
          this.#deadline = setTimeout(
            () => resolve({ ...data, kind: "hung", entries: this.#entries }),
            scriptMs,
          );
          return;
        default:
          return resolve(data as Last<Task["kind"]>);
      }
    };
    this.#child = new Child(lab, "_script_worker.ts", { onMessage, onError: broken });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#end);
    this.#child[Symbol.dispose]();
  }
}
