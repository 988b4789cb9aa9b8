import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { stub } from "@std/testing/mock";
import { makeShardConfig, makeSingleConfig, type Run, type TestHandle } from "../config.ts";
import { LabFailure } from "./failure_report.ts";
import { HINTS } from "./hints.ts";

Deno.test("makeShardConfig() refuses an impossible cluster in one line", (t) => {
  for (const [nservers, nreplicas] of [[3, 4], [3, 0], [0, 1], [2.5, 1]] as const) {
    const options = { nservers, nreplicas, unreliable: false };
    const { message } = assertThrows(() => makeShardConfig(t, options), RangeError);
    const given = `nservers ${nservers} and nreplicas ${nreplicas}`;
    assertMatch(message, new RegExp(`^Cannot make a cluster with ${given}; expected .*$`));
  }
});

Deno.test("Config.op() records every operation with its order, times and result", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  const [one, two] = [cfg.makeClient(), cfg.makeClient()];
  await one.put("0", "a");
  assertEquals(await two.append("0", "b"), "a");
  assertEquals(await one.get("0"), "ab");

  const operations = cfg.history.operations;
  assertEquals(
    operations.map(({ client, op, key, value, output }) => [client, op, key, value, output]),
    [
      [0, "put", "0", "a", undefined],
      [1, "append", "0", "b", "a"],
      [0, "get", "0", undefined, "ab"],
    ],
  );
  assertEquals(operations.map((o) => [o.call, o.return]), [[0, 1], [2, 3], [4, 5]]);
  for (const { callMs, returnMs } of operations) assert(returnMs! > callMs!);
});

Deno.test("Config.op() leaves the return open when an operation never returned", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  const clerk = cfg.makeClient();
  cfg.stopServer(0);
  clerk.put("0", "a");
  await cfg.sleep(500);
  assertEquals(cfg.history.operations.map((o) => [o.call, o.return, o.returnMs]), [
    [0, null, null],
  ]);
});

Deno.test("Config.stopServer() cuts off all clerks, startServer() brings them back", async (t) => {
  await using cfg = makeShardConfig(t, { nservers: 2, nreplicas: 1, unreliable: false });
  const before = cfg.makeClient();
  cfg.stopServer(1);
  const after = cfg.makeClient();
  let completed = 0;
  const puts = [before.put("1", "a"), after.put("3", "b")].map((put) =>
    put.then(() => completed++)
  );
  await cfg.makeClient().put("2", "up");
  await cfg.sleep(1000);
  assertEquals(completed, 0);
  cfg.startServer(1);
  await Promise.all(puts);
  assertEquals(completed, 2);
});

Deno.test("Config.stopServer() leaves the links between servers open", async (t) => {
  await using cfg = makeShardConfig(t, { nservers: 3, nreplicas: 2, unreliable: false });
  const clerk = cfg.makeClient();
  await clerk.put("0", "a");
  cfg.stopServer(0);
  assertEquals(await clerk.append("0", "b"), "a");
});

Deno.test("Config.deleteClient() cuts the clerk's links", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  const clerk = cfg.makeClient();
  cfg.deleteClient(clerk);
  clerk.put("0", "a");
  await cfg.sleep(1000);
  assertEquals(await cfg.makeClient().get("0"), "");
});

Deno.test("Config.begin() and end() print title, times, RPCs and operations", async (t) => {
  using log = stub(console, "log", () => {});
  {
    await using cfg = makeSingleConfig(t, { unreliable: false });
    cfg.begin("one client");
    await cfg.makeClient().put("0", "a");
    await cfg.sleep(1500);
    cfg.end();
  }
  const [title, figures] = log.calls.map(({ args }) => String(args[0]));
  assertEquals(title, "Test: one client ...");
  assertMatch(
    figures!,
    /^ {2}\.\.\. Passed -- 1\.50 s virtual, \d+\.\d\d s real, 1 RPCs, 1 ops, seed \d+, digest [0-9a-f]{16}$/,
  );
});

Deno.test("Config.check() fails with the violation and the command that replays it", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  const violation = { what: "Something is wrong", hint: "Think" };
  const failure = assertThrows(() => cfg.check(violation), LabFailure, "Something is wrong");
  assertMatch(failure.replay, /test testing\/config_test\.ts --filter ".*" -- --seed=\d+$/);
  await assertRejects(() => cfg.makeClient().get("0"), LabFailure, "Something is wrong");
});

Deno.test("Config reports who waits for what when nothing can happen any more", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  const clerk = cfg.makeClient();
  const never = cfg.op(clerk.id, { op: "get", key: "0" }, () => new Promise(() => {}));
  const failure = await assertRejects(() => never, LabFailure, "Deadlock at 0.0 virtual ms");
  assertMatch(failure.message, /clerk 0: get\("0"\), since 0\.0 ms/);
  assertEquals(failure.violation.hint, HINTS.deadlock);
});

Deno.test("Config reports a livelock when a clerk gets nowhere for ever", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  const clerk = cfg.makeClient();
  cfg.stopServer(0);
  const failure = await assertRejects(() => clerk.get("0"), LabFailure, "Livelock");
  assertEquals(failure.violation.hint, HINTS.livelock);
});

