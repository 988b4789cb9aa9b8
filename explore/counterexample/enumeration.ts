/**
 * The schedules that a search tries before it looks at the run that failed: all small ones,
 * the smallest first.
 *
 * @module
 */

import { HINTS } from "../../testing/hints.ts";
import type { NetworkName } from "../../testing/run_options.ts";
import { token } from "../../testing/values.ts";
import { type ClusterSize, SINGLE, smallSchedules } from "./small_schedules.ts";
import type { Schedule, Step } from "./schedule.ts";

/** The goal of a search. Failures are told apart by their hints: the idea that is missing
 * is what a story has to show. */
export interface SearchGoal {
  /** True if the failed test had several servers. */
  isSharded: boolean;
  /** The network that the test ran on. */
  network: NetworkName;
  /** True if that network lost no message in this test. */
  isReliable?: boolean;
  /** The hint that its failure came with. */
  hint: string;
}

/** Hints at operations that never return: which of them a failure comes with depends on how
 * long one waits. */
const NEVER_RETURNS: readonly string[] = [
  HINTS.deadlock,
  HINTS.livelock,
  HINTS.noFallback,
  HINTS.noProgress,
  HINTS.serverLoop,
  HINTS.silentServer,
];

/** Returns true if two failures are of the same kind. */
export function isSameFailure(hint: string, other: string): boolean {
  return hint === other || NEVER_RETURNS.includes(hint) && NEVER_RETURNS.includes(other);
}

/** Most of what goes wrong between replicas shows with two. */
const TWO_REPLICAS: ClusterSize = { nservers: 2, nreplicas: 2 };
const SHARDED: readonly ClusterSize[] = [
  { nservers: 2, nreplicas: 1 },
  TWO_REPLICAS,
  { nservers: 3, nreplicas: 2 },
  { nservers: 3, nreplicas: 3 },
];

/** The sizes of schedules that are tried, and the clusters of each besides a single server. */
const SIZES: readonly [operations: number, faults: number, clusters: readonly ClusterSize[]][] = [
  [1, 0, SHARDED],
  [1, 1, SHARDED],
  [2, 0, [TWO_REPLICAS]],
  [1, 2, []],
  [2, 1, []],
  [3, 0, []],
];

/** Yields all schedules that are worth trying, the smallest first. */
export function* schedulesFor(
  { hint, network, isSharded, isReliable = false }: SearchGoal,
): Generator<Schedule> {
  if (hint === HINTS.uneven) return yield* spreads();
  for (const [operations, faults, clusters] of SIZES) {
    if (isReliable && faults > 0) continue;
    for (const cluster of [SINGLE, ...isSharded ? clusters : []]) {
      yield* smallSchedules(cluster, network, { operations, faults });
    }
  }
}

/** One clerk writes to keys of all shards: whether the servers share the work. */
function* spreads(): Iterable<Schedule> {
  for (const nservers of [2, 3]) {
    const steps = Array.from({ length: 4 * nservers }, (_, key): Step => {
      return { clerk: 0, op: "put", key: String(key), value: token(0, key) };
    });
    yield { nservers, nreplicas: 1, seed: 1, steps, isSpread: true };
  }
}
