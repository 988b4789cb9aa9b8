/**
 * Every schedule within bounds, each once: clerks and keys are numbered in the order of their first
 * use, operations that begin together are sorted by their clerks, and operations on different keys,
 * which commute, do not overtake each other.
 *
 * @module
 */

import { token } from "../../testing/values.ts";
import type { Delivery, Forward, OperationStep, Schedule, Step } from "./schedule.ts";

/** The limits on what a schedule may contain. */
export interface Bounds {
  readonly clerks: number;
  readonly operations: number;
  readonly keys: number;
  /** The number of requests with a fault, plus the number of stopped servers. */
  readonly faults: number;
  /** True if no request has a fault, so that servers stop at most. */
  readonly isReliable?: boolean;
}

/** The cluster of a schedule, and the expectations of it. */
export type ScheduleCluster = Pick<Schedule, "nservers" | "nreplicas" | "transitMs" | "isSpread">;

/** One server, which holds all keys. */
export const SINGLE: ScheduleCluster = { nservers: 1, nreplicas: 1 };

/** One operation, and its beginning. */
interface Operation {
  readonly clerk: number;
  readonly key: number;
  readonly op: OperationStep["op"];
  /** True if it begins together with the one before it; if not, after all before it. */
  readonly isTogether: boolean;
  /** True if its request overtakes those of operations that begin together with it. */
  readonly overtakes: boolean;
}

type Fault =
  | { readonly operation: number; readonly request: number; readonly delivery: Delivery }
  | { readonly forward: Forward }
  | { readonly stop: number; readonly before: number; readonly until: number };

const KINDS = ["append", "get", "put"] as const;
const DELIVERIES: readonly Delivery[] = [{ lost: "reply" }, { lost: "request" }, { requestMs: 26 }];
/** The number of requests of one operation that may have a fault. */
const REQUESTS = 2;
/** The delay of a request that overtakes others, in milliseconds. */
const OVERTAKING_MS = 0.4;

/** Yields all schedules within bounds, sorted by the number of operations and faults together, then
 * of faults, then of clerks. */
export function* allSchedules(
  bounds: Bounds,
  clusters: readonly ScheduleCluster[],
): Generator<Schedule> {
  for (let size = 1; size <= bounds.operations + bounds.faults; size++) {
    for (let count = Math.min(size, bounds.operations); count >= 1; count--) {
      const faults = size - count;
      if (faults > bounds.faults) continue;
      const sorted = [...programs(bounds, count)].sort((one, other) =>
        clerksOf(one) - clerksOf(other)
      );
      for (const operations of sorted) {
        for (const cluster of clusters) {
          for (const chosen of choices(faultsOf(cluster, count, bounds), faults)) {
            if (!isRedundant(operations, chosen)) yield scheduleOf(cluster, operations, chosen);
          }
        }
      }
    }
  }
}

function* programs(
  bounds: Bounds,
  count: number,
  before: readonly Operation[] = [],
): Iterable<readonly Operation[]> {
  if (before.length === count) return yield before;
  const clerks = Math.min(bounds.clerks, clerksOf(before) + 1);
  const keys = Math.min(bounds.keys, Math.max(-1, ...before.map(({ key }) => key)) + 2);
  const start = before.findLastIndex(({ isTogether }) => !isTogether);
  const group = before.slice(Math.max(0, start));
  for (let clerk = 0; clerk < clerks; clerk++) {
    // A clerk makes one call at a time.
    const mayOverlap = before.length > 0 && clerk > before.at(-1)!.clerk;
    for (let key = 0; key < keys; key++) {
      const commutes = group.every((other) => other.key !== key);
      for (const op of KINDS) {
        const next = { clerk, key, op, isTogether: false, overtakes: false };
        yield* programs(bounds, count, [...before, next]);
        if (!mayOverlap) continue;
        for (const overtakes of commutes ? [false] : [false, true]) {
          yield* programs(bounds, count, [...before, { ...next, isTogether: true, overtakes }]);
        }
      }
    }
  }
}

function clerksOf(operations: readonly Operation[]): number {
  return Math.max(-1, ...operations.map(({ clerk }) => clerk)) + 1;
}