Deno.test("Config.op() fails when an operation does what no operation may do", async (t) => {
  const fails = async (run: () => unknown, words: string, hint: string) => {
    await using cfg = makeSingleConfig(t, { unreliable: false });
    const { id } = cfg.makeClient();
    const failure = await assertRejects(
      () => cfg.op(id, { op: "get", key: "0" }, run),
      LabFailure,
      words,
    );
    assertEquals(failure.violation.hint, hint);
  };
  await fails(() => "", 'get("0") returned without making an RPC', HINTS.noRpc);
  await fails(
    () => Promise.reject(new TypeError("boom")),
    'get("0") threw TypeError: boom',
    HINTS.threw,
  );
  await fails(
    () => {
      throw new Error("boom");
    },
    'get("0") threw Error: boom',
    HINTS.threw,
  );
});

Deno.test("Config reports a rejection that nobody handled when it comes with the end", async (t) => {
  const failure = await assertRejects(
    async () => {
      await using cfg = makeSingleConfig(t, { unreliable: false });
      await cfg.sleep(10);
      Promise.reject(new Error("too late to be seen"));
    },
    LabFailure,
    "Nobody handled Error: too late to be seen",
  );
  assertEquals(failure.violation.hint, HINTS.unhandled);
});

Deno.test("Config.op() reports what was thrown, also when it is nothing or no Error", async (t) => {
  for (
    const [thrown, shown] of [[undefined, "undefined"], [
      Object.create(null),
      "[Object: null prototype] {}",
    ]]
  ) {
    await using cfg = makeSingleConfig(t, { unreliable: false });
    const { id } = cfg.makeClient();
    const run = () => Promise.reject(thrown);
    await assertRejects(
      () => cfg.op(id, { op: "get", key: "0" }, run),
      LabFailure,
      `get("0") threw ${shown}\n`,
    );
  }
});

/** A handle of a test that is run by something else than the test runner. */
function handle(hooks: TestHandle["hooks"] = {}): TestHandle {
  const run = { seed: 5, clock: "virtual", network: "hostile" } as const;
  return { name: "TestX: x", run, hooks: { print() {}, ...hooks } };
}

Deno.test("Config tells its hooks of itself, of every event and of what is printed", async () => {
  const printed: string[] = [];
  const kinds = new Set<string>();
  let started: Run | undefined;
  {
    await using cfg = makeSingleConfig(
      handle({
        started: (config) => started = config,
        listener: ({ kind }) => kinds.add(kind),
        print: (line) => printed.push(line),
      }),
      { unreliable: false },
    );
    assertEquals(started, cfg);
    cfg.begin("x");
    await cfg.makeClient().put("0", "a");
    cfg.end();
    assertEquals(printed, ["Test: x ..."]);
  }
  assertEquals(printed.length, 2);
  for (const kind of ["called", "sent", "delivered", "replied", "received", "returned"]) {
    assert(kinds.has(kind), kind);
  }
});

Deno.test('Config prints no "Passed" when something fails between its end and its disposal', async () => {
  const printed: string[] = [];
  await assertRejects(
    async () => {
      await using cfg = makeSingleConfig(handle({ print: (line) => printed.push(line) }), {
        unreliable: false,
      });
      cfg.begin("x");
      await cfg.makeClient().put("0", "a");
      Promise.reject(new Error("left behind"));
      cfg.end();
    },
    LabFailure,
    "Nobody handled Error: left behind",
  );
  assertEquals(printed, ["Test: x ..."]);
});

Deno.test("Config lets its hooks decide what the network does", async () => {
  const fates: string[] = [];
  const network: NonNullable<TestHandle["hooks"]>["network"] = {
    fates: ({ end, index, drawn }) => {
      fates.push(`${end}, ${index}`);
      return { ...drawn, requestDropped: index === 0, copy: undefined };
    },
  };
  await using cfg = makeSingleConfig(handle({ network }), { unreliable: false });
  await cfg.makeClient().put("0", "a");
  assertEquals(fates, ["clerk 0 to server 0, 0", "clerk 0 to server 0, 1"]);
});

Deno.test("Config.summary stays what it was when the run ended, or failed", async () => {
  {
    await using cfg = makeSingleConfig(handle(), { unreliable: false });
    const clerk = cfg.makeClient();
    await clerk.put("0", "a");
    const during = cfg.summary;
    cfg.end();
    assertEquals(cfg.summary, during);
    await clerk.get("0");
    assertEquals(cfg.summary, during);
    assertEquals(during.rpcs, 1);
  }
  await using failed = makeSingleConfig(handle(), { unreliable: false });
  assertThrows(() => failed.check({ what: "Wrong", hint: "Think" }), LabFailure);
  const { summary } = failed;
  failed.stopServer(0);
  assertEquals(failed.summary, summary);
});

Deno.test("Config lets servers flap for clerks and not for servers when hostile and unreliable", async () => {
  await using cfg = makeShardConfig(handle(), { nservers: 3, nreplicas: 2, unreliable: true });
  await cfg.sleep(20_000);
  const flaps = cfg.flaps();
  assertEquals(new Set(flaps.map(({ server }) => server)), new Set([0, 1, 2]));
  assert(flaps.every(({ startMs, endMs }) => startMs < endMs && startMs <= 20_000));
  await using calm = makeShardConfig(handle(), { nservers: 3, nreplicas: 2, unreliable: false });
  await calm.sleep(20_000);
  assertEquals(calm.flaps(), []);
});
