/**
 * Every small schedule: up to three operations on one key or two, of up to three clerks
 * one after the other or at the same time, with servers that are out of reach and with
 * requests that something happens to.
 *
 * Most mistakes show with two clerks, three operations and one fault. What is
 * enumerated needs no shrinking: the first that fails is the smallest of them.
 *
 * @module
 */

import type { NetworkName } from "../../testing/run_options.ts";
import { refrain, token } from "../../testing/values.ts";
import type { Delivery, Forward, OperationStep, Schedule, Step } from "./schedule.ts";

/** The size of a cluster. */
export interface ClusterSize {
  nservers: number;
  nreplicas: number;
}

/** One server, which holds all keys. */
export const SINGLE: ClusterSize = { nservers: 1, nreplicas: 1 };

/** The size of a schedule. */
export interface ScheduleSize {
  operations: number;
  /** The number of requests with a fault. */
  faults: number;
}

const KINDS = ["append", "get", "put"] as const;

const LOST_REPLY: Delivery = { lost: "reply" };
const UNRELIABLE: readonly Delivery[] = [LOST_REPLY, { lost: "request" }, { requestMs: 26 }];

/** The faults that a network inflicts on one request. A duplicate is overtaken by the clerk's
 * next request, and not by the one after that. */
const FAULTS: Record<NetworkName, readonly Delivery[]> = {
  unreliable: UNRELIABLE,
  hostile: [{ duplicate: { requestMs: 1.7 } }, ...UNRELIABLE],
};

/** The clerk of each operation, and the scene that it belongs to. In each scene servers start and
 * stop, then all clerks begin, each with its operations one after the other. The next scene begins
 * when all of them have returned. */
interface Shape {
  clerks: readonly number[];
  scenes: readonly number[];
}

/** Shapes by the number of operations. */
const SHAPES: readonly (readonly Shape[])[] = [
  [{ clerks: [0], scenes: [0] }],
  [
    { clerks: [0, 0], scenes: [0, 1] },
    { clerks: [0, 1], scenes: [0, 1] },
    { clerks: [0, 1], scenes: [0, 0] },
  ],
  [
    { clerks: [0, 0, 0], scenes: [0, 1, 2] },
    { clerks: [0, 1, 0], scenes: [0, 1, 2] },
    { clerks: [0, 0, 1], scenes: [0, 1, 2] },
    { clerks: [0, 1, 1], scenes: [0, 1, 2] },
    { clerks: [0, 1, 0], scenes: [0, 0, 1] },
    { clerks: [0, 1, 1], scenes: [0, 0, 0] },
    { clerks: [0, 1, 2], scenes: [0, 0, 1] },
  ],
];

/** The outages of servers, for the clerks: the servers by their distance from the
 * first one of the key, the times by the scene that begins with it. */
interface Outage {
  stop?: Record<number, readonly number[]>;
  /** After how many milliseconds these are back, while the scene goes on; if absent, they stay
   * away. */
  stopMs?: number;
  start?: Record<number, readonly number[]>;
}

/** The length of a short outage: enough for a clerk to try another server, and no longer. */
const SHORT_OUTAGE_MS = 75;

type Operation = Pick<OperationStep, "op" | "key" | "value" | "requests">;

/** Every schedule of some size. */
export function* smallSchedules(
  cluster: ClusterSize,
  network: NetworkName,
  size: ScheduleSize,
): Iterable<Schedule> {
  const kinds = FAULTS[network];
  for (const shape of SHAPES[size.operations - 1] ?? []) {
    for (const operations of programs(cluster, shape)) {
      for (const outage of outages(cluster, shape)) {
        for (const faulty of withFaults(operations, size.faults, kinds)) {
          yield scheduleOf(cluster, shape, faulty, outage);
        }
        // Servers ask each other only where clerks cannot reach the right one.
        if (size.faults !== 1 || outage.stop === undefined) continue;
        for (const forward of forwardFaults(cluster, firstServer(cluster, operations), kinds)) {
          yield { ...scheduleOf(cluster, shape, operations, outage), forwards: [forward] };
        }
      }
    }
  }
}

/** Operations without faults. */
function* programs(cluster: ClusterSize, { clerks }: Shape): Iterable<readonly Operation[]> {
  const size = clerks.length;
  for (const kinds of sequences(KINDS, size)) {
    const writes = kinds.filter((kind) => kind !== "get").length;
    for (const keys of keysOf(cluster, size)) {
      for (const sameValue of writes > 1 ? [false, true] : [false]) {
        yield kinds.map((op, place) => {
          const key = keys[place]!;
          if (op === "get") return { op, key };
          const clerk = clerks[place]!;
          const before = clerks.slice(0, place).filter((other) => other === clerk).length;
          return { op, key, value: sameValue ? refrain(0) : token(clerk, before) };
        });
      }
    }
  }
}

