/**
 * Performs a schedule on the student's classes, and judges what came of it by the same
 * invariants as the tests.
 *
 * @module
 */

import { type Config, makeShardConfig, type RunHooks, type RunSummary } from "../../config.ts";
import type { DrawnCall } from "../../labrpc.ts";
import type { Operation } from "../../linearizability/mod.ts";
import type { Fate } from "../../labrpc/faults.ts";
import { LabFailure, type Violation } from "../../testing/failure_report.ts";
import { clerkOf, linkName } from "../../testing/link_names.ts";
import { serverName } from "../../testing/names.ts";
import { Judge } from "./judge.ts";
import { Play, type Stage, type Taken } from "./play.ts";
import {
  type Delivery,
  type Forward,
  isOperation,
  type OperationStep,
  type Schedule,
  TRANSIT_MS,
} from "./schedule.ts";

/** The result of performing a schedule. */
export interface Performance {
  /** The violated invariants, each by itself; empty if all of them hold. */
  readonly violations: readonly Violation[];
  readonly operations: readonly Operation[];
  /** The steps that were taken, in that order. */
  readonly taken: readonly Taken[];
  /** The outcomes of requests between servers, each with the number of requests before it. */
  readonly forwards: readonly Forward[];
  /** The violation that ended the run, if it did not come to its end. */
  readonly ended: Violation | undefined;
  /** What the run came to; absent if it could not begin. */
  readonly summary: RunSummary | undefined;
}

const UNREACHABLE_MS = 50;

/** Performs a schedule once. What it prints is the student's own.
 *
 * @param hooks What else is wanted of the run. They see the fates that the schedule decides as
 * those that were drawn.
 * @param stage When it ends, if not with the schedule.
 */
export async function perform(
  schedule: Schedule,
  hooks: RunHooks = {},
  stage?: Stage,
): Promise<Performance> {
  const run = new Performer(schedule, stage);
  const { fates } = hooks.network ?? {};
  const decide = (call: DrawnCall) => {
    const drawn = run.decide(call);
    return fates === undefined ? drawn : fates({ ...call, drawn });
  };
  let config: Config | undefined;
  let summary: RunSummary | undefined;
  let ended: Violation | undefined;
  try {
    await using cfg = makeShardConfig({
      name: "schedule",
      run: { seed: schedule.seed, clock: "virtual", network: "unreliable" },
      hooks: { ...hooks, print() {}, network: { fates: decide } },
    }, { nservers: schedule.nservers, nreplicas: schedule.nreplicas, unreliable: true });
    config = cfg;
    await run.play(cfg);
    // What comes after the end is no part of it.
    summary = cfg.summary;
  } catch (error) {
    if (!(error instanceof LabFailure)) throw error;
    ended = error.violation;
    run.violations.push(ended);
  }
  const { violations, taken, forwards } = run;
  const operations = config?.history.operations ?? [];
  return { violations, operations, taken, forwards, ended, summary: summary ?? config?.summary };
}

/** An operation under way. */
interface UnderWay {
  readonly step: OperationStep;
  /** The number of requests that the clerk made for it. */
  requests: number;
}

/** One performance. */
class Performer {
  violations: Violation[] = [];
  readonly taken: Taken[] = [];
  readonly forwards: Forward[] = [];
  readonly #schedule: Schedule;
  readonly #stage: Stage | undefined;
  readonly #underWay = new Map<number, UnderWay>();
  /** The planned outcomes of requests between servers. */
  readonly #planned: ReadonlyMap<string, Forward[]>;
  #cfg: Config | undefined;

  constructor(schedule: Schedule, stage?: Stage) {
    this.#schedule = schedule;
    this.#stage = stage;
    this.#planned = Map.groupBy(schedule.forwards ?? [], ({ from, to, index, sentMs }) => {
      return forwardKey(linkName(serverName(from), to), index ?? `at ${sentMs}`);
    });
  }

  /** Decides what happens to a request. */
  decide({ end, index }: DrawnCall): Fate {
    const clerk = clerkOf(end);
    if (clerk === undefined) return this.#decideForward(end, index);
    const underWay = this.#underWay.get(clerk);
    const delivery = underWay?.step.requests?.[underWay.requests++];
    return fateOf(delivery === undefined ? this.#stage?.unplanned : delivery);
  }

  #decideForward(end: string, index: number): Fate {
    const planned = this.#planned.get(forwardKey(end, index)) ??
      this.#planned.get(forwardKey(end, `at ${this.#cfg?.now()}`));
    const forward = planned?.shift();
    if (forward === undefined) return fateOf(this.#stage?.unplanned);
    const { sentMs: _, ...rest } = forward;
    this.forwards.push({ ...rest, index });
    return fateOf(forward);
  }

  async play(cfg: Config): Promise<void> {
    this.#cfg = cfg;
    const judge = new Judge(cfg, this.#schedule);
    const play = new Play(cfg, judge, this.#schedule, (step, place) => {
      this.taken.push({ place, atMs: cfg.now(), isOperation: isOperation(step) });
      if (isOperation(step)) this.#underWay.set(step.clerk, { step, requests: 0 });
    }, this.#stage);
    await play.untilOver();
    this.#stage?.over?.();
    this.violations = judge.verdict();
  }
}

function forwardKey(end: string, when: number | string): string {
  return `${end} ${when}`;
}

function fateOf(delivery: Delivery | null | undefined): Fate {
  const { unreachableMs, duplicate, ...travel } = delivery ?? {};
  return {
    ...travelOf(travel),
    unreachableAfterMs: unreachableMs ?? UNREACHABLE_MS,
    duplicate: duplicate && travelOf(duplicate),
  };
}

function travelOf({ requestMs, replyMs, lost, lostOnArrival }: Delivery) {
  return {
    requestDelayMs: requestMs ?? TRANSIT_MS,
    requestDropped: lost === "request",
    replyDelayMs: replyMs ?? TRANSIT_MS,
    replyDropped: lost === "reply",
    ...lostOnArrival && { lostOnArrival },
  };
}
