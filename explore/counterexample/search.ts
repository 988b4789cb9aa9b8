/**
 * The smallest run that fails like a test did. Two searches work at the same time: one tries
 * all small schedules, the smallest first; the other one makes the run that failed smaller.
 *
 * Schedules are performed in processes of their own, as seeds are, since a submission may
 * never come back. What is found is performed once more in a new process, so that it does not
 * depend on what was tried before it.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import type { RunSummary } from "../../config.ts";
import type { History } from "../../linearizability/mod.ts";
import type { Violation } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import type { NetworkName } from "../../testing/run_options.ts";
import { begunOf, hangViolation } from "../run/hang.ts";
import type { Entry, Recording } from "../recording/recording.ts";
import type { Task } from "./_worker.ts";
import { isSameFailure, type SearchGoal } from "./enumeration.ts";
import { type Counts, countsOf, type Schedule, sizeOf } from "./schedule.ts";
import { type Last, Trial, type TrialOptions } from "./trial.ts";

/** A schedule that fails, and its performance. */
export interface Counterexample {
  readonly schedule: Schedule;
  readonly violation: Violation;
  readonly recording: Recording;
  /** The size of the original run, if it could be recorded. */
  readonly original?: Counts;
}

/** A test that failed. */
export interface FailedRun {
  readonly violation: Violation;
  readonly network: NetworkName;
  /** The run itself, if it could be recorded. */
  readonly schedule: Schedule | undefined;
}

/** The time limits of a search, in real milliseconds. */
export interface SearchOptions {
  /** A schedule that keeps the processor to itself for so long counts as one that never comes to
   * its end. */
  silenceMs?: number;
}

/** The whole is to take ten seconds, with what it takes to start and to tell. */
const TOTAL_MS = 8000;
const SILENCE_MS = 1000;
/** The time limit for performing a schedule that was found or asked for, in real milliseconds. */
const PERFORM_MS = 10_000;

/** Nothing larger is looked for once a schedule of this size is found. */
const SMALL: Omit<Counts, "servers"> = { clerks: 2, operations: 3, faults: 1 };

/** Searches for the smallest run that fails like a test did.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @returns `undefined` if none was found in time, or no submission is to blame.
 * @throws {CommandError} The submission cannot be loaded.
 */
export async function findCounterexample(
  lab: URL,
  { violation: { hint, isReliable }, network, schedule }: FailedRun,
  { silenceMs = SILENCE_MS }: SearchOptions = {},
): Promise<Counterexample | undefined> {
  const goal: SearchGoal = {
    isSharded: schedule?.nservers !== 1,
    network,
    hint,
    isReliable: isReliable === true,
  };
  using search = new Search(lab, goal, silenceMs);
  const found = await search.run(schedule);
  return found && { ...found, ...schedule && { original: countsOf(schedule) } };
}

/** The result of performing a schedule in a process of its own. */
export interface Outcome {
  /** The violated invariants, each by itself. */
  readonly violations: readonly Violation[];
  readonly recording: Recording;
  /** Absent if the run never came to its end. */
  readonly summary?: RunSummary;
}

/** Performs one schedule in a process of its own.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @throws {CommandError} The submission cannot be loaded, or the run takes too long.
 */
export async function performOnce(lab: URL, schedule: Schedule): Promise<Outcome> {
  for (const tellsSteps of [false, true]) {
    const task = { kind: "perform", schedule, tellsSteps } as const;
    using trial = new Trial(lab, task, { silenceMs: SILENCE_MS, totalMs: PERFORM_MS });
    const last = await trial.result;
    if (last.kind === "performed") return last;
    if (last.kind === "late") break;
    if (tellsSteps) return hungOutcome(last.entries);
  }
  const seconds = PERFORM_MS / 1000;
  throw new CommandError(`Cannot perform the schedule: it did not end within ${seconds} s`);
}

/** Returns the result of a run that never yielded. */
function hungOutcome(entries: Entry[]): Outcome {
  const history: History = { model: "kv", operations: [] };
  const recording = { entries, history, outages: [] };
  return { violations: [hangViolation(entries)], recording };
}

type Found = Omit<Counterexample, "original">;

