/**
 * The seven tests, in the order of the assignment. Read from top to bottom, they
 * are its specification.
 *
 * ```sh
 * deno test test_test.ts                              # all of them
 * deno test test_test.ts --filter "TestUnreliable:"   # one of them
 * deno test test_test.ts -- --seed=7                  # other luck
 * deno test test_test.ts -- --clock=real              # in real time
 * ```
 *
 * Time is simulated: a "second" below takes no time at all. What clerks do is in
 * `testing/workloads.ts`, what must hold is in `testing/invariants.ts`.
 *
 * @module
 */

import { type Config, makeShardConfig, makeSingleConfig, type ShardConfig } from "./config.ts";
import type { TestClerk } from "./testing/cluster.ts";
import { HINTS } from "./testing/hints.ts";
import { labTest, runnerTests } from "./testing/lab_tests.ts";
import { progressViolation, spreadViolation, valueViolation } from "./testing/invariants.ts";
import {
  type Pending,
  pendingViolation,
  startAppend,
  startGet,
  startPut,
  waitFor,
} from "./testing/pending.ts";
import { token } from "./testing/values.ts";
import {
  expectLinearizable,
  expectValue,
  makeClerks,
  together,
  useOwnKey,
  useSharedKeys,
  withClerks,
} from "./testing/workloads.ts";

const SECOND_MS = 1000;
/** How long servers that are left may take to get something done, also for a slow clerk. */
const PROGRESS_MS_MAX = 60 * SECOND_MS;
/** After this time most requests of a reliable network have arrived, and few replies. */
const REPLYING_MS = 0.95;
/** How many clerks are a crowd: more than a server remembers that remembers a fixed number. */
const CROWD = 110;
/** How many clerks write to one key at the same time: in the time of one retry they write more
 * than a server may remember of one key. */
const WRITERS = 20;

/** The keys "0" to "limit - 1": each shard gets every nservers-th of them. */
function numericKeys(limit: number): string[] {
  return Array.from({ length: limit }, (_, key) => String(key));
}

labTest("TestBasic: one client", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  cfg.begin("one client");

  let value = "";
  for (let round = 0; round < 3; round++) {
    const amount = { durationMs: SECOND_MS / 2 };
    await withClerks(cfg, 1, async (clerk) => {
      value = await useOwnKey(cfg, clerk, "0", amount, value);
    });
  }

  cfg.end();
});

labTest("TestConcurrent: many clients", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  cfg.begin("many clients");

  const nclerks = 5;
  const amount = { durationMs: SECOND_MS / 10 };
  const values = Array(nclerks).fill("");
  for (let round = 0; round < 3; round++) {
    await withClerks(cfg, nclerks, async (clerk, i) => {
      values[i] = await useOwnKey(cfg, clerk, String(i), amount, values[i]);
    });
  }

  // And now all of them on the same keys, which nobody used before.
  const keys = numericKeys(2 * nclerks).slice(nclerks);
  await withClerks(cfg, nclerks, (clerk) => {
    return useSharedKeys(cfg, clerk, keys, { ...amount, putKeys: keys });
  });
  await expectLinearizable(cfg, keys);

  cfg.end();
});

labTest("TestUnreliable: unreliable net, one client", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: true });
  cfg.begin("unreliable net, one client");

  let value = "";
  for (let round = 0; round < 3; round++) {
    const amount = { durationMs: 5 * SECOND_MS, operationsMin: 50 };
    await withClerks(cfg, 1, async (clerk) => {
      value = await useOwnKey(cfg, clerk, "0", amount, value);
    });
  }

  cfg.end();
});

labTest("TestUnreliableOneKey: unreliable net, many clients, one key", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: true });
  cfg.begin("unreliable net, many clients, one key");

  const key = "0";
  await withClerks(cfg, 5, async (clerk) => {
    for (let n = 0; n < 10; n++) {
      await clerk.append(key, token(clerk.id, n));
      await clerk.get(key);
    }
  });
  await expectLinearizable(cfg, [key]);

  cfg.end();
});

