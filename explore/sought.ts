/**
 * What a search for a small failing script looks for, and in which order it tries.
 *
 * Failures are told apart by their hint: the idea that is missing is what a story has
 * to show.
 *
 * @module
 */

import { HINTS } from "../testing/hints.ts";
import type { NetworkName } from "../testing/run_options.ts";
import { appendsOfTwoClerks, candidates, type ClusterSize, SINGLE } from "./candidates.ts";
import { crowdScript } from "./crowds.ts";
import {
  crowdedTables,
  cutReplies,
  lateCopies,
  lateForwards,
  lotteries,
  overtakenPuts,
  rejections,
  silences,
  spreads,
  staleReads,
} from "./families.ts";
import type { Script, ScriptedOperation } from "./script.ts";

/** What a search looks for. */
export interface Sought {
  /** Whether the failed test had several servers. */
  isSharded: boolean;
  /** Which network it ran on. */
  network: NetworkName;
  /** True if that network lost no message in this test. */
  isReliable?: boolean;
  /** The hint that its failure came with. */
  hint: string;
}

/** Hints at operations that never return: which of them a failure comes with depends
 * on how long one waits. */
const NEVER_RETURNS: readonly string[] = [
  HINTS.deadlock,
  HINTS.livelock,
  HINTS.noFallback,
  HINTS.noProgress,
  HINTS.serverLoop,
  HINTS.silentServer,
];

/** Whether two failures are of the same kind. */
export function isSameFailure(hint: string, other: string): boolean {
  return hint === other || NEVER_RETURNS.includes(hint) && NEVER_RETURNS.includes(other);
}

/** Where most of what goes wrong between replicas shows. */
const TWO_REPLICAS: ClusterSize = { nservers: 2, nreplicas: 2 };
const SHARDED: readonly ClusterSize[] = [
  { nservers: 2, nreplicas: 1 },
  TWO_REPLICAS,
  { nservers: 3, nreplicas: 2 },
  { nservers: 3, nreplicas: 3 },
];

type Size = readonly [operations: number, faults: number];
const SMALL: readonly Size[] = [[1, 0], [1, 1], [2, 0], [1, 2], [2, 1], [3, 0]];
const TWO_OPERATIONS: readonly Size[] = [[2, 0], [2, 1]];
const LARGER: readonly Size[] = [[2, 2], [4, 0], [4, 1]];

function* ofSizes(
  sizes: readonly Size[],
  clusters: readonly ClusterSize[],
  network: NetworkName,
): Iterable<Script> {
  for (const [operations, faults] of sizes) {
    for (const cluster of clusters) yield* candidates(cluster, network, { operations, faults });
  }
}

/** All scripts that are worth trying: those with one server first, and of each number of
 * servers the smallest first. */
export function* scriptsFor(sought: Sought): Generator<Script> {
  for (const script of scriptsOfAnyNetwork(sought)) if (isPossible(script, sought)) yield script;
}

/** Returns true if the network that is sought may do what a script says. */
function isPossible({ scenes, forwardFaults = [] }: Script, { isReliable }: Sought): boolean {
  if (isReliable !== true) return true;
  const operations = scenes.flatMap(({ clerks }) => clerks.flat());
  return forwardFaults.length === 0 && operations.every(({ faults = [] }) => !faults.some(Boolean));
}

function* scriptsOfAnyNetwork({ isSharded, isReliable, network, hint }: Sought): Generator<Script> {
  if (hint === HINTS.uneven) return yield* spreads();
  yield* ofSizes(SMALL, [SINGLE], network);
  yield* silences();
  yield* lateCopies(network);
  yield* overtakenPuts();
  yield* crowdedTables();
  yield* lotteries();
  if (isSharded) {
    for (const cluster of SHARDED) yield* rejections(cluster);
    if (isReliable === true) { for (const cluster of SHARDED) yield* cutReplies(cluster); }
    yield* ofSizes(SMALL.slice(0, 2), SHARDED, network);
    for (const cluster of SHARDED.slice(1)) yield* staleReads(cluster);
    yield* appendsOfTwoClerks(TWO_REPLICAS);
    yield* lateForwards(TWO_REPLICAS);
    yield* ofSizes(TWO_OPERATIONS, [TWO_REPLICAS], network);
  }
  yield* ofSizes([[3, 1]], [SINGLE], network);
  if (isSharded) yield* ofSizes([...SMALL.slice(2), [3, 1]], SHARDED, network);
  yield* ofSizes(LARGER, [SINGLE], network);
}

/** The seeds of the larger scripts that are tried. */
const CROWDS = 300;

/** Larger scripts that are worth trying; what fails wants to be shrunk. */
export function* crowdsFor({ isSharded, isReliable }: Sought): Generator<Script> {
  const clusters = isSharded ? [SINGLE, ...SHARDED] : [SINGLE];
  for (let seed = 0; seed < CROWDS; seed++) {
    for (const cluster of clusters) {
      const script = crowdScript(cluster, seed);
      yield isReliable === true ? withoutFaults(script) : script;
    }
  }
}

/** Returns a script in which the network does nothing to a message. */
function withoutFaults({ forwardFaults: _faults, scenes, ...script }: Script): Script {
  const bare = ({ faults: _faults, ...operation }: ScriptedOperation) => operation;
  return {
    ...script,
    scenes: scenes.map((scene) => {
      return { ...scene, clerks: scene.clerks.map((operations) => operations.map(bare)) };
    }),
  };
}
