/**
 * Simplifications of a schedule: fewer servers, smaller numbers, round times.
 *
 * @module
 */

import { token } from "../../testing/values.ts";
import type { Failure } from "./failure.ts";
import {
  type Trigger,
  withDeliveries,
  withoutInvisibleFaults,
  withoutTrigger,
} from "./reductions.ts";
import {
  type Delivery,
  isFault,
  isOperation,
  mapOperations,
  mapSteps,
  type Schedule,
  type Step,
} from "./schedule.ts";

/** Returns simpler schedules, the best first; `undefined` if the schedule has fewer places of this
 * kind.
 *
 * @param place The number of the place to change, from 0. */
export type Change = (
  schedule: Schedule,
  failure: Failure,
  place: number,
) => Iterable<Schedule> | undefined;

/** Returns a change that has one place: the whole schedule. */
export function once(change: (schedule: Schedule, failure: Failure) => Schedule): Change {
  return (schedule, failure, place) => place > 0 ? undefined : [change(schedule, failure)];
}

/** The longest delay of a request on an unreliable network, in milliseconds. */
const HELD_BACK_MS = 26;

/** Pauses to try instead of longer ones, in milliseconds. */
const PAUSES_MS = [0, 100, 1000];

/** Other seeds to try: each clerk draws its own random numbers, so a clerk with another number may need
 * another seed to be as unlucky. */
const SEEDS = [2, 3, 4];

/** The keys of a shard to try on a smaller cluster, one of them with two digits: a mistake may lie in
 * the way that a key becomes a number. */
const KEY_SHIFTS = [0, 1, 5];

/** The changes of the steps, in the order in which they are tried. */
export const SIMPLIFICATIONS: readonly Change[] = [
  once((schedule) => withDeliveries(schedule, withoutInvisibleFaults)),
  once((schedule) => mapSteps(schedule, withoutTrigger)),
  shorterPause,
  plainerTrigger,
  once((schedule) => withDeliveries(schedule, onlyLost)),
  once((schedule) => withDeliveries(schedule, rounded)),
  once((schedule) => mapOperations(schedule, (step) => ({ ...step, clerk: 0 }))),
  (schedule, _, place) => place > 0 ? undefined : renamed(schedule),
  smallestKey,
  once(withPlainValues),
];

/** The changes of the cluster. */
export const SMALLER_CLUSTERS: readonly Change[] = [
  once(rotated),
  (schedule, _, place) => place > 0 ? undefined : onFewerServers(schedule),
];

/** Rotates the ring of servers so that the first operation is on shard 0. */
function rotated(schedule: Schedule): Schedule {
  const { steps, forwards = [], nservers } = schedule;
  const shard = Number(steps.find(isOperation)?.key) % nservers;
  if (!(shard > 0)) return schedule;
  const turn = (server: number) => (server - shard + nservers) % nservers;
  const turned = (step: Step): Step => {
    if ("stop" in step) return { ...step, stop: turn(step.stop) };
    if ("start" in step) return { ...step, start: turn(step.start) };
    const number = Number(step.key);
    return { ...step, key: String(number - number % nservers + turn(number % nservers)) };
  };
  return {
    ...mapSteps(schedule, turned),
    forwards: forwards.map(({ from, to, ...forward }) => {
      return { from: turn(from), to: turn(to), ...forward };
    }),
  };
}

/** Returns true if a smaller cluster has all servers of a schedule, and one that is left when another
 * one stops: without it, a right solution would wait forever. */
function isPossible({ steps, forwards = [] }: Schedule, nservers: number): boolean {
  const servers = [
    ...steps.flatMap((step) => isOperation(step) ? [] : ["stop" in step ? step.stop : step.start]),
    ...forwards.flatMap(({ from, to }) => [from, to]),
  ];
  return servers.every((server) => server < nservers) && (nservers > 1 || servers.length === 0);
}

function* onFewerServers(schedule: Schedule): Iterable<Schedule> {
  const { nservers: all, nreplicas: replicas } = schedule;
  for (let nservers = 1; nservers <= all; nservers++) {
    if (!isPossible(schedule, nservers)) continue;
    for (let nreplicas = 1; nreplicas <= Math.min(nservers, replicas); nreplicas++) {
      if (nservers === all && nreplicas === replicas) return;
      for (const shift of KEY_SHIFTS) {
        const moved = mapOperations(schedule, (step) => {
          return { ...step, key: String(Number(step.key) + shift * nservers) };
        });
        yield { ...moved, nservers, nreplicas };
      }
    }
  }
}

