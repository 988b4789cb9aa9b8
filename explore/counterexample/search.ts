/**
 * Finds the smallest run that fails like a test did. Two searches work at the same time: one tries
 * all small schedules, the smallest first; the other one minimizes the failed run.
 *
 * Schedules are performed in other processes, since a submission may never return. A schedule that
 * is found is performed once more in a new process, so that it does not depend on those before it.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import type { RunSummary } from "../../config.ts";
import type { History } from "../../linearizability/mod.ts";
import type { Violation } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import type { ShardConfig } from "../../testing/machines.ts";
import type { NetworkName } from "../../testing/run_options.ts";
import { hangViolation, withoutUnstarted } from "../run/hang.ts";
import type { Entry, Recording } from "../recording/recording.ts";
import type { Task } from "./tasks.ts";
import { type Bounds, SINGLE } from "./all_schedules.ts";
import { relatedHints } from "./failure.ts";
import { type Counts, countsOf, type Schedule, sizeOf } from "./schedule.ts";
import { type End, type StartTask, startTask, type TaskOptions } from "./start_task.ts";

/** A schedule that fails, and its performance. */
export interface Counterexample {
  readonly schedule: Schedule;
  readonly violation: Violation;
  readonly recording: Recording;
  /** The size of the failed run, if it could be recorded. */
  readonly original?: Counts;
}

/** A test that failed. */
export interface FailedRun {
  readonly violation: Violation;
  /** The network of the run; the graded one if absent. */
  readonly network?: NetworkName;
  /** The run itself, if it could be recorded. */
  readonly schedule: Schedule | undefined;
}

/** The settings of a search. */
export interface SearchOptions {
  /** The longest time without yielding, in milliseconds. */
  silenceMs?: number;
  /** Starts a task; if absent, in a new process. */
  start?: StartTask;
}

/** The number of events that the performances of either search may have, which takes ten seconds on a
 * usual machine. With a time limit, the result would depend on the machine. */
const EVENTS_MAX = 600_000;
/** The number of events that a performance counts as that never yields. */
const HUNG_EVENTS = 120_000;
/** A last resort for one task, in milliseconds of processor time. */
const TASK_MS = 30_000;
/** The longest time without yielding while small schedules are tried, in milliseconds. */
const SILENCE_MS = 1000;
/** The same for large schedules, and for one whose result counts. */
const SILENCE_MS_ALONE = 5000;

const BOUNDS: Bounds = { clerks: 2, operations: 3, keys: 2, faults: 2 };
/** Most mistakes between servers show with two of them. */
const SHARDED: readonly ShardConfig[] = [1, 2].map((nreplicas) => ({ nservers: 2, nreplicas }));

/** The transit time of messages on a slow network, in milliseconds: two links of a hostile network
 * hardly ever take longer. */
const SLOW_MS = 15;

/** The size of the largest small schedules, if there is a run to minimize. */
const ENOUGH_SIZE = 3;

/** A small schedule of this size is not expected to be found by minimizing. */
const SMALL_SIZE = 2;

/** A short time limit of an operation, in virtual milliseconds. The schedule that is found with it is
 * performed again with the usual one. */
const SHORT_PATIENCE_MS = 5000;

/** Searches for the smallest run that fails like a test did.
 *
 * @param lab The folder of the lab, or of an overlay; ends in a slash.
 * @returns `undefined` if none was found.
 * @throws {CommandError} The submission cannot be loaded.
 */
export async function findCounterexample(
  lab: URL,
  failed: FailedRun,
  options: SearchOptions = {},
): Promise<Counterexample | undefined> {
  using search = new Search(lab, failed, options);
  const found = await search.run();
  const { schedule } = failed;
  return found && { ...found, ...schedule && { original: countsOf(schedule) } };
}

/** The result of performing a schedule in a new process. */
export interface Outcome {
  /** One violation for each invariant that does not hold. */
  readonly violations: readonly Violation[];
  readonly recording: Recording;
  /** Absent if the run never ended. */
  readonly summary?: RunSummary;
}

/** Performs one schedule in a new process.
 *
 * @param lab The folder of the lab, or of an overlay; ends in a slash.
 * @throws {CommandError} The submission cannot be loaded, or the run takes too long.
 */
export async function performOnce(lab: URL, schedule: Schedule): Promise<Outcome> {
  let problem = `it did not end within ${TASK_MS / 1000} s of processor time`;
  for (const tellsSteps of [false, true]) {
    const task = { kind: "perform", schedule, tellsSteps } as const;
    const silenceMs = tellsSteps ? SILENCE_MS_ALONE : SILENCE_MS;
    using started = startTask(lab, task, { silenceMs, totalMs: TASK_MS });
    const last = await started.end;
    if (last.kind === "performed") return last;
    if (last.kind === "late") {
      problem = last.problem ?? problem;
      break;
    }
    if (tellsSteps) return hungOutcome(last.entries);
  }
  throw new CommandError(`Cannot perform the schedule: ${problem}`);
}

function hungOutcome(entries: Entry[]): Outcome {
  const history: History = { model: "kv", operations: [] };
  const recording = { entries, history, outages: [] };
  return { violations: [hangViolation(entries)], recording };
}

/** Returns the number of events that a task used up before its end. */
function eventsOf({ kind, events }: { kind: "found" | "hung"; events: number }): number {
  return kind === "hung" ? events + HUNG_EVENTS : events;
}

type Found = Omit<Counterexample, "original">;

/** One search. To dispose of it kills its processes. */
class Search implements Disposable {
  readonly #lab: URL;
  readonly #failed: FailedRun;
  /** The hints of failures like that of the test. */
  readonly #hints: readonly string[];
  readonly #silenceMs: number;
  readonly #start: StartTask;
  readonly #started = new DisposableStack();
  /** The size of the largest schedules that are tried. */
  #enoughSize: number;