/** One search. Its processes end when it is disposed of. */
class Search implements Disposable {
  readonly #lab: URL;
  readonly #goal: SearchGoal;
  readonly #silenceMs: number;
  readonly #endMs = performance.now() + TOTAL_MS;
  readonly #trials = new DisposableStack();
  /** Nothing larger than this is worth trying. */
  #enoughSize = Infinity;

  constructor(lab: URL, goal: SearchGoal, silenceMs: number) {
    this.#lab = lab;
    this.#goal = goal;
    this.#silenceMs = silenceMs;
  }

  /** @param schedule The run that failed, if it could be recorded. */
  async run(schedule: Schedule | undefined): Promise<Found | undefined> {
    const minimizing = this.#minimize(schedule);
    minimizing.catch(() => {});
    const enumerated = await this.#enumerate();
    // It came to it in the order of sizes: the other one may at best find a smaller one that is
    // not enumerated.
    if (enumerated !== undefined && isSmall(countsOf(enumerated.schedule))) return enumerated;
    const minimized = await minimizing;
    if (enumerated === undefined || minimized === undefined) return enumerated ?? minimized;
    return sizeOf(minimized.schedule) < sizeOf(enumerated.schedule) ? minimized : enumerated;
  }

  /** Kills the processes that are at work. */
  [Symbol.dispose](): void {
    this.#trials.dispose();
  }

  async #enumerate(): Promise<Found | undefined> {
    for (let from = 0; this.#leftMs > 0;) {
      const task = { kind: "enumerate", goal: this.#goal, from } as const;
      const isUnwanted = ({ schedule }: { schedule?: Schedule }) => {
        return schedule !== undefined && sizeOf(schedule) > this.#enoughSize;
      };
      const last = await this.#try(task, { isUnwanted });
      if (last.kind === "none" || last.kind === "late") break;
      from = last.place;
      const found = await this.#perform(last.schedule!, last.kind === "hung");
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #minimize(recorded: Schedule | undefined): Promise<Found | undefined> {
    if (recorded === undefined) return undefined;
    const goal = this.#goal;
    // A test looks at the shares only after operations that are spread evenly.
    const isSpread = goal.hint === HINTS.uneven;
    let schedule = isSpread ? { ...recorded, isSpread } : recorded;
    let hasFailed = false;
    const onFound = (found: Schedule) => [schedule, hasFailed] = [found, true];
    const hung: Schedule[] = [];
    while (this.#leftMs > 0) {
      const task = { kind: "minimize", goal, schedule, hung } as const;
      const last = await this.#try(task, { onFound });
      if (last.kind !== "hung" || last.schedule === undefined) break;
      hung.push(last.schedule);
    }
    const found = hasFailed ? await this.#perform(schedule) : undefined;
    if (found !== undefined) this.#enoughSize = sizeOf(found.schedule);
    return found;
  }

  /** Performs a schedule in a new process.
   *
   * @returns `undefined` if it does not fail as the goal says. */
  async #perform(schedule: Schedule, tellsSteps = false): Promise<Found | undefined> {
    const task = { kind: "perform", schedule, tellsSteps } as const;
    const last = await this.#try(task, { totalMs: PERFORM_MS });
    if (last.kind === "late") return undefined;
    const { hint } = this.#goal;
    const { violations, recording } = last.kind === "hung" ? hungOutcome(last.entries) : last;
    const violation = violations.find((violation) => isSameFailure(hint, violation.hint));
    if (violation === undefined) return undefined;
    const performed = last.kind === "hung" ? begunOf(schedule, last.entries) : schedule;
    // A shorter wait may have come to another end of the same kind; the idea is that of the goal.
    return { schedule: performed, violation: { ...violation, hint }, recording };
  }

  async #try<T extends Task>(
    task: T,
    options: Partial<TrialOptions> = {},
  ): Promise<Last<T["kind"]>> {
    const limits = { silenceMs: this.#silenceMs, totalMs: Math.max(0, this.#leftMs) };
    using trial = this.#trials.use(new Trial(this.#lab, task, { ...limits, ...options }));
    return await trial.result;
  }

  get #leftMs(): number {
    return this.#endMs - performance.now();
  }
}

function isSmall({ clerks, operations, faults }: Counts): boolean {
  return clerks <= SMALL.clerks && operations <= SMALL.operations && faults <= SMALL.faults;
}
