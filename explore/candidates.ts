/**
 * Small scripts, the smallest first: fewer operations before more, then fewer faults,
 * then fewer servers. What is enumerated this way needs no shrinking: the first that
 * fails is the smallest of them.
 *
 * Most mistakes show with two clerks, three operations and one fault, if these are
 * chosen well. So all of those are here, and of the larger ones some that are known to
 * tell mistakes apart.
 *
 * @module
 */

import { HINTS } from "../testing/hints.ts";
import type { Request } from "../testing/history_recorder.ts";
import { crowdScript } from "./crowds.ts";
import type { NetworkName } from "../testing/run_options.ts";
import { token } from "../testing/values.ts";
import type { Fault, ForwardFault, Scene, Script, ScriptedOperation } from "./script.ts";

/** The size of a cluster. */
export interface ClusterSize {
  nservers: number;
  nreplicas: number;
}

const KINDS = ["append", "get", "put"] as const;
/** What is written where two operations write the same. */
const SAME_VALUE = "same ";
const FAULTS: Record<NetworkName, readonly Fault[]> = {
  unreliable: ["reply lost", "request lost", "request slow"],
  hostile: ["request repeated", "reply lost", "request lost", "request slow"],
};

/** Who does what: for each operation its clerk, and which scene it belongs to. */
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

/** When servers stop and start: the servers by their distance from the first one of
 * the key, the times by the scene before which it happens. */
interface Outage {
  stop?: Record<number, readonly number[]>;
  /** After how many milliseconds these are back. */
  stopMs?: number;
  start?: Record<number, readonly number[]>;
}

/** Long enough for a clerk to try another server, and no longer. */
const SHORT_OUTAGE_MS = 75;

/** Outages that differ in what they show, for a number of replicas and of scenes. */
function* outages(nreplicas: number, scenes: number): Iterable<Outage> {
  yield {};
  const all = Array.from({ length: nreplicas }, (_, i) => i);
  for (let last = 1; last < nreplicas; last++) {
    const some = all.slice(0, last);
    yield { stop: { 0: some } };
    yield { stop: { 0: some }, stopMs: SHORT_OUTAGE_MS };
    if (scenes < 2) continue;
    yield { stop: { 1: some } };
    yield { stop: { 0: some }, start: { 1: some } };
    if (scenes >= 3) yield { stop: { 1: some }, start: { 2: some } };
  }
  if (scenes >= 2) yield { stop: { 0: [0], 1: [1] }, start: { 1: [0] } };
  yield { stop: { 0: all }, stopMs: SHORT_OUTAGE_MS };
}

/** What a search looks for. */
export interface Sought {
  /** Whether the failed test had several servers. */
  isSharded: boolean;
  /** Which network it ran on. */
  network: NetworkName;
  /** The hint that its failure came with, which tells failures apart. */
  hint: string;
}

/** Hints at operations that never return: which of them a failure comes with depends
 * on how long one waits. */
const NEVER_RETURNS: readonly string[] = [
  HINTS.deadlock,
  HINTS.livelock,
  HINTS.noFallback,
  HINTS.noProgress,
];

/** Whether two failures are of the same kind. */
export function isSameFailure(hint: string, other: string): boolean {
  return hint === other || NEVER_RETURNS.includes(hint) && NEVER_RETURNS.includes(other);
}

const SINGLE: ClusterSize = { nservers: 1, nreplicas: 1 };
const SHARDED: readonly ClusterSize[] = [
  { nservers: 2, nreplicas: 1 },
  { nservers: 2, nreplicas: 2 },
  { nservers: 3, nreplicas: 2 },
  { nservers: 3, nreplicas: 3 },
];

/** How many operations, and how many faults. */
const SIZES = [[1, 0], [1, 1], [2, 0], [1, 2], [2, 1], [3, 0], [3, 1], [2, 2], [4, 0], [4, 1]];

/** All scripts that are worth trying, the smallest first. */
export function* scriptsFor({ isSharded, network, hint }: Sought): Generator<Script> {
  if (hint === HINTS.uneven) {
    return yield* [2, 3].map((nservers) => spreadScript({ nservers, nreplicas: 1 }));
  }
  const clusters = isSharded ? [SINGLE, ...SHARDED] : [SINGLE];
  for (const [operations, faults] of SIZES) {
    for (const cluster of clusters) yield* candidates(cluster, network, operations!, faults!);
    if (operations === 1 && isSharded) yield* rejections(faults!);
    if (operations === 3 && faults === 0) yield* lotteries();
    if (operations === 3 && faults === 1) yield* silences();
  }
}

/** The seeds of the {@linkcode crowdScript}s that are tried. */
const CROWDS = 300;

/** Larger scripts that are worth trying; what fails wants to be shrunk. */
export function* crowdsFor({ isSharded }: Sought): Generator<Script> {
  const clusters = isSharded ? [SINGLE, ...SHARDED] : [SINGLE];
  for (let seed = 0; seed < CROWDS; seed++) {
    for (const cluster of clusters) yield crowdScript(cluster, seed);
  }
}

/** Operations for which no replica is left. */
function* rejections(faults: number): Iterable<Script> {
  if (faults > 0) return;
  for (const cluster of SHARDED) {
    for (const op of KINDS) {
      for (const key of keysOf(cluster.nservers, 1)) {
        const stop = Array.from({ length: cluster.nreplicas }, (_, i) => {
          return (Number(key) + i) % cluster.nservers;
        });
        const operation: ScriptedOperation = op === "get"
          ? { op, key }
          : { op, key, value: token(0, 0) };
        yield { ...cluster, scenes: [{ stop, clerks: [[operation]] }] };
      }
    }
  }
}

