/**
 * Plainer ways to write a schedule: fewer numbers, smaller names, round times.
 *
 * @module
 */

import { token } from "../../testing/values.ts";
import { withoutTrigger } from "./reductions.ts";
import {
  type Delivery,
  isFault,
  isOperation,
  mapOperations,
  mapSteps,
  type Schedule,
  type Step,
} from "./schedule.ts";

/** The longest delay of a request on an unreliable network, in milliseconds. */
const HELD_BACK_MS = 26;

/** Turns the ring of servers so that the first operation is on shard 0. */
export function rotated(schedule: Schedule): Schedule | undefined {
  const { steps, forwards = [], nservers } = schedule;
  const shard = Number(steps.find(isOperation)?.key) % nservers;
  if (!(shard > 0)) return undefined;
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

/** Returns true if the servers exist that something happens to, and one is left where one is
 * stopped: without it, a right solution would wait for ever, too. */
export function isPossible({ steps, forwards = [] }: Schedule, nservers: number): boolean {
  const servers = [
    ...steps.flatMap((step) => isOperation(step) ? [] : ["stop" in step ? step.stop : step.start]),
    ...forwards.flatMap(({ from, to }) => [from, to]),
  ];
  return servers.every((server) => server < nservers) && (nservers > 1 || servers.length === 0);
}

/** Gives each clerk its place in a list as its number. */
export function withClerks(schedule: Schedule, clerks: readonly number[]): Schedule {
  return mapOperations(schedule, (step) => ({ ...step, clerk: clerks.indexOf(step.clerk) }));
}

/** Adds a number to all keys. */
export function withShiftedKeys(schedule: Schedule, by: number): Schedule {
  return mapOperations(schedule, (step) => ({ ...step, key: String(Number(step.key) + by) }));
}

/** Replaces a key by the smallest of its shard that is not used. */
export function withSmallestKey(schedule: Schedule, key: string): Schedule {
  const { steps, nservers } = schedule;
  const used = new Set(steps.filter(isOperation).map((step) => step.key));
  let smallest = Number(key) % nservers;
  while (used.has(`${smallest}`) && smallest < Number(key)) smallest += nservers;
  return mapOperations(
    schedule,
    (step) => step.key === key ? { ...step, key: `${smallest}` } : step,
  );
}

/** Gives each write a value that tells its clerk. */
export function withPlainValues(schedule: Schedule): Schedule {
  const written = new Map<number, number>();
  return mapOperations(schedule, (step) => {
    if (step.value === undefined) return step;
    const n = written.get(step.clerk) ?? 0;
    written.set(step.clerk, n + 1);
    return { ...step, value: token(step.clerk, n) };
  });
}

/** Returns the times at which steps begin that follow nothing, in order. */
export function timesOf({ steps }: Schedule): number[] {
  const times = steps.flatMap(({ after, waitMs }) => after === undefined ? waitMs ?? [] : []);
  return [...new Set(times)].sort((one, other) => one - other);
}

/** Lets all steps from a time on begin earlier. */
export function earlier(schedule: Schedule, fromMs: number, byMs: number): Schedule {
  return mapSteps(schedule, (step) => {
    const { after, waitMs = 0 } = step;
    if (after !== undefined || waitMs < fromMs) return step;
    return { ...waitMs > byMs && { waitMs: waitMs - byMs }, ...withoutTrigger(step) };
  });
}

/** Leaves of a request that is lost only that. */
export function onlyLost(delivery: Delivery): Delivery {
  return delivery.lost === undefined ? delivery : { lost: delivery.lost };
}

/** Rounds the times of a request that is held back. */
export function rounded(delivery: Delivery): Delivery {
  const { requestMs } = delivery;
  if (requestMs === undefined) return delivery;
  return { ...delivery, requestMs: isFault({ requestMs }) ? HELD_BACK_MS : 1 };
}
