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

import { limits, makeShardConfig, makeSingleConfig } from "./config.ts";
import type { TestClerk } from "./testing/cluster.ts";
import {
  linearizabilityViolation,
  progressViolation,
  spreadViolation,
  valueViolation,
} from "./testing/invariants.ts";
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
  expectAllAppends,
  expectValue,
  useOwnKey,
  useSharedKeys,
  withClerks,
} from "./testing/workloads.ts";

const SECOND_MS = 1000;

/** The keys "0" to "limit - 1": each shard gets every nservers-th of them. */
function numericKeys(limit: number): string[] {
  return Array.from({ length: limit }, (_, key) => String(key));
}

Deno.test("TestBasic: one client", limits, async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  cfg.begin("one client");

  let value = "";
  for (let round = 0; round < 3; round++) {
    const amount = { durationMs: SECOND_MS };
    await withClerks(cfg, 1, async (clerk) => {
      value = await useOwnKey(cfg, clerk, "0", amount, value);
    });
  }

  cfg.end();
});

Deno.test("TestConcurrent: many clients", limits, async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  cfg.begin("many clients");

  const nclerks = 5;
  const values = Array(nclerks).fill("");
  for (let round = 0; round < 3; round++) {
    const amount = { durationMs: SECOND_MS };
    await withClerks(cfg, nclerks, async (clerk, i) => {
      values[i] = await useOwnKey(cfg, clerk, String(i), amount, values[i]);
    });
  }

  // And now all of them on the same keys, which nobody used before.
  const keys = numericKeys(2 * nclerks).slice(nclerks);
  await withClerks(cfg, nclerks, (clerk) => {
    return useSharedKeys(cfg, clerk, keys, { durationMs: SECOND_MS, putKeys: keys });
  });
  const reader = cfg.makeClient();
  for (const key of keys) await reader.get(key);
  cfg.check(linearizabilityViolation(cfg.history));

  cfg.end();
});

Deno.test("TestUnreliable: unreliable net, one client", limits, async (t) => {
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

Deno.test("TestUnreliableOneKey: unreliable net, many clients, one key", limits, async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: true });
  cfg.begin("unreliable net, many clients, one key");

  const key = "0";
  await withClerks(cfg, 5, async (clerk) => {
    for (let n = 0; n < 10; n++) {
      await clerk.append(key, token(clerk.id, n));
      await clerk.get(key);
    }
  });
  await expectAllAppends(cfg, [key]);
  cfg.check(linearizabilityViolation(cfg.history));

  cfg.end();
});

Deno.test("TestStaticShards: static 3-way sharding", limits, async (t) => {
  const nservers = 3;
  await using cfg = makeShardConfig(t, { nservers, nreplicas: 2, unreliable: false });
  cfg.begin("static 3-way sharding");

  // Every key can be written and read back, and the servers share the work.
  const clerk = cfg.makeClient();
  const values = new Map(numericKeys(4 * nservers).map((key, n) => [key, token(clerk.id, n)]));
  const expectAllValues = async (reader: TestClerk) => {
    for (const [key, value] of values) await expectValue(cfg, reader, key, value);
  };
  for (const [key, value] of values) await clerk.put(key, value);
  await expectAllValues(clerk);
  cfg.check(spreadViolation(cfg.requestCounts()));

  // Without any one server, the next replica serves its keys.
  for (let down = 0; down < nservers; down++) {
    cfg.stopServer(down);
    const writer = cfg.makeClient();
    for (const [n, [key, value]] of [...values].entries()) {
      const append = startAppend(writer, key, token(writer.id, n));
      await waitFor(cfg, append, 5 * SECOND_MS);
      cfg.check(pendingViolation([], [append]));
      cfg.check(valueViolation(append.request, value, await append.result));
      values.set(key, value + token(writer.id, n));
    }
    await expectAllValues(cfg.makeClient());
    cfg.startServer(down);
    await expectAllValues(clerk);
  }

  // Without both replicas of a shard, exactly its keys have to wait.
  for (let shard = 0; shard < nservers; shard++) {
    const replicas = [shard, (shard + 1) % nservers];
    for (const server of replicas) cfg.stopServer(server);
    const appends = [...values].map(([key, value]) => {
      const writer = cfg.makeClient();
      values.set(key, value + token(writer.id, 0));
      return { before: value, append: startAppend(writer, key, token(writer.id, 0)) };
    });
    await cfg.sleep(2 * SECOND_MS);
    const isOnShard = ({ request: { key } }: Pending) => Number(key) % nservers === shard;
    const pending = appends.map(({ append }) => append);
    cfg.check(pendingViolation(
      pending.filter((append) => isOnShard(append)),
      pending.filter((append) => !isOnShard(append)),
    ));

    // Back again, they complete with the right values.
    for (const server of replicas) cfg.startServer(server);
    for (const { before, append } of appends) {
      cfg.check(valueViolation(append.request, before, await append.result));
    }
    await expectAllValues(clerk);
  }

  cfg.end();
});

Deno.test("TestRejection: rejection by one shard", limits, async (t) => {
  const nservers = 3;
  await using cfg = makeShardConfig(t, { nservers, nreplicas: 2, unreliable: false });
  cfg.begin("rejection by one shard");

  const keys = numericKeys(6 * nservers).filter((key) => Number(key) % nservers === 0);
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

  cfg.end();
});

Deno.test("TestUnreliableShards: unreliable net, sharded, many clients", limits, async (t) => {
  const nservers = 5;
  await using cfg = makeShardConfig(t, { nservers, nreplicas: 3, unreliable: true });
  cfg.begin("unreliable net, sharded, many clients");

  const appendKeys = numericKeys(2 * nservers);
  const putKeys = numericKeys(3 * nservers).slice(2 * nservers);
  const keys = [...appendKeys, ...putKeys];
  const operationsMin = 3;
  const limitMs = 60 * SECOND_MS;
  const random = cfg.random("flapping");
  for (let down = 0; down < nservers; down++) {
    cfg.stopServer(down);

    const completed = Array(5).fill(0);
    let clerksDone = false;
    const clerks = withClerks(cfg, completed.length, async (clerk, i) => {
      const onReturn = () => completed[i]++;
      await useSharedKeys(cfg, clerk, keys, {
        durationMs: 3 * SECOND_MS,
        operationsMin,
        putKeys,
        onReturn,
      });
    }).then(() => clerksDone = true);

    // Now and then another server goes down as well, for a moment.
    const faults = (async () => {
      const endMs = cfg.now() + limitMs;
      while (!clerksDone && cfg.now() < endMs) {
        const other = (down + 1 + random.integerBelow(nservers - 1)) % nservers;
        cfg.stopServer(other);
        await cfg.sleep(random.between(50, 250));
        cfg.startServer(other);
        await cfg.sleep(random.between(50, 250));
      }
      cfg.check(progressViolation(down, completed, operationsMin));
      cfg.startServer(down);
    })();
    await Promise.all([clerks, faults]);
  }
  await expectAllAppends(cfg, appendKeys);
  const reader = cfg.makeClient();
  for (const key of putKeys) await reader.get(key);
  cfg.check(linearizabilityViolation(cfg.history));

  cfg.end();
});