/** Every script of some size.
 *
 * @param size How many operations.
 * @param faults How many requests something happens to.
 */
export function* candidates(
  { nservers, nreplicas }: ClusterSize,
  network: NetworkName,
  size: number,
  faults: number,
): Iterable<Script> {
  for (const shape of SHAPES[size - 1] ?? []) {
    for (const kinds of sequences(KINDS, size)) {
      for (const key of keysOf(nservers, size)) {
        const values = kinds.filter((kind) => kind !== "get").length;
        for (const sameValue of values > 1 ? [false, true] : [false]) {
          const operations = kinds.map((op, i) => request(op, key, shape, i, sameValue));
          const sceneCount = shape.scenes.at(-1)! + 1;
          const possible = nservers === 1 ? [{}] : outages(nreplicas, sceneCount);
          for (const outage of possible) {
            for (const faulty of withFaults(operations, faults, FAULTS[network])) {
              const scenes = scenesOf(shape, faulty, outage, Number(key) % nservers, nservers);
              yield { nservers, nreplicas, scenes };
            }
            if (faults === 1 && nreplicas > 1 && Object.keys(outage).length > 0) {
              const scenes = scenesOf(shape, operations, outage, Number(key) % nservers, nservers);
              for (
                const forwardFault of forwardFaults(
                  Number(key) % nservers,
                  nservers,
                  FAULTS[network],
                )
              ) {
                yield { nservers, nreplicas, scenes, forwardFaults: [forwardFault] };
              }
            }
          }
        }
      }
    }
  }
}

/** How many seeds decide what a submission leaves to chance, for example who a clerk is. */
const LOTTERY_SEEDS = 40;

/** Two clerks that may take each other's names. */
function* lotteries(): Iterable<Script> {
  for (let seed = 2; seed <= LOTTERY_SEEDS; seed++) {
    for (const shape of [...SHAPES[1]!, ...SHAPES[2]!].filter(({ clerks }) => clerks.includes(1))) {
      const operations = shape.clerks.map((_, i) => request("append", "0", shape, i, false));
      yield { ...SINGLE, scenes: scenesOf(shape, operations, {}, 0, 1), seed };
    }
  }
}

/** For how many requests a clerk hears nothing after the first was executed. */
const SILENCES = [3, 10, 30];

/** What a server has to remember for long. */
function* silences(): Iterable<Script> {
  for (const length of SILENCES) {
    const faults: Fault[] = ["reply lost", ...Array(length - 1).fill("request lost")];
    const append: ScriptedOperation = { op: "append", key: "0", value: token(0, 0), faults };
    yield { ...SINGLE, scenes: [{ clerks: [[append]] }] };
  }
}

/** One clerk writes to keys of all shards: whether the servers share the work. */
export function spreadScript({ nservers, nreplicas }: ClusterSize): Script {
  const operations = Array.from({ length: 4 * nservers }, (_, key): ScriptedOperation => {
    return { op: "put", key: String(key), value: token(0, key) };
  });
  return { nservers, nreplicas, scenes: [{ clerks: [operations] }], isSpread: true };
}

/** A key of the first shard, and where placement is all that matters, others. */
function keysOf(nservers: number, size: number): string[] {
  if (nservers === 1 || size > 2) return ["0"];
  return ["0", "1", String(10 + nservers)];
}

function request(
  op: Request["op"],
  key: string,
  { clerks }: Shape,
  place: number,
  sameValue: boolean,
): ScriptedOperation {
  const clerk = clerks[place]!;
  const before = clerks.slice(0, place).filter((other) => other === clerk).length;
  if (op === "get") return { op, key };
  return { op, key, value: sameValue ? SAME_VALUE : token(clerk, before) };
}

/** All ways to give some of the operations' first requests a fault. A single operation
 * may also lose the replies to two requests. */
function* withFaults(
  operations: readonly ScriptedOperation[],
  count: number,
  kinds: readonly Fault[],
): Iterable<ScriptedOperation[]> {
  if (count === 0) return yield [...operations];
  for (const [i, operation] of operations.entries()) {
    for (const fault of kinds) {
      const rest = withFaults(operations.slice(i + 1), count - 1, kinds);
      for (const others of rest) {
        yield [...operations.slice(0, i), { ...operation, faults: [fault] }, ...others];
      }
    }
    if (count < 2) continue;
    const faults: Fault[] = Array(count).fill("reply lost");
    yield operations.map((other) => other === operation ? { ...operation, faults } : other);
  }
}

/** What can happen to the first request that the second or third replica of a shard
 * sends to the first one. */
function* forwardFaults(
  first: number,
  nservers: number,
  kinds: readonly Fault[],
): Iterable<ForwardFault> {
  for (const distance of [1, 2]) {
    const other = (first + distance) % nservers;
    if (other === first) continue;
    for (const fault of kinds) {
      yield { from: other, to: first, index: 0, fault };
      yield { from: first, to: other, index: 0, fault };
    }
  }
}

function scenesOf(
  { clerks, scenes }: Shape,
  operations: readonly ScriptedOperation[],
  { stop, start, stopMs }: Outage,
  first: number,
  nservers: number,
): Scene[] {
  const clerkCount = Math.max(...clerks) + 1;
  const servers = (distances: readonly number[] = []) => {
    return distances.map((distance) => (first + distance) % nservers);
  };
  return Array.from({ length: scenes.at(-1)! + 1 }, (_, scene): Scene => {
    const own = Array.from({ length: clerkCount }, (_, clerk) => {
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
