/**
 * The seven tests, in the order of the assignment. They are its specification: read
 * them from top to bottom.
 *
 * ```sh
 * deno test test_test.ts                              # all of them
 * deno test test_test.ts --filter "TestUnreliable:"   # one of them
 * deno test test_test.ts -- --seed=7                  # another seed
 * deno test test_test.ts -- --clock=real              # in real time
 * ```
 *
 * Time is simulated: a "second" below takes no time at all. `testing/workloads.ts`
 * says what clerks do, and `testing/invariants.ts` what must hold.
 *
 * @module
 */

import { type Config, makeShardConfig, makeSingleConfig, type ShardConfig } from "./config.ts";
import type { Random } from "./sim/mod.ts";
import type { TestClerk } from "./testing/cluster.ts";
import { HINTS } from "./testing/hints.ts";
import { progressViolation, spreadViolation, valueViolation } from "./testing/invariants.ts";
import { expectShardToWait, flap, REJECTED_MS } from "./testing/outages.ts";
import {
  type Pending,
  pendingViolation,
  startAppend,
  startGet,
  startPut,
  waitFor,
} from "./testing/pending.ts";
import { replicasOf } from "./testing/requirements.ts";
import { testRunner } from "./testing/test_runner.ts";
import { token } from "./testing/values.ts";
import {
  type Amount,
  expectLinearizable,
  expectValue,
  makeClerks,
  type SharedAmount,
  together,
  useOwnKey,
  useSharedKeys,
  withClerks,
} from "./testing/workloads.ts";

const SECOND_MS = 1000;

/** The number of keys per shard with which TestStaticShards measures the spread of requests. */
const SHARED_WORK_KEYS = 4;

/** The number within its shard of a key that nothing else uses. */
const CROWDED_KEY = 10;

/** After this time on a reliable network, most requests have arrived, and few replies. */
const REPLYING_MS = 0.95;

/** The number of kinds of operations: get, put and append. */
const KINDS = 3;

/** The number of outages in which replies are lost. */
const OUTAGES = 3;

/** The number of times that new clerks continue where the clerks before them ended. */
const ROUNDS = 3;

/** The number of clerks in a crowd: more than a server can remember if it remembers a fixed
 * number of clerks. */
const CROWD = 110;

/** The number of clerks that write to one key at the same time: before one of them retries,
 * they make more writes than a server may remember for one key. */
const WRITERS = 20;

/** The number of clerks where a test needs several. */
const CLERKS = 5;

/** The length of an outage: longer than a server may remember a clerk. */
const OUTAGE_MS = 6 * SECOND_MS;

/** The shortest and the longest time that a flapping server is down, and then up: a few retries
 * of a clerk each. */
const FLAPS = { downMs: [50, 250], upMs: [50, 250] } as const;

/** The same for a server that is down for about one retry, and then up for about as long. */
const QUICK_FLAPS = { downMs: [60, 120], upMs: [60, 120] } as const;

/** The number of times that a key is changed and then read from other replicas. Sometimes the
 * message that tells a replica of the change is lost: 60 changes show that with nearly every seed. */
const CHANGES = 60;

/** The number of reads after which a clerk stops waiting for a new value. */
const READS_MAX = 20;

/** Each test is registered on its own line, to which the runner and editors point. */
const { test, labTest } = testRunner(import.meta.url, makeShardConfig);

test(labTest("TestBasic: one client", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  cfg.begin("one client");
  await useOwnKeys(cfg, 1, { durationMs: SECOND_MS / 2 });
  cfg.end();
}));

test(labTest("TestConcurrent: many clients", async (t) => {
  const amount = { durationMs: SECOND_MS / 10 };
  await using cfg = makeSingleConfig(t, { unreliable: false });
  cfg.begin("many clients");

  await useOwnKeys(cfg, CLERKS, amount);

  // Then all of them use the same new keys.
  const keys = keysFrom(CLERKS, 2 * CLERKS);
  await withClerks(cfg, CLERKS, (clerk) => {
    return useSharedKeys(cfg, clerk, keys, { ...amount, putKeys: keys });
  });
  await expectLinearizable(cfg, keys);

  cfg.end();
}));

test(labTest("TestUnreliable: unreliable net, one client", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: true });
  cfg.begin("unreliable net, one client");
  await useOwnKeys(cfg, 1, { durationMs: 5 * SECOND_MS, operationsMin: 50 });
  cfg.end();
}));

test(labTest("TestUnreliableOneKey: unreliable net, many clients, one key", async (t) => {
  const key = "0";
  const appends = 10;
  await using cfg = makeSingleConfig(t, { unreliable: true });
  cfg.begin("unreliable net, many clients, one key");

  await withClerks(cfg, CLERKS, async (clerk) => {
    for (let n = 0; n < appends; n++) {
      await clerk.append(key, token(clerk.id, n));
      await clerk.get(key);
    }
  });
  await expectLinearizable(cfg, [key]);

  cfg.end();
}));

