/**
 * The workloads of clerks in a test. A workload drives the cluster and checks the results that it
 * can predict; the invariants check the whole history.
 *
 * @module
 */

import type { Cluster, TestClerk } from "./cluster.ts";
import { linearizabilityViolation, valueViolation } from "./invariants.ts";
import { refrain, token } from "./values.ts";

/** The usual share of writes among the operations of a workload. */
const WRITE_PROBABILITY = 0.5;
/** The share of puts among the writes, if the workload has puts. */
const PUT_PROBABILITY = 0.2;
/** The share of appends with a value that the clerk has written before, if every result can still
 * be predicted. */
const REFRAIN_PROBABILITY = 0.3;

/** Makes some clerks, runs them at the same time, and removes each when it is done. */
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

/** Makes some clerks. In grading, each costs a realm, so tests reuse them. */
export function makeClerks(cluster: Cluster, clerks: number): TestClerk[] {
  return Array.from({ length: clerks }, () => cluster.makeClient());
}

/** Runs several clerks at the same time until all are done. */
export function together<T>(
  clerks: readonly TestClerk[],
  run: (clerk: TestClerk, index: number) => Promise<T>,
): Promise<T[]> {
  const all = Promise.all(clerks.map(run));
  // A failure also ends the scenario, which then may not await this.
  all.catch(() => {});
  return all;
}

/** The number of writes per clerk and round with unique tokens. */
const ROUND_WRITES_MAX = 1000;

/** The amount of work that a workload does. */
export interface Amount {
  /** The number of the round, from 0, if clerks work in several rounds: each draws and writes other
   * values. */
  round?: number;
  /** The time in which clerks call operations. */
  durationMs: number;
  /** The minimum number of operations, however long they take. */
  operationsMin?: number;
}

/** Returns the random numbers and the tokens of a clerk, which differ in each round. */
function roundOf(cluster: Cluster, { id }: TestClerk, keys: string, round: number) {
  const label = `${keys} of clerk ${id}`;
  return {
    random: cluster.random(round === 0 ? label : `${label} in round ${round}`),
    tokenOf: (n: number) => token(id, round * ROUND_WRITES_MAX + n),
  };
}

/** Lets one clerk put, append and get at random on its own key, and checks every result.
 *
 * @param value The value of the key before.
 * @returns The value of the key afterwards.
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
    // The first write appends to a missing key, and is read immediately.
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

/** The amount and the kinds of work on shared keys. */
export interface SharedAmount extends Amount {
  /** The keys on which some writes are puts; on other keys, all writes are appends. */
  putKeys?: readonly string[];
  /** The share of writes. */
  writeProbability?: number;
  /** Called when an operation returns. */
  onReturn?(): void;
}

/** Lets one clerk read and write keys that others use at the same time. */
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

/** Reads a key and checks its value.
 *
 * @param missingHint Replaces the hint for a missing write.
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

/** Reads some keys with a new clerk, and checks that the whole history is linearizable. */
export async function expectLinearizable(
  cluster: Cluster,
  keys: readonly string[],
): Promise<void> {
  await withClerks(cluster, 1, async (clerk) => {
    for (const key of keys) await clerk.get(key);
  });
  cluster.check(linearizabilityViolation(cluster.history, cluster.messages));
}
