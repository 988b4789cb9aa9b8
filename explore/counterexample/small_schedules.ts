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

import type { Request } from "../../testing/history_recorder.ts";
import type { NetworkName } from "../../testing/run_options.ts";
import { refrain, token } from "../../testing/values.ts";
import {
  type Fault,
  type ForwardFault,
  type Scene,
  type SceneOperation,
  scheduleOf,
  type Script,
} from "./scenes.ts";
import type { Schedule } from "./schedule.ts";

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

const FAULTS: Record<NetworkName, readonly Fault[]> = {
  unreliable: ["reply lost", "request lost", "request slow"],
  hostile: ["request repeated", "reply lost", "request lost", "request slow"],
};

/** The clerk of each operation, and the scene that it belongs to. */
interface Shape {
  clerks: readonly number[];
  scenes: readonly number[];
}

/** Shapes by the number of operations. Clerks whose operations are in one scene are at
 * work at the same time. */
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
  [
    { clerks: [0, 0, 1, 0], scenes: [0, 1, 2, 3] },
    { clerks: [0, 1, 1, 0], scenes: [0, 0, 0, 1] },
    { clerks: [0, 1, 2, 0], scenes: [0, 0, 0, 1] },
  ],
];

/** When servers are out of the clerks' reach: the servers by their distance from the
 * first one of the key, the times by the scene that begins with it. */
interface Outage {
  stop?: Record<number, readonly number[]>;
  /** After how many milliseconds these are back. */
  stopMs?: number;
  start?: Record<number, readonly number[]>;
}

/** Long enough for a clerk to try another server, and no longer. */
const SHORT_OUTAGE_MS = 75;

/** Operations that belong together, without faults. */
interface Cast {
  shape: Shape;
  operations: readonly SceneOperation[];
  outage: Outage;
}

/** Every schedule of some size. */
export function* smallSchedules(
  cluster: ClusterSize,
  network: NetworkName,
  size: ScheduleSize,
): Iterable<Schedule> {
  for (const script of scripts(cluster, network, size)) yield scheduleOf(script);
}

function* scripts(
  cluster: ClusterSize,
  network: NetworkName,
  { operations, faults }: ScheduleSize,
): Iterable<Script> {
  const kinds = FAULTS[network];
  for (const cast of casts(cluster, operations)) {
    const script = scriptOf(cluster, cast);
    for (const faulty of withFaults(cast.operations, faults, kinds)) {
      yield { ...script, scenes: scenesOf(cluster, { ...cast, operations: faulty }) };
    }
    // Servers ask each other only where clerks cannot reach the right one.
    if (faults !== 1 || cast.outage.stop === undefined) continue;
    for (const forwardFault of forwardFaults(cluster, firstServer(cluster, cast), kinds)) {
      yield { ...script, forwardFaults: [forwardFault] };
    }
  }
}

function* casts(cluster: ClusterSize, size: number): Iterable<Cast> {
  for (const shape of SHAPES[size - 1] ?? []) {
    for (const kinds of sequences(KINDS, size)) {
      const writes = kinds.filter((kind) => kind !== "get").length;
      for (const keys of keysOf(cluster, size)) {
        for (const sameValue of writes > 1 ? [false, true] : [false]) {
          const operations = kinds.map((op, place) => {
            return operationOf(op, keys[place]!, shape, place, sameValue);
          });
          for (const outage of outages(cluster, shape)) yield { shape, operations, outage };
        }
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
  return size === 1 || size > 3 ? [all("0")] : [all("0"), all("0").with(-1, "1")];
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

function operationOf(
  op: Request["op"],
  key: string,
  { clerks }: Shape,
  place: number,
  sameValue = false,
): SceneOperation {
  const clerk = clerks[place]!;
  const before = clerks.slice(0, place).filter((other) => other === clerk).length;
  if (op === "get") return { op, key };
  return { op, key, value: sameValue ? refrain(0) : token(clerk, before) };
}

/** All ways to give some of the operations' first requests a fault. A single operation
 * may also lose several replies. */
function* withFaults(
  operations: readonly SceneOperation[],
  count: number,
  kinds: readonly Fault[],
): Iterable<readonly SceneOperation[]> {
  if (count === 0) return yield operations;
  for (const [i, operation] of operations.entries()) {
    for (const fault of kinds) {
      for (const rest of withFaults(operations.slice(i + 1), count - 1, kinds)) {
        yield [...operations.slice(0, i), { ...operation, faults: [fault] }, ...rest];
      }
    }
    if (count < 2) continue;
    const faults: Fault[] = Array(count).fill("reply lost");
    yield operations.with(i, { ...operation, faults });
  }
}

/** Yields the faults of the first request between the first server and a replica. */
function* forwardFaults(
  { nservers, nreplicas }: ClusterSize,
  first: number,
  kinds: readonly Fault[],
): Iterable<ForwardFault> {
  for (let distance = 1; distance < nreplicas; distance++) {
    const other = (first + distance) % nservers;
    for (const fault of kinds) {
      yield { from: other, to: first, fault };
      yield { from: first, to: other, fault };
    }
  }
}

function firstServer({ nservers }: ClusterSize, { operations }: Cast): number {
  return Number(operations[0]!.key) % nservers;
}

function scriptOf(cluster: ClusterSize, cast: Cast): Script {
  const { nservers, nreplicas } = cluster;
  return { nservers, nreplicas, scenes: scenesOf(cluster, cast) };
}

function scenesOf(cluster: ClusterSize, cast: Cast): Scene[] {
  const { shape: { clerks, scenes }, operations, outage: { stop, stopMs, start } } = cast;
  const first = firstServer(cluster, cast);
  const servers = (distances: readonly number[] = []) => {
    return distances.map((distance) => (first + distance) % cluster.nservers);
  };
  return Array.from({ length: scenes.at(-1)! + 1 }, (_, scene): Scene => {
    const own = Array.from({ length: Math.max(...clerks) + 1 }, (_, clerk) => {
      return operations.filter((_, i) => clerks[i] === clerk && scenes[i] === scene);
    });
    const [stopped, started] = [servers(stop?.[scene]), servers(start?.[scene])];
    return {
      clerks: own,
      ...stopped.length > 0 ? { stop: stopped } : {},
      ...stopped.length > 0 && stopMs !== undefined ? { stopMs } : {},
      ...started.length > 0 ? { start: started } : {},
    };
  });
}

function* sequences<T>(choices: readonly T[], length: number): Iterable<T[]> {
  if (length === 0) return yield [];
  for (const rest of sequences(choices, length - 1)) {
    for (const choice of choices) yield [...rest, choice];
  }
}
