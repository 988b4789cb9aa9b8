/**
 * The workloads of clerks in a test. A workload drives the cluster and compares what it
 * can predict; what holds only for the whole history is left to the invariants.
 *
 * @module
 */

import type { Cluster, TestClerk } from "./cluster.ts";
import { linearizabilityViolation, valueViolation } from "./invariants.ts";
import { refrain, token } from "./values.ts";

/** The usual share of writes among the operations of a workload. */
const WRITE_PROBABILITY = 0.5;
/** The share of puts among the writes, where the workload puts at all. */
const PUT_PROBABILITY = 0.2;
/** The share of appends with a value that the clerk wrote before, where every result
 * can be predicted nevertheless. */
const REFRAIN_PROBABILITY = 0.3;

/** Runs one clerk per number from 0, all at the same time, each until it is
 * done; then takes the clerks away. */
export function withClerks<T>(
  cluster: Cluster,
  clerks: number,
  run: (clerk: TestClerk, index: number) => Promise<T>,
): Promise<T[]> {
  return together(makeClerks(cluster, clerks), async (clerk, index) => {
    const result = await run(clerk, index);
    cluster.deleteClient(clerk);
    return result;
  });
}

/** Makes some clerks. In grading each costs a realm, so tests use them again where they can. */
export function makeClerks(cluster: Cluster, clerks: number): TestClerk[] {
  return Array.from({ length: clerks }, () => cluster.makeClient());
}

/** Runs several clerks at the same time, each until it is done. */
export function together<T>(
  clerks: readonly TestClerk[],
  run: (clerk: TestClerk, index: number) => Promise<T>,
): Promise<T[]> {
  const all = Promise.all(clerks.map(run));
  // A failure also ends the scenario, which then does not come back for its clerks.
  all.catch(() => {});
  return all;
}

/** The number of writes of a clerk that have tokens of their own in one round. */
const ROUND_WRITES_MAX = 1000;

/** The amount of work that a workload does. */
export interface Amount {
  /** The number of the round, from 0, if clerks are used in several: each round draws and
   * writes other values. */
  round?: number;
  /** The time for which new operations are called. */
  durationMs: number;
  /** The number of operations made at least, however long that takes. */
  operationsMin?: number;
}

/** Returns the stream and the tokens of a clerk in one round, which no other round has. */
function roundOf(cluster: Cluster, { id }: TestClerk, keys: string, round: number) {
  const label = `${keys} of clerk ${id}`;
  return {
    random: cluster.random(round === 0 ? label : `${label} in round ${round}`),
    tokenOf: (n: number) => token(id, round * ROUND_WRITES_MAX + n),
  };
}

/** One clerk puts, appends and gets at random on a key of its own, where every
 * result can be predicted, and reads the key once more at the end.
 *
 * @param value The value of the key before.
 * @returns What the key holds after.
 */
export async function useOwnKey(
  cluster: Cluster,
  clerk: TestClerk,
  key: string,
  { durationMs, operationsMin = 1, round = 0 }: Amount,
  value = "",
): Promise<string> {
  const { random, tokenOf } = roundOf(cluster, clerk, "own key", round);
  const endMs = cluster.now() + durationMs;
  await expectValue(cluster, clerk, key, value);
  for (let n = 0; n < operationsMin || cluster.now() < endMs; n++) {
    // The first write is an append, to meet a key that does not exist, and is read at once.
    if (n === 1 || n > 0 && !random.chance(WRITE_PROBABILITY)) {
      await expectValue(cluster, clerk, key, value);
    } else if (n > 0 && random.chance(PUT_PROBABILITY)) {
      value = tokenOf(n);
      await clerk.put(key, value);
    } else {
      const again = n > 0 && random.chance(REFRAIN_PROBABILITY);
      const added = again ? refrain(clerk.id) : tokenOf(n);
      const old = await clerk.append(key, added);
      cluster.check(valueViolation({ op: "append", key, value: added }, value, old));
      value += added;
    }
  }
  await expectValue(cluster, clerk, key, value);
  return value;
}

/** The amount of work that a workload on shared keys does, and its kinds of operations. */
export interface SharedAmount extends Amount {
  /** The keys on which some of the writes are puts; elsewhere all are appends. */
  putKeys?: readonly string[];
  /** The share of writes. */
  writeProbability?: number;
  /** Called as each operation returns. */
  onReturn?(): void;
}

/** One clerk gets and writes keys that others use as well. */
export async function useSharedKeys(
  cluster: Cluster,
  clerk: TestClerk,
  keys: readonly string[],
  amount: SharedAmount,
): Promise<void> {
  const { durationMs, operationsMin = 1, putKeys = [], round = 0 } = amount;
  const { writeProbability = WRITE_PROBABILITY, onReturn = () => {} } = amount;
  const { random, tokenOf } = roundOf(cluster, clerk, "shared keys", round);
  const endMs = cluster.now() + durationMs;
  for (let n = 0; n < operationsMin || cluster.now() < endMs; n++) {
    const key = keys[random.integerBelow(keys.length)]!;
    if (!random.chance(writeProbability)) await clerk.get(key);
    else if (putKeys.includes(key) && random.chance(PUT_PROBABILITY)) {
      await clerk.put(key, tokenOf(n));
    } else await clerk.append(key, tokenOf(n));
    onReturn();
  }
}

/** One clerk reads a key and must find exactly this value.
 *
 * @param missingHint The hint where a write is missing, if the test knows a better one.
 */
export async function expectValue(
  cluster: Cluster,
  clerk: TestClerk,
  key: string,
  value: string,
  missingHint?: string,
): Promise<void> {
  cluster.check(valueViolation({ op: "get", key }, value, await clerk.get(key), missingHint));
}

/** A new clerk reads some keys once more; then everything that all clerks did so far must
 * be linearizable. */
export async function expectLinearizable(
  cluster: Cluster,
  keys: readonly string[],
): Promise<void> {
  await withClerks(cluster, 1, async (clerk) => {
    for (const key of keys) await clerk.get(key);
  });
  cluster.check(linearizabilityViolation(cluster.history, cluster.messages));
}