labTest("TestStaticShards: static 3-way sharding", async (t) => {
  const cluster = { nservers: 3, nreplicas: 2 };
  const { nservers } = cluster;
  await using cfg = makeShardConfig(t, { ...cluster, unreliable: false });
  cfg.begin("static 3-way sharding");

  // Every key can be written and read back, and the servers share the work.
  const clerk = cfg.makeClient();
  const random = cfg.random("order of keys");
  const keys = random.shuffled(numericKeys(4 * nservers));
  const values = new Map(keys.map((key, n) => [key, token(clerk.id, n)]));
  const expectAllValues = async (reader: TestClerk, missingHint?: string) => {
    for (const [key, value] of values) await expectValue(cfg, reader, key, value, missingHint);
  };
  for (const [key, value] of values) await clerk.put(key, value);
  await expectAllValues(clerk);
  cfg.check(spreadViolation(cfg.requestCounts()));

  // Without any one server, the next replica serves its keys.
  for (let down = 0; down < nservers; down++) {
    cfg.stopServer(down);
    const writer = cfg.makeClient();
    for (const [n, [key, value]] of random.shuffled([...values]).entries()) {
      const append = startAppend(writer, key, token(writer.id, n));
      await waitFor(cfg, append, 5 * SECOND_MS);
      cfg.check(pendingViolation([], [append]));
      cfg.check(valueViolation(append.request, value, await append.result, HINTS.replica));
      values.set(key, value + token(writer.id, n));
    }
    await expectAllValues(cfg.makeClient(), HINTS.replica);
    cfg.startServer(down);
    await expectAllValues(clerk, HINTS.replica);
  }

  // Without both replicas of a shard, exactly its keys have to wait.
  const writers = makeClerks(cfg, values.size);
  for (let shard = 0; shard < nservers; shard++) {
    await expectShardToWait(cfg, cluster, shard, values, writers);
    await expectAllValues(clerk);
  }

  cfg.end();
});

labTest("TestRejection: rejection by one shard", async (t) => {
  const nservers = 3;
  await using cfg = makeShardConfig(t, { nservers, nreplicas: 2, unreliable: false });
  cfg.begin("rejection by one shard");

  const allKeys = numericKeys(11 * nservers).filter((key) => Number(key) % nservers === 0);
  const keys = allKeys.slice(0, 6);
  const oldClerks = Array.from({ length: 3 }, () => cfg.makeClient());
  const [reader] = oldClerks;
  const before = (i: number) => token(reader!.id, i);
  for (const [i, key] of keys.entries()) await reader!.put(key, before(i));

  // No operation on shard 0 completes, by old clerks or new ones.
  for (const server of [0, 1]) cfg.stopServer(server);
  const newClerks = Array.from({ length: 3 }, () => cfg.makeClient());
  const started = [...oldClerks, ...newClerks].map((clerk, i) => {
    const key = keys[i]!;
    const added = token(clerk.id, keys.length);
    switch (i % 3) {
      case 0:
        return { key, pending: startGet(clerk, key), returns: before(i), leaves: before(i) };
      case 1:
        return { key, pending: startPut(clerk, key, added), returns: "", leaves: added };
      default: {
        const pending = startAppend(clerk, key, added);
        return { key, pending, returns: before(i), leaves: before(i) + added };
      }
    }
  });
  await cfg.sleep(2 * SECOND_MS);
  cfg.check(pendingViolation(started.map(({ pending }) => pending), []));

  // Back again, all of them complete, exactly once.
  for (const server of [0, 1]) cfg.startServer(server);
  for (const { pending, returns } of started) {
    cfg.check(valueViolation(pending.request, returns, await pending.result));
  }
  for (const { key, leaves } of started) await expectValue(cfg, reader!, key, leaves);

  // Servers go down while clerks write: most of their requests lose only the reply. They are
  // executed exactly once as well, however long their clerks are cut off, and whoever writes
  // before they ask again.
  const busyKeys = allKeys.slice(keys.length);
  const busyClerks = makeClerks(cfg, busyKeys.length);
  const crowd = makeClerks(cfg, CROWD);
  const values = busyKeys.map(() => "");
  for (let outage = 0; outage < 3; outage++) {
    const added = busyClerks.map(({ id }) => token(id, outage));
    const appends = busyClerks.map((clerk, i) => startAppend(clerk, busyKeys[i]!, added[i]!));
    await cfg.sleep(REPLYING_MS);
    for (const server of [0, 1]) cfg.stopServer(server);
    await cfg.sleep(6 * SECOND_MS);
    for (const server of [0, 1]) cfg.startServer(server);
    await together(crowd, (clerk) => clerk.append(keys[outage]!, token(clerk.id, outage)));
    for (const [i, { request, result }] of appends.entries()) {
      cfg.check(valueViolation(request, values[i]!, await result));
      values[i] += added[i]!;
      await expectValue(cfg, busyClerks[i]!, busyKeys[i]!, values[i]!);
    }
  }
  await expectLinearizable(cfg, keys);

  cfg.end();
});