test(labTest("TestStaticShards: static 3-way sharding", async (t) => {
  const cluster = { nservers: 3, nreplicas: 2 };
  const { nservers } = cluster;
  await using cfg = makeShardConfig(t, { ...cluster, unreliable: false });
  cfg.begin("static 3-way sharding");

  const clerk = cfg.makeClient();
  const random = cfg.random("order of keys");
  const keys = random.shuffled(keysOfShards(nservers, 0, SHARED_WORK_KEYS));
  const values = await expectWorkToBeShared(cfg, clerk, keys);

  for (let down = 0; down < nservers; down++) {
    cfg.stopServer(down);
    await expectReplicasToServe(cfg, values, random);
    cfg.startServer(down);
    await expectValues(cfg, clerk, values, HINTS.replica);
  }

  const writers = makeClerks(cfg, values.size);
  for (let shard = 0; shard < nservers; shard++) {
    await expectShardToWait(cfg, cluster, shard, values, writers);
    await expectValues(cfg, clerk, values);
  }

  cfg.end();
}));

test(labTest("TestRejection: rejection by one shard", async (t) => {
  const cluster = { nservers: 3, nreplicas: 2 };
  const { nservers } = cluster;
  await using cfg = makeShardConfig(t, { ...cluster, unreliable: false });
  cfg.begin("rejection by one shard");

  const shard = 0;
  const replicas = replicasOf(shard, cluster);
  const nkeys = 2 * KINDS;
  const shardKeys = keysFrom(0, (nkeys + CLERKS) * nservers)
    .filter((key) => Number(key) % nservers === shard);
  const [keys, busyKeys] = [shardKeys.slice(0, nkeys), shardKeys.slice(nkeys)];
  await expectRejection(cfg, replicas, keys);
  await expectOnceDespiteOutages(cfg, replicas, busyKeys, keys);
  await expectLinearizable(cfg, keys);

  cfg.end();
}));

test(labTest("TestUnreliableShards: unreliable net, sharded, many clients", async (t) => {
  const cluster = { nservers: 5, nreplicas: 3 };
  const { nservers } = cluster;
  await using cfg = makeShardConfig(t, { ...cluster, unreliable: true });
  cfg.begin("unreliable net, sharded, many clients");

  const putKeys = keysOfShards(nservers, 2, 1);
  const keys = [...keysOfShards(nservers, 1, 1), ...putKeys];
  const unusedKeys = keysOfShards(nservers, 3, 3);
  const clerks = makeClerks(cfg, CLERKS);
  const random = cfg.random("flapping");
  let round = 0;
  for (let shard = 0; shard < nservers; shard++) {
    const amount = { durationMs: 2 * SECOND_MS, operationsMin: 3, putKeys, round: round++ };
    await expectLastReplicaToServe(cfg, cluster, shard, clerks, keys, amount, random);
  }
  await shareOneKey(cfg, clerks, putKeys.at(-1)!, round++);

  const shard = random.integerBelow(nservers);
  const crowdedKey = keysOfShards(nservers, CROWDED_KEY, 1)[shard]!;
  const writers = makeClerks(cfg, WRITERS);
  await appendToOneKey(writers, crowdedKey);
  await shareOneKeyDuringFlapping(cfg, clerks, shard, putKeys[shard]!, round++, random);
  await readAfterEachChange(cfg, clerks, shard, putKeys[shard]!, round);
  await expectLinearizable(cfg, [...keys, crowdedKey]);

  const values = new Map(unusedKeys.map((key) => [key, ""]));
  await expectShardToWait(cfg, cluster, shard, values, writers);

  cfg.end();
}));

/** Returns some keys of each shard.
 *
 * @param first The number of the first key within its shard, from 0.
 * @param count The number of keys per shard. */
function keysOfShards(nservers: number, first: number, count: number): string[] {
  return keysFrom(first * nservers, (first + count) * nservers);
}

/** Returns the keys from `start` up to, and without, `end`. Successive keys belong to successive
 * shards. */
function keysFrom(start: number, end: number): string[] {
  return Array.from({ length: end - start }, (_, i) => String(start + i));
}

/** Lets each clerk use its own key, and checks every result. New clerks continue in each round. */
async function useOwnKeys(cfg: Config, nclerks: number, amount: Amount): Promise<void> {
  const values: string[] = Array(nclerks).fill("");
  for (let round = 0; round < ROUNDS; round++) {
    await withClerks(cfg, nclerks, async (clerk, i) => {
      values[i] = await useOwnKey(cfg, clerk, String(i), amount, values[i]);
    });
  }
}

