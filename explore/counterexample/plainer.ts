/**
 * Plainer ways to write a schedule: fewer numbers, smaller names, round times.
 *
 * @module
 */

import { token } from "../../testing/values.ts";
import { type Delivery, isFault, isOperation, type Schedule, type Step } from "./schedule.ts";

/** The longest delay of a request on an unreliable network, in milliseconds. */
const HELD_BACK_MS = 26;

/** Returns a step that begins at once. */
export function withoutTrigger<T extends Step>({ after: _, waitMs: __, ...step }: T): T {
  return step as T;
}

/** Turns the ring of servers so that the first operation is on shard 0. */
export function rotated(
  { steps, forwards = [], nservers, ...rest }: Schedule,
): Schedule | undefined {
  const shard = Number(steps.find(isOperation)?.key) % nservers;
  if (!(shard > 0)) return undefined;
  const turn = (server: number) => (server - shard + nservers) % nservers;
  const turnKey = (key: string) => {
    const number = Number(key);
    return Number.isNaN(number)
      ? key
      : String(number - (number % nservers) + turn(number % nservers));
  };
  return {
    ...rest,
    nservers,
    steps: steps.map((step) => {
      if (isOperation(step)) return { ...step, key: turnKey(step.key) };
      return "stop" in step
        ? { ...step, stop: turn(step.stop) }
        : { ...step, start: turn(step.start) };
    }),
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
export function withClerks({ steps, ...rest }: Schedule, clerks: readonly number[]): Schedule {
  return {
    ...rest,
    steps: steps.map((step) => {
      return isOperation(step) ? { ...step, clerk: clerks.indexOf(step.clerk) } : step;
    }),
  };
}

/** Replaces a key by the smallest of its shard that is not used. */
export function withSmallestKey({ steps, nservers, ...rest }: Schedule, key: string): Schedule {
  const used = new Set(steps.filter(isOperation).map((step) => step.key));
  let smallest = Number(key) % nservers;
  while (used.has(`${smallest}`) && smallest < Number(key)) smallest += nservers;
  const replaced = Number.isNaN(smallest) ? key : `${smallest}`;
  return {
    ...rest,
    nservers,
    steps: steps.map((step) => {
      return isOperation(step) && step.key === key ? { ...step, key: replaced } : step;
    }),
  };
}

/** Gives each write a value that tells its clerk. */
export function withPlainValues({ steps, ...rest }: Schedule): Schedule {
  const written = new Map<number, number>();
  return {
    ...rest,
    steps: steps.map((step) => {
      if (!isOperation(step) || step.value === undefined) return step;
      const n = written.get(step.clerk) ?? 0;
      written.set(step.clerk, n + 1);
      return { ...step, value: token(step.clerk, n) };
    }),
  };
}

/** Returns the times at which steps begin that follow nothing, in order. */
export function timesOf({ steps }: Schedule): number[] {
  const times = steps.flatMap(({ after, waitMs }) => {
    return after === undefined && waitMs !== undefined ? [waitMs] : [];
  });
  return [...new Set(times)].sort((one, other) => one - other);
}

/** Lets all steps from a time on begin earlier. */
export function earlier({ steps, ...rest }: Schedule, fromMs: number, byMs: number): Schedule {
  return {
    ...rest,
    steps: steps.map((step) => {
      const { after, waitMs = 0 } = step;
      if (after !== undefined || waitMs < fromMs) return step;
      const leftMs = waitMs - byMs;
      return { ...leftMs === 0 ? {} : { waitMs: leftMs }, ...withoutTrigger(step) };
    }),
  };
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