labTest("TestUnreliableShards: unreliable net, sharded, many clients", async (t) => {
  const cluster = { nservers: 5, nreplicas: 3 };
  const { nservers } = cluster;
  await using cfg = makeShardConfig(t, { ...cluster, unreliable: true });
  cfg.begin("unreliable net, sharded, many clients");

  const keys = numericKeys(3 * nservers).slice(nservers);
  const putKeys = keys.slice(nservers);
  const nclerks = 5;
  const mainClerks = makeClerks(cfg, nclerks);

  // With two replicas of a shard down, the third serves its keys; and now and then one
  // more server goes down, for a moment.
  const operationsMin = 3;
  const random = cfg.random("flapping");
  for (let shard = 0; shard < nservers; shard++) {
    const down = [shard, (shard + 1) % nservers];
    for (const server of down) cfg.stopServer(server);
    const completed = Array(nclerks).fill(0);
    const clerks = together(mainClerks, async (clerk, i) => {
      const amount = { durationMs: 2 * SECOND_MS, operationsMin, putKeys, round: shard };
      await useSharedKeys(cfg, clerk, keys, { ...amount, onReturn: () => completed[i]++ });
    });
    const faults = (async () => {
      await flap(cfg, clerks, () => ({
        server: (shard + 2 + random.integerBelow(nservers - 2)) % nservers,
        downMs: random.between(50, 250),
        upMs: random.between(50, 250),
      }));
      cfg.check(progressViolation(down, completed, operationsMin));
      for (const server of down) cfg.startServer(server);
    })();
    await Promise.all([clerks, faults]);
  }

  // With all servers up, every clerk writes to the same key: nothing is executed again
  // after somebody else has written, not even a put.
  await together(mainClerks, async (clerk) => {
    const amount = { durationMs: 4 * SECOND_MS, putKeys, round: nservers };
    await useSharedKeys(cfg, clerk, putKeys.slice(-1), amount);
  });

  // Many clerks write to one key: while one waits for a reply that is lost, the server
  // executes many requests of others.
  const shard = random.integerBelow(nservers);
  const manyClerks = makeClerks(cfg, WRITERS);
  const manyKey = String(shard + 10 * nservers);
  await together(manyClerks, async (clerk) => {
    for (let n = 0; n < 8; n++) await clerk.append(manyKey, token(clerk.id, n));
  });

  // One clerk writes a key that the others read, while the first server of its shard goes
  // down and comes back, again and again.
  const clerks = together(mainClerks, async (clerk, i) => {
    const amount = { durationMs: 40 * SECOND_MS, putKeys, round: nservers + 1 };
    const writeProbability = i === 0 ? 1 : 0;
    await useSharedKeys(cfg, clerk, [String(shard + 2 * nservers)], {
      ...amount,
      writeProbability,
    });
  });
  const faults = flap(cfg, clerks, () => ({
    server: shard,
    downMs: random.between(80, 120),
    upMs: random.between(30, 80),
  }));
  await Promise.all([clerks, faults]);

  await expectLinearizable(cfg, [...keys, manyKey]);

  // With all replicas of a shard down, exactly its keys have to wait.
  const unused = numericKeys(6 * nservers).slice(3 * nservers);
  const values = new Map(unused.map((key) => [key, ""]));
  await expectShardToWait(cfg, cluster, shard, values, manyClerks);

  cfg.end();
});

// The test runner gets the tests here. Other tools take them from their list.
if (Deno.mainModule === import.meta.url) {
  for (const test of runnerTests(makeShardConfig)) Deno.test(test);
}

/** Takes all replicas of a shard down: exactly its keys have to wait. Back again, their
 * appends complete with the right values.
 *
 * @param values What each key holds; brought up to date.
 * @param writers At least as many clerks as there are keys, which wrote less than ten values. */
async function expectShardToWait(
  cfg: Config,
  { nservers, nreplicas }: ShardConfig,
  shard: number,
  values: Map<string, string>,
  writers: readonly TestClerk[],
): Promise<void> {
  const replicas = Array.from({ length: nreplicas }, (_, i) => (shard + i) % nservers);
  for (const server of replicas) cfg.stopServer(server);
  const appends = [...values].map(([key, before], i) => {
    const writer = writers[i]!;
    const added = token(writer.id, 10 + shard);
    values.set(key, before + added);
    return { before, append: startAppend(writer, key, added) };
  });
  await cfg.sleep(2 * SECOND_MS);
  const isOnShard = ({ append }: { append: Pending }) => {
    return Number(append.request.key) % nservers === shard;
  };
  const waiting = appends.filter((each) => isOnShard(each)).map(({ append }) => append);
  const served = appends.filter((each) => !isOnShard(each)).map(({ append }) => append);
  for (const append of served) await waitFor(cfg, append, PROGRESS_MS_MAX);
  cfg.check(pendingViolation(waiting, served));

  for (const server of replicas) cfg.startServer(server);
  for (const { before, append } of appends) {
    cfg.check(valueViolation(append.request, before, await append.result));
  }
}

/** Takes one server after the other down, each for a moment, until something is over.
 *
 * @param next Chooses the server, and how many milliseconds it is down and then up. */
async function flap(
  cfg: Config,
  until: Promise<unknown>,
  next: () => { server: number; downMs: number; upMs: number },
): Promise<void> {
  let over = false;
  until.then(() => over = true, () => over = true);
  const endMs = cfg.now() + PROGRESS_MS_MAX;
  while (!over && cfg.now() < endMs) {
    const { server, downMs, upMs } = next();
    cfg.stopServer(server);
    await cfg.sleep(downMs);
    cfg.startServer(server);
    await cfg.sleep(upMs);
  }
}
