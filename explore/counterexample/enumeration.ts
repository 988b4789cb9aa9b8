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

/** What a search looks for. Failures are told apart by their hints: the idea that is missing
 * is what a story has to show. */
export interface Sought {
  /** True if the failed test had several servers. */
  isSharded: boolean;
  /** The network that the test ran on. */
  network: NetworkName;
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

type Size = readonly [operations: number, faults: number];
const SMALL: readonly Size[] = [[1, 0], [1, 1], [2, 0], [1, 2], [2, 1], [3, 0]];

function* ofSizes(
  sizes: readonly Size[],
  clusters: readonly ClusterSize[],
  network: NetworkName,
): Iterable<Schedule> {
  for (const [operations, faults] of sizes) {
    for (const cluster of clusters) {
      yield* smallSchedules(cluster, network, { operations, faults });
    }
  }
}

/** Yields all schedules that are worth trying: those with one server first, and of each number
 * of servers the smallest first. */
export function* schedulesFor({ isSharded, network, hint }: Sought): Generator<Schedule> {
  if (hint === HINTS.uneven) return yield* spreads();
  yield* ofSizes(SMALL, [SINGLE], network);
  if (isSharded) {
    yield* ofSizes(SMALL.slice(0, 2), SHARDED, network);
    yield* ofSizes([[2, 0], [2, 1]], [TWO_REPLICAS], network);
  }
  yield* ofSizes([[3, 1]], [SINGLE], network);
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