  constructor(lab: URL, failed: FailedRun, { silenceMs, start }: SearchOptions) {
    this.#lab = lab;
    this.#failed = failed;
    this.#hints = relatedHints(failed.violation);
    this.#silenceMs = silenceMs ?? SILENCE_MS;
    this.#start = start ?? startTask;
    this.#enoughSize = failed.schedule === undefined ? Infinity : ENOUGH_SIZE;
  }

  async run(): Promise<Found | undefined> {
    const minimizing = this.#minimize();
    minimizing.catch(() => {});
    const enumerated = await this.#enumerate();
    const size = enumerated === undefined ? Infinity : sizeOf(enumerated.schedule);
    if (size <= SMALL_SIZE) return enumerated;
    const minimized = await minimizing;
    const isSmaller = minimized !== undefined && sizeOf(minimized.schedule) < size;
    return isSmaller ? minimized : enumerated;
  }

  [Symbol.dispose](): void {
    this.#started.dispose();
  }

  /** Tries all small schedules that are not larger than the minimized run. */
  async #enumerate(): Promise<Found | undefined> {
    const { violation: { hint, isReliable }, network, schedule } = this.#failed;
    const isSpread = hint === HINTS.uneven;
    const bounds = { ...BOUNDS, isReliable: isReliable === true };
    const sharded = SHARDED.map((size) => ({ ...size, ...isSpread && { isSpread } }));
    const usual = [SINGLE, ...schedule?.nservers === 1 ? [] : sharded];
    const slow = network === "hostile"
      ? usual.map((size) => ({ ...size, transitMs: SLOW_MS }))
      : [];
    const clusters = [...usual, ...slow];
    const isUnwanted = (tried: { schedule?: Schedule }) => {
      return sizeOf(tried.schedule!) > this.#enoughSize;
    };
    const goal = { kind: "enumerate", bounds, clusters, step: 1, hints: this.#hints } as const;
    for (let first = 0, eventsMax = EVENTS_MAX; eventsMax > 0;) {
      const last = await this.#try({ ...goal, first, eventsMax }, { isUnwanted });
      if (last.kind === "none" || last.kind === "late") break;
      first = last.place;
      eventsMax -= eventsOf(last);
      const found = await this.#perform(last.schedule!, last.kind === "hung");
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Minimizes the failed run. */
  async #minimize(): Promise<Found | undefined> {
    const { violation: { hint }, schedule } = this.#failed;
    if (schedule === undefined) return undefined;
    // The test judges the shares only of operations that are spread evenly.
    const recorded = hint === HINTS.uneven ? { ...schedule, isSpread: true } : schedule;
    const isStuck = this.#hints.length > 1;
    for (const patienceMs of isStuck ? [SHORT_PATIENCE_MS, undefined] : [undefined]) {
      const smallest = await this.#smallestOf(recorded, patienceMs);
      const found = smallest && await this.#perform(smallest);
      if (found === undefined) continue;
      this.#enoughSize = Math.min(this.#enoughSize, sizeOf(found.schedule));
      return found;
    }
    return undefined;
  }

  /** Minimizes a schedule with a time limit for each operation. */
  async #smallestOf(
    recorded: Schedule,
    patienceMs: number | undefined,
  ): Promise<Schedule | undefined> {
    const hints = this.#hints;
    let smallest: Schedule | undefined;
    const onFound = (found: Schedule) => smallest = found;
    const hung: Schedule[] = [];
    for (let eventsMax = EVENTS_MAX; eventsMax > 0;) {
      const schedule = smallest ?? recorded;
      const task = { kind: "minimize", hints, schedule, hung, patienceMs, eventsMax } as const;
      const last = await this.#try(task, { onFound, silenceMs: SILENCE_MS_ALONE });
      if (last.kind !== "hung") break;
      // A large schedule is not known, and may only have seemed to hang.
      if (last.schedule !== undefined) hung.push(last.schedule);
      eventsMax -= eventsOf(last);
    }
    return smallest;
  }

  /** Performs a schedule in a new process.
   *
   * @returns `undefined` if it does not fail like the test. */
  async #perform(schedule: Schedule, tellsSteps = false): Promise<Found | undefined> {
    const task = { kind: "perform", schedule, tellsSteps } as const;
    const silenceMs = tellsSteps ? 2 * this.#silenceMs : SILENCE_MS_ALONE;
    const last = await this.#try(task, { silenceMs });
    if (last.kind === "late") return undefined;
    const { violations, recording } = last.kind === "hung" ? hungOutcome(last.entries) : last;
    const [violation] = this.#hints.flatMap((hint) => violations.filter((it) => it.hint === hint));
    if (violation === undefined) return undefined;
    const { where } = this.#failed.violation;
    if (last.kind === "hung") {
      // The loop is that of the test, whose place is known.
      const atLoop = { ...violation, ...where && { where } };
      return { schedule: withoutUnstarted(schedule, last.entries), violation: atLoop, recording };
    }
    // A shorter time limit may give another hint of the same kind.
    const [hint, ...others] = this.#hints;
    const told = others.includes(hint!) ? { ...violation, hint: hint! } : violation;
    return { schedule, violation: told, recording };
  }

  async #try<T extends Task>(
    task: T,
    options: Partial<TaskOptions> = {},
  ): Promise<End<T["kind"]>> {
    const limits = { silenceMs: this.#silenceMs, totalMs: TASK_MS };
    using started = this.#started.use(this.#start(this.#lab, task, { ...limits, ...options }));
    return await started.end;
  }
}
