/**
 * Performs a schedule for the debugger step by step, up to a time or to its end, and finds the step
 * after which the history is not linearizable.
 *
 * @module
 */

import { perform } from "../../explore/counterexample/perform.ts";
import type { Stage } from "../../explore/counterexample/play.ts";
import type { Schedule } from "../../explore/counterexample/schedule.ts";
import { ScheduleRecorder } from "../../explore/counterexample/schedule_recorder.ts";
import type { Violation } from "../../testing/failure_report.ts";
import type { Run, RunHooks, RunSummary } from "../../testing/run_hooks.ts";
import type { Shown } from "../protocol.ts";
import type { Beginning, StepRecord } from "../record.ts";
import { UNDECIDED_MS } from "../undecided.ts";
import { FirstViolation } from "./first_violation.ts";
import type { SubmissionModules } from "./machines.ts";
import { Observer } from "./observer.ts";
import { OPEN_LIMITS, read, valueAt } from "./reader.ts";
import { Traffic } from "./traffic.ts";

/** The end of a performance. */
export type Until =
  /** With the schedule, as when it is replayed. */
  | { is: "over" }
  /** At a time. Messages that the schedule does not mention do not arrive. */
  | { is: "time"; ms: number }
  /** At the next timeout or timer after a time, or when there is none. */
  | { is: "next"; afterMs: number }
  /** When nothing is left to happen; all messages arrive. Such a run may have no end, so it stops
   * after some time or some events. */
  | { is: "quiet"; afterMs: number };

/** A performance to make. */
export interface PerformTask {
  schedule: Schedule;
  until: Until;
  /** The number of steps that are known from an earlier performance and not reported. */
  known: number;
  /** The value to read at a position, if one is wanted. */
  open?: { position: number; machine: string; path: number[] };
}

/** The result of a performance. */
export interface PerformResult {
  /** The violated properties. */
  violations: Violation[];
  /** The first step after which the history was not linearizable, and why. */
  since?: { position: number; violation: Violation };
  /** The violation that ended the run before its time. */
  ended?: Violation;
  summary?: RunSummary;
  /** The performance as a schedule, in which every decision is explicit. */
  schedule: Schedule;
  /** The time at which it ended, in virtual milliseconds. */
  atMs: number;
  /** True if it has more steps than are kept. */
  isCut: boolean;
  /** True if it stopped before nothing was left to happen. */
  isUnquiet: boolean;
  opened?: Shown;
}

/** Receives the steps of a performance. */
export interface StepListener {
  onBeginning(beginning: Beginning): void;
  /** Called when a step begins, before its effects are known. */
  onBegun?(step: StepRecord): void;
  /** Called when a step is over. */
  onStep(step: StepRecord): void;
}

/** The number of steps that are kept of one run. */
export const STEPS_MAX = 60_000;

/** More than any rounding error, less than the time between two events. */
const INSTANT_MS = 1e-6;

/** The longest wait for a timeout or a timer, in virtual milliseconds. */
const NEXT_MS_MAX = 10_000;

/** The longest time and the largest number of events of `run on`. */
const QUIET_MS_MAX = 60_000;
const QUIET_EVENTS_MAX = 1000;

/** Performs a schedule.
 *
 * @param printTo Sets the receiver of what the submission prints. */
export async function performSteps(
  modules: SubmissionModules,
  { schedule, until, known, open }: PerformTask,
  listener: StepListener,
  printTo: (print: ((text: string) => void) | undefined) => void,
): Promise<PerformResult> {
  let opened: Shown | undefined;
  const judge = new FirstViolation(schedule);
  const traffic = new Traffic();
  const happened = new Happened();
  const recorder = new ScheduleRecorder();
  const observer = new Observer({
    modules,
    known,
    stepsMax: STEPS_MAX,
    onBeginning: listener.onBeginning,
    onStep: listener.onStep,
    onBegun(step) {
      happened.tell(step.atMs);
      if (observer.count > known) listener.onBegun?.(step);
    },
    onPosition(position, machines) {
      if (position !== open?.position || !machines.has(open.machine)) return;
      opened = read(valueAt(machines.get(open.machine), open.path), OPEN_LIMITS);
    },
  });
  let run: Run | undefined;
  let [isOver, isUnquiet] = [false, false];
  const observing = observer.hooks;
  const hooks: RunHooks = {
    ...observing,
    started(made) {
      run = made;
      observing.started(made);
      recorder.hooks.started(made);
    },
    listener(event, atMs, carried) {
      if (isOver) return;
      observing.listener(event, atMs, carried);
      traffic.record(event);
      recorder.hooks.listener(event, atMs);
      judge.record(event, atMs, carried, observer.count);
    },
    network: {
      fates(call) {
        if (isOver) return call.drawn;
        observing.network.fates(call);
        traffic.decide(call);
        return recorder.hooks.network.fates(call);
      },
    },
  };
  printTo((text) => observer.print(text));
  const performance = await perform(schedule, hooks, {
    ...stageOf(until, observer, happened, traffic, () => void (isUnquiet = true)),
    over() {
      observer.finish();
      isOver = true;
      // Code after that time may never come back.
      if (until.is !== "over") run?.cleanup();
    },
  });
  printTo(undefined);
  observer.finish();
  const { violations, ended, summary } = performance;
  const since = run && judge.find(run.history);
  return {
    violations: [...violations],
    ...since && { since },
    ...ended && { ended },
    ...summary && { summary },
    schedule: recorder.schedule(schedule.seed) ?? schedule,
    atMs: until.is === "time" ? until.ms : observer.lastMs,
    isCut: observer.count >= STEPS_MAX,
    isUnquiet,
    ...opened && { opened },
  };
}

/** Waits for the first step after a time. */
class Happened {
  #waiting: { afterMs: number; resolve: () => void } | undefined;

  after(afterMs: number): Promise<void> {
    return new Promise((resolve) => void (this.#waiting = { afterMs, resolve }));
  }

  tell(atMs: number): void {
    if (this.#waiting === undefined || atMs <= this.#waiting.afterMs) return;
    this.#waiting.resolve();
    this.#waiting = undefined;
  }
}

function stageOf(
  until: Until,
  observer: Observer,
  happened: Happened,
  traffic: Traffic,
  onUnquiet: () => void,
): Stage {
  const undecided = { requestMs: UNDECIDED_MS, replyMs: UNDECIDED_MS };
  switch (until.is) {
    case "over":
      return {};
    case "time":
      return { unplanned: undecided, until: (config) => config.sleep(until.ms + INSTANT_MS) };
    case "next": {
      const next = happened.after(until.afterMs);
      return {
        unplanned: undecided,
        async until(config) {
          await Promise.race([next, config.sleep(until.afterMs + NEXT_MS_MAX)]);
          await config.sleep(INSTANT_MS);
        },
      };
    }
    case "quiet":
      return {
        async until(config) {
          await config.sleep(until.afterMs + INSTANT_MS);
          const endMs = config.now() + QUIET_MS_MAX;
          const countMax = observer.count + QUIET_EVENTS_MAX;
          while (!traffic.isQuiet || observer.timersWaiting > 0) {
            const nowMs = config.now();
            if (nowMs >= endMs || observer.count >= countMax) return onUnquiet();
            await Promise.race([happened.after(nowMs), config.sleep(endMs - nowMs)]);
            await config.sleep(INSTANT_MS);
          }
        },
      };
  }
}