/** Returns all faults that a number of operations can meet. */
function faultsOf(
  { nservers, nreplicas }: ScheduleCluster,
  count: number,
  { isReliable = false }: Bounds,
): Fault[] {
  const deliveries = isReliable ? [] : DELIVERIES;
  const faults: Fault[] = [];
  for (let operation = 0; operation < count; operation++) {
    for (let request = 0; request < REQUESTS; request++) {
      faults.push(...deliveries.map((delivery) => ({ operation, request, delivery })));
    }
  }
  if (nservers === 1) return faults;
  for (let server = 0; server < nservers; server++) {
    for (let to = 0; to < nservers; to++) {
      const distance = (to - server + nservers) % nservers;
      if (to === server || Math.min(distance, nservers - distance) >= nreplicas) continue;
      for (const delivery of deliveries) {
        faults.push({ forward: { from: server, to, index: 0, ...delivery } });
      }
    }
    for (let before = 0; before < count; before++) {
      for (let until = before + 1; until <= count; until++) {
        faults.push({ stop: server, before, until });
      }
    }
  }
  return faults;
}

/** Yields all ways to choose some of a list. */
function* choices<T>(list: readonly T[], count: number, from = 0): Iterable<readonly T[]> {
  if (count === 0) return yield [];
  for (let i = from; i <= list.length - count; i++) {
    for (const others of choices(list, count - 1, i + 1)) yield [list[i]!, ...others];
  }
}

/** Returns true if another schedule is the same run: a request has at most one fault, a request that
 * is held back overtakes none, and a server that is down does not stop. */
function isRedundant(operations: readonly Operation[], faults: readonly Fault[]): boolean {
  return faults.some((fault, i) => {
    if ("operation" in fault) {
      const isHeldBack = fault.request === 0 && fault.delivery.requestMs !== undefined;
      if (isHeldBack && operations[fault.operation]!.overtakes) return true;
    }
    return faults.slice(0, i).some((other) => {
      return "stop" in fault && "stop" in other
        ? other.stop === fault.stop && fault.before <= other.until
        : requestOf(fault) === requestOf(other);
    });
  });
}

/** Names the request that a fault affects. */
function requestOf(fault: Fault): string {
  if ("stop" in fault) return `none ${fault.stop}`;
  if ("operation" in fault) return `${fault.operation} ${fault.request}`;
  return `forward ${fault.forward.from} ${fault.forward.to}`;
}

function scheduleOf(
  cluster: ScheduleCluster,
  operations: readonly Operation[],
  faults: readonly Fault[],
): Schedule {
  const steps: Step[] = [];
  const stops = faults.filter((fault) => "stop" in fault);
  const written = new Map<number, number>();
  /** The operations that the current group waits for. */
  let before: number[] = [];
  let group: number[] = [];
  for (const [i, { clerk, key, op, isTogether, overtakes }] of operations.entries()) {
    if (!isTogether) [before, group] = [group, []];
    const trigger = before.length > 0 && { after: before };
    for (const { until, stop } of stops) if (until === i) steps.push({ ...trigger, start: stop });
    for (const { before, stop } of stops) if (before === i) steps.push({ ...trigger, stop });
    const requests = requestsOf(i, overtakes, faults);
    const n = written.get(clerk) ?? 0;
    written.set(clerk, n + 1);
    group.push(steps.length);
    steps.push({
      ...trigger,
      clerk,
      op,
      key: String(key),
      ...op !== "get" && { value: token(clerk, n) },
      ...requests.length > 0 && { requests },
    });
  }
  const forwards = faults.flatMap((fault) => "forward" in fault ? fault.forward : []);
  return { ...cluster, seed: 1, steps, ...forwards.length > 0 && { forwards } };
}

function requestsOf(
  operation: number,
  overtakes: boolean,
  faults: readonly Fault[],
): (Delivery | null)[] {
  const requests: (Delivery | null)[] = overtakes ? [{ requestMs: OVERTAKING_MS }] : [];
  for (const fault of faults) {
    if (!("operation" in fault) || fault.operation !== operation) continue;
    while (requests.length <= fault.request) requests.push(null);
    requests[fault.request] = { ...requests[fault.request], ...fault.delivery };
  }
  return requests;
}
