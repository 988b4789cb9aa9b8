/**
 * Performs a schedule on the student's classes, and judges what came of it by the same
 * invariants as the tests.
 *
 * @module
 */

import { type Config, makeShardConfig, type RunHooks, type RunSummary } from "../../config.ts";
import type { DrawnCall } from "../../labrpc.ts";
import type { Operation } from "../../linearizability/mod.ts";
import type { Fate } from "../../sim/mod.ts";
import { LabFailure, type Violation } from "../../testing/failure_report.ts";
import { Judge } from "./judge.ts";
import { Play } from "./play.ts";
import type { Delivery, OperationStep, Schedule } from "./schedule.ts";

/** What came of a schedule. */
export interface Performance {
  /** What does not hold, each invariant by itself; empty if all is well. */
  readonly violations: readonly Violation[];
  readonly operations: readonly Operation[];
  /** Where each operation that was called stands among the steps. */
  readonly places: readonly number[];
  readonly summary: RunSummary | undefined;
}

const TRANSIT_MS = 0.5;
const UNREACHABLE_MS = 50;

/** Performs a schedule once. What it prints is the student's own.
 *
 * @param hooks What else is wanted of the run.
 */
export async function perform(schedule: Schedule, hooks: RunHooks = {}): Promise<Performance> {
  const run = new Performer(schedule);
  let config: Config | undefined;
  try {
    await using cfg = makeShardConfig({
      name: "schedule",
      run: { seed: schedule.seed, clock: "virtual", network: "unreliable" },
      hooks: { ...hooks, print() {}, network: { fates: (call) => run.decide(call) } },
    }, { nservers: schedule.nservers, nreplicas: schedule.nreplicas, unreliable: true });
    config = cfg;
    await run.play(cfg);
  } catch (error) {
    if (!(error instanceof LabFailure)) throw error;
    run.violations.push(error.violation);
  }
  const { violations, places } = run;
  return {
    violations,
    operations: config?.history.operations ?? [],
    places,
    summary: config?.summary,
  };
}

/** An operation under way. */
interface UnderWay {
  readonly step: OperationStep;
  /** How many requests the clerk made for it. */
  requests: number;
}

/** One performance. */
class Performer {
  violations: Violation[] = [];
  readonly places: number[] = [];
  readonly #schedule: Schedule;
  readonly #underWay = new Map<number, UnderWay>();
  readonly #forwards: ReadonlyMap<string, Delivery>;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#forwards = new Map((schedule.forwards ?? []).map(({ from, to, index, ...delivery }) => {
      return [`server ${from} to server ${to} ${index}`, delivery];
    }));
  }

  /** Decides what happens to a request. */
  decide({ end, index }: DrawnCall): Fate {
    const [, clerk] = end.match(/^clerk (\d+) /) ?? [];
    if (clerk === undefined) return fateOf(this.#forwards.get(`${end} ${index}`));
    const underWay = this.#underWay.get(Number(clerk));
    return fateOf(underWay?.step.requests?.[underWay.requests++]);
  }

  async play(cfg: Config): Promise<void> {
    const judge = new Judge(cfg, this.#schedule);
    const play = new Play(cfg, judge, this.#schedule, (step, place) => {
      this.#underWay.set(step.clerk, { step, requests: 0 });
      this.places.push(place);
    });
    await play.untilOver();
    this.violations = judge.verdict();
  }
}

function fateOf(delivery: Delivery | null | undefined): Fate {
  const { requestMs, replyMs, lost, unreachableMs, duplicate } = delivery ?? {};
  return {
    requestDelayMs: requestMs ?? TRANSIT_MS,
    requestDropped: lost === "request",
    replyDelayMs: replyMs ?? TRANSIT_MS,
    replyDropped: lost === "reply",
    unreachableAfterMs: unreachableMs ?? UNREACHABLE_MS,
    copy: duplicate && {
      requestDelayMs: duplicate.requestMs ?? TRANSIT_MS,
      requestDropped: false,
      replyDelayMs: duplicate.replyMs ?? TRANSIT_MS,
      replyDropped: false,
    },
  };
}