/** Checks that every key holds its value.
 *
 * @param missingHint Replaces the hint for a missing write. */
async function expectValues(
  cfg: Config,
  reader: TestClerk,
  values: ReadonlyMap<string, string>,
  missingHint?: string,
): Promise<void> {
  for (const [key, value] of values) await expectValue(cfg, reader, key, value, missingHint);
}

/** Checks that every key can be written and read back, and that the servers share the work.
 *
 * @returns The value of each key. */
async function expectWorkToBeShared(
  cfg: Config,
  clerk: TestClerk,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const values = new Map(keys.map((key, n) => [key, token(clerk.id, n)]));
  for (const [key, value] of values) await clerk.put(key, value);
  await expectValues(cfg, clerk, values);
  cfg.check(spreadViolation(cfg.requestCounts()));
  return values;
}

/** Checks that the next replica serves the keys of a server that is down: a new clerk appends to
 * all keys, and another one reads them.
 *
 * @param values The value of each key; updated here. */
async function expectReplicasToServe(
  cfg: Config,
  values: Map<string, string>,
  random: Random,
): Promise<void> {
  const writer = cfg.makeClient();
  for (const [n, [key, value]] of random.shuffled([...values]).entries()) {
    const append = startAppend(writer, key, token(writer.id, n));
    await waitFor(cfg, append, 5 * SECOND_MS);
    cfg.check(pendingViolation([], [append]));
    cfg.check(valueViolation(append.request, value, await append.result, HINTS.replica));
    values.set(key, value + token(writer.id, n));
  }
  await expectValues(cfg, cfg.makeClient(), values, HINTS.replica);
}

/** A key and the value that it holds. */
interface Entry {
  key: string;
  value: string;
}

/** An operation that was started on a key, the result that it must return, and the value that
 * the key must have afterwards. */
interface Expected {
  key: string;
  pending: Pending;
  returns: string;
  leaves: string;
}

/** Starts a get, a put and an append, each by another clerk on another key.
 *
 * @param n The number of the tokens that they write. */
function startEachKind(
  clerks: readonly TestClerk[],
  entries: readonly Entry[],
  n: number,
): Expected[] {
  const [reader, putter, appender] = clerks as [TestClerk, TestClerk, TestClerk];
  const [read, replaced, extended] = entries as [Entry, Entry, Entry];
  const [put, added] = [token(putter.id, n), token(appender.id, n)];
  return [
    {
      key: read.key,
      pending: startGet(reader, read.key),
      returns: read.value,
      leaves: read.value,
    },
    {
      key: replaced.key,
      pending: startPut(putter, replaced.key, put),
      returns: "",
      leaves: put,
    },
    {
      key: extended.key,
      pending: startAppend(appender, extended.key, added),
      returns: extended.value,
      leaves: extended.value + added,
    },
  ];
}

/** Checks that no operation on a shard completes while all its replicas are down, whether the
 * clerk is old or new, and that each is executed exactly once when they are back.
 *
 * @param keys Keys of the shard: one for each kind of operation of the old clerks, then one for
 * each kind of the new clerks. */
async function expectRejection(
  cfg: Config,
  replicas: readonly number[],
  keys: readonly string[],
): Promise<void> {
  const oldClerks = makeClerks(cfg, KINDS);
  const reader = oldClerks[0]!;
  const entries = keys.map((key, i) => ({ key, value: token(reader.id, i) }));
  for (const { key, value } of entries) await reader.put(key, value);

  for (const server of replicas) cfg.stopServer(server);
  const newClerks = makeClerks(cfg, KINDS);
  const started = [
    ...startEachKind(oldClerks, entries.slice(0, KINDS), keys.length),
    ...startEachKind(newClerks, entries.slice(KINDS), keys.length),
  ];
  await cfg.sleep(REJECTED_MS);
  cfg.check(pendingViolation(started.map(({ pending }) => pending), []));

  for (const server of replicas) cfg.startServer(server);
  for (const { pending, returns } of started) {
    cfg.check(valueViolation(pending.request, returns, await pending.result));
  }
  for (const { key, leaves } of started) await expectValue(cfg, reader, key, leaves);
}

/** Checks that appends are executed exactly once although servers go down while they reply, no
 * matter how long the outage is and how many other clerks write before the retries arrive.
 *
 * @param busyKeys The keys of the appends, one for each clerk.
 * @param crowdKeys The keys that the other clerks write, one after each outage. */