function shorterPause(schedule: Schedule, _: Failure, place: number): Schedule[] | undefined {
  const { steps } = schedule;
  const pinned = steps.flatMap(({ after, waitMs }) => after === undefined ? waitMs ?? [] : []);
  const times = [...new Set(pinned)].sort((one, other) => one - other);
  const fromMs = times[place];
  if (fromMs === undefined) return undefined;
  const pauseMs = fromMs - (times[place - 1] ?? 0);
  return PAUSES_MS.filter((leftMs) => leftMs < pauseMs).map((leftMs) => {
    return mapSteps(schedule, (step) => {
      const { after, waitMs = 0 } = step;
      if (after !== undefined || waitMs < fromMs) return step;
      const soonerMs = waitMs - pauseMs + leftMs;
      return { ...soonerMs > 0 && { waitMs: soonerMs }, ...withoutTrigger(step) };
    });
  });
}

/** Makes a step begin with the run, or after the return of an operation, or some round time later. */
function plainerTrigger(
  schedule: Schedule,
  { performance }: Failure,
  place: number,
): Schedule[] | undefined {
  const step = schedule.steps[place];
  if (step === undefined) return undefined;
  const { waitMs, after } = step;
  const triggers: Trigger[] = waitMs === undefined && after === undefined ? [] : [{}];
  if (waitMs !== undefined) {
    const last = after === undefined ? lastReturn(performance, place) : undefined;
    const begin: Trigger = { after: last ? [last.place] : after };
    if (last !== undefined) triggers.push(begin);
    for (const digits of [1, 2, 3]) {
      const round: number = Number((waitMs - (last?.atMs ?? 0)).toPrecision(digits));
      if (round !== waitMs) triggers.push({ ...begin, waitMs: Math.max(0, round) });
    }
  }
  return triggers.map(({ after, waitMs }) => {
    const trigger = { ...after && { after }, ...waitMs !== undefined && { waitMs } };
    return {
      ...schedule,
      steps: schedule.steps.with(place, { ...trigger, ...withoutTrigger(step) }),
    };
  });
}

/** Returns the last operation that returned before a step, with its place and time. */
function lastReturn(
  { taken, operations }: Failure["performance"],
  place: number,
): { place: number; atMs: number } | undefined {
  const own = taken.find((each) => each.place === place);
  // Steps and operations have the same order.
  const called = taken.filter(({ isOperation }) => isOperation);
  const returns = operations.flatMap(({ returnMs }, i) => {
    const before = called[i]?.place ?? Infinity;
    const hasReturned = own && returnMs != null && returnMs <= own.atMs && before < place;
    return hasReturned ? { place: before, atMs: returnMs } : [];
  });
  return returns.toSorted((one, other) => one.atMs - other.atMs).at(-1);
}

function* renamed(schedule: Schedule): Iterable<Schedule> {
  const clerks = [...new Set(schedule.steps.filter(isOperation).map(({ clerk }) => clerk))];
  for (const seed of [1, schedule.seed, ...SEEDS]) {
    for (const order of [clerks, clerks.toSorted((one, other) => one - other)]) {
      if (seed === schedule.seed && order.every((clerk, i) => clerk === i)) return;
      const numbered = mapOperations(schedule, (step) => {
        return { ...step, clerk: order.indexOf(step.clerk) };
      });
      yield { ...numbered, seed };
    }
  }
}

/** Replaces a key by the smallest unused one of its shard. */
function smallestKey(schedule: Schedule, _: Failure, place: number): Schedule[] | undefined {
  const { steps, nservers } = schedule;
  const used = new Set(steps.filter(isOperation).map((step) => step.key));
  const key = [...used][place];
  if (key === undefined) return undefined;
  let smallest = Number(key) % nservers;
  while (used.has(`${smallest}`) && smallest < Number(key)) smallest += nservers;
  return [mapOperations(schedule, (step) => {
    return step.key === key ? { ...step, key: `${smallest}` } : step;
  })];
}

/** Gives each write the value that a test would use. */
function withPlainValues(schedule: Schedule): Schedule {
  const written = new Map<number, number>();
  return mapOperations(schedule, (step) => {
    if (step.value === undefined) return step;
    const n = written.get(step.clerk) ?? 0;
    written.set(step.clerk, n + 1);
    return { ...step, value: token(step.clerk, n) };
  });
}

/** Removes everything but the loss from a lost request. */
function onlyLost(delivery: Delivery): Delivery {
  return delivery.lost === undefined ? delivery : { lost: delivery.lost };
}

function rounded(delivery: Delivery): Delivery {
  const { requestMs } = delivery;
  if (requestMs === undefined) return delivery;
  return { ...delivery, requestMs: isFault({ requestMs }) ? HELD_BACK_MS : 1 };
}
