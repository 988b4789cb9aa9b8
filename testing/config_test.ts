import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { stub } from "@std/testing/mock";
import { type Config, makeShardConfig, makeSingleConfig, type TestHandle } from "../config.ts";
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

Deno.test("Config records every operation with its order, times and result", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  const [one, two] = [cfg.makeClient(), cfg.makeClient()];
  await one.put("0", "a");
  assertEquals(await two.append("0", "b"), "a");
  assertEquals(await one.get("0"), "ab");
  cfg.stopServer(0);
  one.put("0", "c");
  await cfg.sleep(500);

  const { operations } = cfg.history;
  assertEquals(
    operations.map((o) => [o.client, o.op, o.key, o.value, o.output, o.call, o.return]),
    [
      [0, "put", "0", "a", undefined, 0, 1],
      [1, "append", "0", "b", "a", 2, 3],
      [0, "get", "0", undefined, "ab", 4, 5],
      [0, "put", "0", "c", undefined, 6, null],
    ],
  );
  for (const { callMs, returnMs } of operations.slice(0, 3)) assert(returnMs! > callMs!);
  assertEquals(operations[3]!.returnMs, null);
});

Deno.test("Config.stopServer() cuts off all clerks and no server until startServer()", async (t) => {
  await using cfg = makeShardConfig(t, { nservers: 3, nreplicas: 2, unreliable: false });
  const before = cfg.makeClient();
  await before.put("0", "a");
  cfg.stopServer(0);
  assertEquals(await before.append("0", "b"), "a", "the first server is asked by its replica");
  cfg.stopServer(1);
  const after = cfg.makeClient();
  let completed = 0;
  const puts = [before.put("0", "c"), after.put("3", "d")].map((put) =>
    put.then(() => completed++)
  );
  await cfg.makeClient().put("2", "up");
  await cfg.sleep(1000);
  assertEquals(completed, 0);
  cfg.startServer(1);
  await Promise.all(puts);
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

Deno.test("Config reports a deadlock with the operations that wait", async (t) => {
  await using cfg = makeSingleConfig(t, { unreliable: false });
  const clerk = cfg.makeClient();
  const never = cfg.op(clerk.id, { op: "get", key: "0" }, () => new Promise(() => {}));
  const failure = await assertRejects(() => never, LabFailure, "Deadlock at 0.0 virtual ms");
  assertMatch(failure.message, /clerk 0: get\("0"\), since 0\.0 ms/);
  assertEquals(failure.violation.hint, HINTS.deadlock);
});

Deno.test("Config.op() fails an operation that makes no RPC or throws", async (t) => {
  const fails = async (run: () => unknown, words: string, hint: string = HINTS.threw) => {
    await using cfg = makeSingleConfig(t, { unreliable: false });
    const { id } = cfg.makeClient();
    const operation = cfg.op(id, { op: "get", key: "0" }, run);
    const { violation } = await assertRejects(() => operation, LabFailure, `get("0") ${words}\n`);
    assertEquals(violation.hint, hint);
  };
  await fails(() => "", "returned without making an RPC", HINTS.noRpc);
  const thrown = [new TypeError("boom"), undefined, Object.create(null)];
  for (
    const [i, shown] of ["TypeError: boom", "undefined", "[Object: null prototype] {}"].entries()
  ) {
    await fails(() => Promise.reject(thrown[i]), `threw ${shown}`);
    await fails(() => {
      throw thrown[i];
    }, `threw ${shown}`);
  }
});

Deno.test("Config reports an unhandled rejection at the end of the test", async (t) => {
  const failure = await assertRejects(
    async () => {
      await using cfg = makeSingleConfig(t, { unreliable: false });
      await cfg.sleep(10);
      Promise.reject(new Error("too late to be seen"));
    },
    LabFailure,
    "Unhandled Error: too late to be seen",
  );
  assertEquals(failure.violation.hint, HINTS.unhandled);
});

/** Makes a handle as a tool other than `deno test` does. */
function handle(hooks: TestHandle["hooks"] = {}): TestHandle {
  const run = { seed: 5, clock: "virtual", network: "hostile" } as const;
  return { name: "TestX: x", run, hooks: { print() {}, ...hooks } };
}

Deno.test('Config prints no "Passed" when something fails after its end', async () => {
  const printed: string[] = [];
  const failsWith = async (words: string, fail: (cfg: Config) => void) => {
    await assertRejects(
      async () => {
        const t = handle({ print: (line) => printed.push(line) });
        await using cfg = makeSingleConfig(t, { unreliable: false });
        cfg.begin("x");
        await cfg.makeClient().put("0", "a");
        cfg.end();
        fail(cfg);
      },
      LabFailure,
      words,
    );
  };
  await failsWith("Unhandled Error: left behind", () => {
    Promise.reject(new Error("left behind"));
  });
  await failsWith("Wrong", (cfg) => cfg.check({ what: "Wrong", hint: "Think" }));
  assertEquals(printed, ["Test: x ...", "Test: x ..."]);
});

Deno.test("Config.summary does not change after the run ended or failed", async () => {
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

Deno.test("servers flap only on a network that is hostile and unreliable", async () => {
  await using cfg = makeShardConfig(handle(), { nservers: 3, nreplicas: 2, unreliable: true });
  await cfg.sleep(20_000);
  const flaps = cfg.flaps();
  assertEquals(new Set(flaps.map(({ server }) => server)), new Set([0, 1, 2]));
  assert(flaps.every(({ startMs, endMs }) => startMs < endMs && startMs <= 20_000));
  await using calm = makeShardConfig(handle(), { nservers: 3, nreplicas: 2, unreliable: false });
  await calm.sleep(20_000);
  assertEquals(calm.flaps(), []);
});