async function expectOnceDespiteOutages(
  cfg: Config,
  replicas: readonly number[],
  busyKeys: readonly string[],
  crowdKeys: readonly string[],
): Promise<void> {
  const busyClerks = makeClerks(cfg, busyKeys.length);
  const crowd = makeClerks(cfg, CROWD);
  const values = busyKeys.map(() => "");
  for (const [outage, crowdKey] of crowdKeys.slice(0, OUTAGES).entries()) {
    const added = busyClerks.map(({ id }) => token(id, outage));
    const appends = busyClerks.map((clerk, i) => startAppend(clerk, busyKeys[i]!, added[i]!));
    await cfg.sleep(REPLYING_MS);
    for (const server of replicas) cfg.stopServer(server);
    await cfg.sleep(OUTAGE_MS);
    for (const server of replicas) cfg.startServer(server);
    await together(crowd, (clerk) => clerk.append(crowdKey, token(clerk.id, outage)));
    for (const [i, { request, result }] of appends.entries()) {
      cfg.check(valueViolation(request, values[i]!, await result));
      values[i] += added[i]!;
      await expectValue(cfg, busyClerks[i]!, busyKeys[i]!, values[i]!);
    }
  }
}

/** Checks that the last replica of a shard serves its keys while the others are down, and while
 * more servers go down for moments. */
async function expectLastReplicaToServe(
  cfg: Config,
  cluster: ShardConfig,
  shard: number,
  clerks: readonly TestClerk[],
  keys: readonly string[],
  amount: SharedAmount & { operationsMin: number },
  random: Random,
): Promise<void> {
  const { nservers } = cluster;
  const down = replicasOf(shard, cluster).slice(0, -1);
  for (const server of down) cfg.stopServer(server);
  const completed: number[] = Array(clerks.length).fill(0);
  const work = together(clerks, async (clerk, i) => {
    await useSharedKeys(cfg, clerk, keys, { ...amount, onReturn: () => completed[i]!++ });
  });
  const faults = (async () => {
    await flap(cfg, work, () => ({
      server: (shard + down.length + random.integerBelow(nservers - down.length)) % nservers,
      downMs: random.between(...FLAPS.downMs),
      upMs: random.between(...FLAPS.upMs),
    }));
    cfg.check(progressViolation(down, completed, amount.operationsMin));
    for (const server of down) cfg.startServer(server);
  })();
  await Promise.all([work, faults]);
}

/** Lets all clerks write to the same key while all servers are up: nothing may be executed again
 * after another clerk has written, not even a put. */
async function shareOneKey(
  cfg: Config,
  clerks: readonly TestClerk[],
  key: string,
  round: number,
): Promise<void> {
  await together(clerks, async (clerk) => {
    const amount = { durationMs: 4 * SECOND_MS, putKeys: [key], round };
    await useSharedKeys(cfg, clerk, [key], amount);
  });
}

/** Lets all clerks write to the same key while the first server of its shard flaps: a request
 * that a replica forwards late may not be executed after newer ones of the same clerk. */
async function shareOneKeyDuringFlapping(
  cfg: Config,
  clerks: readonly TestClerk[],
  shard: number,
  key: string,
  round: number,
  random: Random,
): Promise<void> {
  const work = together(clerks, async (clerk) => {
    const amount = { durationMs: 3 * SECOND_MS, putKeys: [key], round, writeProbability: 1 };
    await useSharedKeys(cfg, clerk, [key], amount);
  });
  const faults = flap(cfg, work, () => ({
    server: shard,
    downMs: random.between(...QUICK_FLAPS.downMs),
    upMs: random.between(...QUICK_FLAPS.upMs),
  }));
  await Promise.all([work, faults]);
}

/** Lets many clerks append to one key: while one waits for a lost reply, the server executes many
 * requests of others. */
async function appendToOneKey(clerks: readonly TestClerk[], key: string): Promise<void> {
  const appends = 8;
  await together(clerks, async (clerk) => {
    for (let n = 0; n < appends; n++) await clerk.append(key, token(clerk.id, n));
  });
}

/** Lets one clerk change a key that others read. As soon as one of them has read the new value,
 * the first server of the shard goes down, and all of them read again: a replica that lacks the
 * value must not serve the old one. */
async function readAfterEachChange(
  cfg: Config,
  clerks: readonly TestClerk[],
  shard: number,
  key: string,
  firstRound: number,
): Promise<void> {
  const [writers, readers] = [clerks.slice(0, 1), clerks.slice(1)];
  const oneWrite = { durationMs: 0, operationsMin: 1, putKeys: [key], writeProbability: 1 };
  let value = "";
  for (let change = 0; change < CHANGES; change++) {
    const round = firstRound + change;
    const write = together(writers, (clerk) => {
      return useSharedKeys(cfg, clerk, [key], { ...oneWrite, round });
    });
    for (let reads = 0, before = value; value === before && reads < READS_MAX; reads++) {
      value = await readers[0]!.get(key);
    }
    cfg.stopServer(shard);
    await together(readers, (clerk) => clerk.get(key));
    cfg.startServer(shard);
    await write;
  }
}
