/**
 * Performs a schedule on the student's classes, and judges it by the invariants of the tests.
 *
 * @module
 */

import { type Config, makeShardConfig, type RunHooks, type RunSummary } from "../../config.ts";
import type { DrawnCall } from "../../labrpc.ts";
import type { Operation } from "../../linearizability/mod.ts";
import type { Fate } from "../../labrpc/faults.ts";
import { LabFailure, type Violation } from "../../testing/failure_report.ts";
import { clerkOf, linkName, serverName } from "../../testing/names.ts";
import { Judge } from "./judge.ts";
import { Play, type Stage, type Taken } from "./play.ts";
import {
  type Delivery,
  type Forward,
  isOperation,
  type Schedule,
  type Step,
  TRANSIT_MS,
} from "./schedule.ts";

/** The result of performing a schedule. */
export interface Performance {
  /** One violation for each invariant that does not hold. */
  readonly violations: readonly Violation[];
  readonly operations: readonly Operation[];
  /** The steps in the order in which they were taken. */
  readonly taken: readonly Taken[];
  /** The deliveries of requests between servers, each with the number of requests before it. */
  readonly forwards: readonly Forward[];
  /** The violation that ended the run early, if one did. */
  readonly ended: Violation | undefined;
  /** The summary of the run; absent if it could not begin. */
  readonly summary: RunSummary | undefined;
}

const UNREACHABLE_MS = 50;

/** Performs a schedule once. Only the student's code prints.
 *
 * @param hooks More hooks for the run. They receive the fates of the schedule as the drawn ones.
 */
export async function perform(
  schedule: Schedule,
  hooks: RunHooks = {},
  stage?: Stage,
): Promise<Performance> {
  let config: Config | undefined;
  const deliveries = new Deliveries(schedule, () => config!.now(), stage?.unplanned);
  const { fates } = hooks.network ?? {};
  const decide = (call: DrawnCall) => {
    const drawn = deliveries.decide(call);
    return fates === undefined ? drawn : fates({ ...call, drawn });
  };
  const taken: Taken[] = [];
  const take = (step: Step, place: number) => {
    taken.push({ place, atMs: config!.now(), isOperation: isOperation(step) });
    if (isOperation(step)) {
      deliveries.underWay.set(step.clerk, (step.requests ?? [])[Symbol.iterator]());
    }
  };
  let violations: readonly Violation[] = [];
  let summary: RunSummary | undefined;
  let ended: Violation | undefined;
  try {
    await using cfg = makeShardConfig({
      name: "schedule",
      run: { seed: schedule.seed, clock: "virtual", network: "unreliable" },
      hooks: { ...hooks, print() {}, network: { fates: decide } },
    }, { nservers: schedule.nservers, nreplicas: schedule.nreplicas, unreliable: true });
    config = cfg;
    const judge = new Judge(cfg, schedule);
    await new Play(cfg, judge, schedule, take, stage).untilOver();
    stage?.over?.();
    violations = judge.verdict();
    // Later events are no part of the run.
    summary = cfg.summary;
  } catch (error) {
    if (!(error instanceof LabFailure)) throw error;
    ended = error.violation;
    violations = [...violations, ended];
  }
  const operations = config?.history.operations ?? [];
  const { forwards } = deliveries;
  return { violations, operations, taken, forwards, ended, summary: summary ?? config?.summary };
}

class Deliveries {
  /** The remaining deliveries of the current operation of each clerk. */
  readonly underWay = new Map<number, Iterator<Delivery | null>>();
  /** The deliveries of requests between servers so far. */
  readonly forwards: Forward[] = [];
  readonly #planned: ReadonlyMap<string, Forward[]>;
  readonly #now: () => number;
  readonly #unplanned: Delivery | undefined;
  readonly #transitMs: number;

  constructor(
    { forwards = [], transitMs = TRANSIT_MS }: Schedule,
    now: () => number,
    unplanned?: Delivery,
  ) {
    this.#transitMs = transitMs;
    this.#now = now;
    this.#unplanned = unplanned;
    this.#planned = Map.groupBy(forwards, ({ from, to, index, sentMs }) => {
      return `${linkName(serverName(from), to)} ${index ?? `at ${sentMs}`}`;
    });
  }

  decide({ end, index }: DrawnCall): Fate {
    const clerk = clerkOf(end);
    if (clerk !== undefined) {
      const { value, done } = this.underWay.get(clerk)?.next() ?? { done: true };
      return this.#fateOf(done ? this.#unplanned : value);
    }
    const planned = this.#planned.get(`${end} ${index}`) ??
      this.#planned.get(`${end} at ${this.#now()}`);
    const forward = planned?.shift();
    if (forward === undefined) return this.#fateOf(this.#unplanned);
    const { sentMs: _, ...rest } = forward;
    this.forwards.push({ ...rest, index });
    return this.#fateOf(forward);
  }

  #fateOf(delivery: Delivery | null | undefined): Fate {
    const { unreachableMs, duplicate, ...travel } = delivery ?? {};
    return {
      ...this.#travelOf(travel),
      unreachableAfterMs: unreachableMs ?? UNREACHABLE_MS,
      duplicate: duplicate && this.#travelOf(duplicate),
    };
  }

  #travelOf({ requestMs, replyMs, lost, lostOnArrival }: Delivery) {
    return {
      requestDelayMs: requestMs ?? this.#transitMs,
      requestDropped: lost === "request",
      replyDelayMs: replyMs ?? this.#transitMs,
      replyDropped: lost === "reply",
      ...lostOnArrival && { lostOnArrival },
    };
  }
}