/** The keys of the operations: one of the first shard; where placement may be all that
 * matters, also of others; and where there is one server, also two of them. */
function keysOf({ nservers }: ClusterSize, size: number): string[][] {
  const all = (key: string) => Array<string>(size).fill(key);
  if (nservers > 1) {
    return (size > 2 ? ["0"] : ["0", "1", String(10 + nservers)]).map(all);
  }
  return size === 1 ? [all("0")] : [all("0"), all("0").with(-1, "1")];
}

/** Outages that differ in what they show. */
function* outages({ nreplicas, nservers }: ClusterSize, { scenes }: Shape): Iterable<Outage> {
  yield {};
  if (nservers === 1) return;
  const sceneCount = scenes.at(-1)! + 1;
  const all = Array.from({ length: nreplicas }, (_, i) => i);
  for (let last = 1; last < nreplicas; last++) {
    const some = all.slice(0, last);
    yield { stop: { 0: some } };
    yield { stop: { 0: some }, stopMs: SHORT_OUTAGE_MS };
    if (sceneCount < 2) continue;
    yield { stop: { 1: some } };
    yield { stop: { 0: some }, start: { 1: some } };
    if (sceneCount >= 3) yield { stop: { 1: some }, start: { 2: some } };
  }
  if (sceneCount >= 2) yield { stop: { 0: [0], 1: [1] }, start: { 1: [0] } };
  yield { stop: { 0: all }, stopMs: SHORT_OUTAGE_MS };
}

/** All ways to give some of the operations' first requests a fault. A single operation
 * may also lose several replies. */
function* withFaults(
  operations: readonly Operation[],
  count: number,
  kinds: readonly Delivery[],
): Iterable<readonly Operation[]> {
  if (count === 0) return yield operations;
  for (const [i, operation] of operations.entries()) {
    for (const fault of kinds) {
      for (const rest of withFaults(operations.slice(i + 1), count - 1, kinds)) {
        yield [...operations.slice(0, i), { ...operation, requests: [fault] }, ...rest];
      }
    }
    if (count < 2) continue;
    yield operations.with(i, { ...operation, requests: Array(count).fill(LOST_REPLY) });
  }
}

/** Yields the faults of the first request between the first server and a replica. */
function* forwardFaults(
  { nservers, nreplicas }: ClusterSize,
  first: number,
  kinds: readonly Delivery[],
): Iterable<Forward> {
  for (let distance = 1; distance < nreplicas; distance++) {
    const other = (first + distance) % nservers;
    for (const fault of kinds) {
      yield { from: other, to: first, index: 0, ...fault };
      yield { from: first, to: other, index: 0, ...fault };
    }
  }
}

function firstServer({ nservers }: ClusterSize, [operation]: readonly Operation[]): number {
  return Number(operation!.key) % nservers;
}

function scheduleOf(
  { nservers, nreplicas }: ClusterSize,
  { clerks, scenes }: Shape,
  operations: readonly Operation[],
  { stop, stopMs, start }: Outage,
): Schedule {
  const first = firstServer({ nservers, nreplicas }, operations);
  const servers = (distances: readonly number[] = []) => {
    return distances.map((distance) => (first + distance) % nservers);
  };
  const steps: Step[] = [];
  let trigger: Pick<Step, "after"> = {};
  for (let scene = 0; scene <= scenes.at(-1)!; scene++) {
    const stopped = servers(stop?.[scene]);
    steps.push(...servers(start?.[scene]).map((server): Step => ({ ...trigger, start: server })));
    steps.push(...stopped.map((server): Step => ({ ...trigger, stop: server })));
    for (const server of stopMs === undefined ? [] : stopped) {
      steps.push({ ...trigger, waitMs: stopMs!, start: server });
    }
    const after: number[] = [];
    for (const clerk of [...new Set(clerks)].sort()) {
      const own = operations.filter((_, i) => clerks[i] === clerk && scenes[i] === scene);
      for (const [i, operation] of own.entries()) {
        after.push(steps.length);
        steps.push({ ...i === 0 ? trigger : {}, clerk, ...operation });
      }
    }
    trigger = { after };
  }
  return { nservers, nreplicas, seed: 1, steps };
}

function* sequences<T>(choices: readonly T[], length: number): Iterable<T[]> {
  if (length === 0) return yield [];
  for (const rest of sequences(choices, length - 1)) {
    for (const choice of choices) yield [...rest, choice];
  }
}
