import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CommandError } from "../cli/mod.ts";
import { stopCompiler } from "../corpus/entry_fixture.ts";
import { perform } from "../explore/counterexample/perform.ts";
import {
  type Delivery,
  type Forward,
  parseSchedule,
  type Step,
} from "../explore/counterexample/schedule.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { PlainMachines } from "../testing/plain_machines.ts";
import type { Action, MessageOf } from "./protocol.ts";
import type { Opening } from "./search.ts";
import { Driver, EXECUTED_TWICE, HereExecutor, modulesOf, scheduleOf } from "./session_fixture.ts";

const ignore = !mayRunProcesses;
const CLUSTER = { do: "new", cluster: { servers: 1, replicas: 1, clerks: 2 } } as const;

Deno.test.afterAll(stopCompiler);

/** Returns a cluster with one server, in which nothing happens yet. */
async function start(entry: string): Promise<Driver> {
  const driver = new Driver(new HereExecutor(await modulesOf(entry)));
  await driver.do(CLUSTER);
  return driver;
}

/** Opens another page, and returns the first message that it gets. */
function connected(driver: Driver): MessageOf<"session"> {
  driver.session.connect();
  return driver.last("session");
}

/** Performs a saved branch as `deno task replay --schedule=FILE` does. */
async function replay(entry: string, { text, file }: { text: string; file: string }) {
  const { client, server } = await modulesOf(entry);
  const machines = new PlainMachines({ client: () => client, server: () => server });
  return await perform(parseSchedule(text, file), { machines });
}

/** The entries of the map in a field of a machine, as texts. */
function table(driver: Driver, machine: string, field: string) {
  const { state } = driver.last("position").machines.find(({ name }) => name === machine)!;
  assert(state !== undefined && state.is !== "text");
  const { value } = state.members.find(({ name }) => name === field)!;
  assert(value.is === "map");
  return value.members.map(({ key, value, change }) => {
    return [key, value].map((shown) => shown?.is === "text" ? shown.text : shown?.is).concat(
      change ?? [],
    );
  });
}

Deno.test("six actions build a reply that is lost, a retry, and an append that is executed twice", {
  ignore,
}, async () => {
  const driver = await start("no_duplicate_table");
  await driver.act(...EXECUTED_TWICE.slice(0, -1));
  assertEquals(driver.last("position").verdict.is, "linearizable");
  await driver.act(EXECUTED_TWICE.at(-1)!);
  const { verdict } = driver.last("position");
  assert(verdict.is === "violated");
  assertMatch(verdict.violation.what, /^append\("0", "x"\).* took effect twice/);
  assertEquals(driver.last("run").operations.map(({ isBlamed }) => isBlamed), [true]);
});

Deno.test("a step shows what it changed in the tables of a server", { ignore }, async () => {
  const driver = await start("no_duplicate_table");
  await driver.act(...EXECUTED_TWICE);
  const second = driver.texts.findLastIndex((text) => text.startsWith("server 0 gets")) + 1;
  await driver.do({ do: "seek", position: second });
  assertEquals(table(driver, "server 0", "#data"), [['"0"', '"xx"', "changed"]]);
  await driver.do({ do: "step", by: "event", back: true });
  assertEquals(table(driver, "server 0", "#data"), [['"0"', '"x"']]);
});

Deno.test(
  "a saved branch is replayed with the same verdict and the same digest",
  { ignore },
  async () => {
    const driver = await start("no_duplicate_table");
    await driver.act(...EXECUTED_TWICE);
    const { saved } = await driver.do({ do: "save" });
    const { violations, summary } = await replay("no_duplicate_table", saved!);
    assertEquals(summary!.digest, saved!.digest);
    assertEquals(violations[0]!.what, saved!.violation!.what);
    assert(!saved!.passed);
  },
);

Deno.test(
  "a branch that is saved with messages in flight replays with the same digest and verdict",
  { ignore },
  async () => {
    const driver = await start("no_duplicate_table");
    await driver.act(
      { act: "operation", clerk: 0, op: "put", key: "0", value: "a" },
      { act: "fire", message: 0 },
      { act: "deliver", message: 1, what: "request" },
      { act: "deliver", message: 1, what: "reply" },
      { act: "operation", clerk: 1, op: "put", key: "0", value: "b" },
      { act: "deliver", message: 2, what: "request" },
      { act: "deliver", message: 0, what: "request" },
      { act: "deliver", message: 2, what: "reply" },
      { act: "operation", clerk: 1, op: "get", key: "0" },
    );
    const { saved } = await driver.do({ do: "save" });
    const { violations, summary } = await replay("no_duplicate_table", saved!);
    assertEquals([summary!.digest, violations.length > 0], [saved!.digest, true]);
    await driver.act({ act: "run on" });
    assertEquals(driver.last("position").verdict.is, "violated");
  },
);

Deno.test("a message that is held back does not move during run on", {
  ignore,
}, async () => {
  const driver = await start("no_duplicate_table");
  await driver.act(
    { act: "operation", clerk: 0, op: "append", key: "0", value: "a" },
    { act: "hold", message: 0, what: "request" },
    { act: "run on" },
  );
  const { flights, verdict } = driver.last("position");
  assertEquals(flights.map(({ message, isHeld, isLate }) => [message, isHeld, isLate]), [
    [0, true, true],
  ]);
  assertEquals(verdict.is, "linearizable");
  assertMatch(driver.texts.at(-1)!, /^clerk 0 returns "" /);
});

Deno.test("run on stops in a run without end, and names the operation that has not returned", {
  ignore,
}, async () => {
  const driver = await start("no_duplicate_table");
  await driver.act(
    { act: "stop", server: 0 },
    { act: "operation", clerk: 0, op: "get", key: "0" },
  );
  const { told } = await driver.do({ do: "act", action: { act: "run on" } });
  assertMatch(
    told!,
    /^The run went on for 1,00\d events, and stopped there: get\("0"\) of clerk 0 /,
  );
});

Deno.test("a duplicate that the network made can be dropped", { ignore }, async () => {
  const driver = new Driver(new HereExecutor(await modulesOf("no_duplicate_table")));
  await driver.open({
    nservers: 1,
    nreplicas: 1,
    seed: 1,
    steps: [{
      clerk: 0,
      op: "append",
      key: "0",
      value: "x",
      requests: [{ duplicate: { requestMs: 50 } }],
    }],
  });
  await driver.do({
    do: "seek",
    position: driver.texts.findIndex((text) => /dupl/.test(text)) + 1,
  });
  await driver.act(
    { act: "drop", message: 1, what: "request" },
    { act: "run on" },
  );
  assert(driver.texts.includes("Request 2 is lost"));
  assertEquals(driver.last("position").verdict.is, "linearizable");
  const { saved } = await driver.do({ do: "save" });
  const { violations, summary } = await replay("no_duplicate_table", saved!);
  assertEquals([summary!.digest, violations], [saved!.digest, []]);
});

Deno.test("a run that does not come back is judged up to that point", { ignore }, async () => {
  const executor = new HereExecutor(await modulesOf("no_duplicate_table"));
  const driver = new Driver(executor);
  await driver.do(CLUSTER);
  await driver.act(...EXECUTED_TWICE);
  const { position, verdict } = driver.last("position");
  assert(verdict.is === "violated");
  executor.loss = { kind: "never yields", what: "Lost" };
  await driver.act({ act: "operation", clerk: 1, op: "get", key: "0" });
  await driver.do({ do: "seek", position });
  assertEquals(driver.last("position").verdict, verdict);
  assertEquals(driver.last("run").trouble?.kind, "never yields");
});

Deno.test(
  "acting in the middle of a run begins a branch, and does not change the run",
  { ignore },
  async () => {
    const modules = await modulesOf("no_duplicate_table");
    const driver = new Driver(new HereExecutor(modules));
    await driver.open(await scheduleOf(modules, "TestUnreliable", 1));
    const whole = driver.texts;
    const sent = driver.last("run").steps.findIndex(({ kind }, i) => i > 20 && kind === "sent");
    await driver.do({ do: "seek", position: sent + 1 });
    const { flights, startsBranch, actsAt } = driver.last("position");
    assert(startsBranch);
    const { message } = flights.find(({ what }) => what === "request")!;
    await driver.act({ act: "drop", message, what: "request" });
    assertEquals(driver.texts.slice(0, actsAt), whole.slice(0, actsAt));
    assertMatch(driver.texts.at(-1)!, /^Request \d+ is lost$/);
    const { branches, branch } = driver.last("session");
    assertEquals(branches.map(({ id, from }) => [id, from?.position]), [
      ["opened", undefined],
      [branch!, actsAt],
    ]);
    await driver.do({ do: "branch", branch: "opened" });
    assertEquals(driver.texts, whole);
  },
);

Deno.test(
  "a server that is stopped by hand is out of reach until it is started",
  { ignore },
  async () => {
    const driver = await start("no_duplicate_table");
    await driver.act(
      { act: "stop", server: 0 },
      { act: "operation", clerk: 0, op: "get", key: "0" },
    );
    assertMatch(driver.texts.at(-1)!, /no way between its caller and server 0/);
    assertEquals(driver.last("position").machines.at(-1)!.isUp, false);
    await driver.act({ act: "start", server: 0 }, { act: "run on" });
    assertMatch(driver.texts.at(-1)!, /^clerk 0 returns "" /);
  },
);

Deno.test("wait advances to the next timer of a student's code", { ignore }, async () => {
  const driver = await start("backs_off");
  await driver.act(
    { act: "operation", clerk: 0, op: "get", key: "0" },
    { act: "fire", message: 0 },
  );
  const { machines } = driver.last("position");
  assertMatch(machines[0]!.waitsFor!, /^a timer that is due at /);
  await driver.act({ act: "wait" });
  const [timer, sent] = driver.texts.slice(-2);
  assertEquals(timer, "A timer of clerk 0 runs");
  assertStringIncludes(sent!, "clerk 0 sends request 2");
});

Deno.test(
  "a schedule does not fail any more after the code was corrected",
  { ignore },
  async () => {
    const driver = await start("no_duplicate_table");
    await driver.act(...EXECUTED_TWICE);
    const right = new HereExecutor(await modulesOf("mutex"));
    await driver.session.reload(() => Promise.resolve(right), ["server.ts"]);
    const { sentence, sameUntil, before, now, failsNow } = driver.last("reloaded");
    assertEquals([sentence, failsNow], ["This schedule does not fail any more.", false]);
    assertEquals(sameUntil, driver.texts.findIndex((text) => now!.startsWith(text)));
    assertStringIncludes(before!, 'server 0 replies to request 2: "x"');
    assertStringIncludes(now!, 'server 0 replies to request 2: ""');
  },
);

Deno.test(
  "code that cannot be loaded changes nothing, and each page says so until it can",
  { ignore },
  async () => {
    const driver = await start("no_duplicate_table");
    await driver.act(...EXECUTED_TWICE);
    const before = driver.texts;
    const refused = () => Promise.reject(new CommandError("client.ts:1: Expression expected"));
    await driver.session.reload(refused, ["client.ts"]);
    assertEquals(driver.texts, before);
    const { problem } = connected(driver);
    assertMatch(problem!, /^client\.ts changed, and .* client\.ts:1: Expression expected$/);
    const right = new HereExecutor(await modulesOf("mutex"));
    await driver.session.reload(() => Promise.resolve(right), ["client.ts"]);
    assertEquals(driver.last("session").problem, undefined);
  },
);

Deno.test("a page shows the progress of the search for a run, and why it found none", {
  ignore,
}, async () => {
  const modules = await modulesOf("no_duplicate_table");
  const driver = new Driver(new HereExecutor(modules));
  const schedule = await scheduleOf(modules, "TestUnreliable", 1);
  const found = Promise.withResolvers<Opening>();
  let tries = 0;
  const opened = driver.session.open({
    title: "Test",
    find(tell) {
      tell("Running", [{ label: "Whole run", text: "small" }]);
      if (tries++ > 0) return found.promise;
      return Promise.reject(new CommandError("It has no end"));
    },
  });
  assertEquals(connected(driver).searching, "Starting");
  await opened;
  const failed = driver.last("session");
  assertEquals([failed.searching, failed.branch], [undefined, undefined]);
  assertEquals(failed.notes[0], {
    label: "Not opened",
    text: "It has no end; save client.ts or server.ts to try again",
  });

  const executor = new HereExecutor(modules);
  const reloaded = driver.session.reload(() => Promise.resolve(executor), ["server.ts"]);
  found.resolve({ notes: [], schedule });
  await reloaded;
  assertEquals(driver.last("session").branch, "opened");
});

Deno.test("a run opens at its first fault or at the call that fails, and ends with that call", {
  ignore,
}, async () => {
  const append = { clerk: 0, op: "append", key: "0", value: "x" } as const;
  const get = { clerk: 0, op: "get", key: "0" } as const;
  const cases: [entry: string, steps: Step[], opened: RegExp, last: RegExp, what: RegExp][] = [
    [
      "no_retry",
      [{ ...append, requests: [{ lost: "reply" }] }],
      /^The reply to request 1 is lost/,
      /^clerk 0 throws from append\("0", "x"\): TimeoutError: /,
      /threw TimeoutError/,
    ],
    [
      "cached_reads",
      [append, get],
      /^clerk 0 begins get/,
      /^clerk 0 returns "x" from get/,
      /returned without making an RPC/,
    ],
  ];
  for (const [entry, steps, opened, last, what] of cases) {
    const driver = new Driver(new HereExecutor(await modulesOf(entry)));
    await driver.open({ nservers: 1, nreplicas: 1, seed: 1, steps });
    assertMatch(driver.texts[driver.last("position").position - 1]!, opened);
    await driver.do({ do: "seek", position: driver.texts.length });
    assertMatch(driver.texts.at(-1)!, last);
    const { verdict } = driver.last("position");
    assert(verdict.is === "violated");
    assertMatch(verdict.violation.what, what);
  }
});

Deno.test("a schedule that decides about requests that the code never sends does not fit", {
  ignore,
}, async () => {
  const entry = new HereExecutor(await modulesOf("no_duplicate_table"));
  const step = { clerk: 0, op: "append", key: "0", value: "x" } as const;
  const cases: [requests: (Delivery | null)[], forwards: Forward[], expected?: string][] = [
    [[{ lost: "reply" }, {}, null], []],
    [[{ lost: "reply" }, {}, {}], [], 'append("0", "x") sends 2 requests, not 3'],
    [[], [{ from: 1, to: 0, index: 0 }], "server 1 to server 0 sends 0 requests, not 1"],
  ];
  for (const [requests, forwards, expected] of cases) {
    const driver = new Driver(entry);
    const steps = [{ ...step, requests }];
    await driver.open({ nservers: 2, nreplicas: 1, seed: 1, steps, forwards });
    assertEquals(driver.last("session").notes[0]?.text, expected);
  }
});

Deno.test(
  "a run that is too long to keep says that only its beginning is shown",
  { ignore },
  async () => {
    const modules = await modulesOf("no_duplicate_table");
    const executor = new HereExecutor(modules);
    const perform = executor.perform.bind(executor);
    executor.perform = async (task) => {
      const { result, ...performed } = await perform(task);
      return { ...performed, result: { ...result!, isCut: true } };
    };
    const driver = new Driver(executor);
    await driver.open(await scheduleOf(modules, "TestBasic", 1));
    assertMatch(driver.last("session").notes[0]!.text, /^only the first [\d,]+ events$/);
  },
);

Deno.test(
  "an impossible action is refused in one line, and changes nothing",
  { ignore },
  async () => {
    const driver = await start("no_duplicate_table");
    await driver.act({ act: "operation", clerk: 0, op: "get", key: "0" });
    const before = driver.texts;
    const refused: [Action, RegExp][] = [
      [{ act: "operation", clerk: 0, op: "get", key: "0" }, /clerk 0 has an operation under way/],
      [{ act: "operation", clerk: 1, op: "get", key: "0", value: "v" }, /a get has none/],
      [{ act: "deliver", message: 0, what: "reply" }, /the reply to request 1 is not on its way/],
      [{ act: "fire", message: 7 }, /Nobody waits for the reply to request 8/],
      [{ act: "operation", clerk: 1, op: "get", key: "k" }, /A key is a whole number/],
      [{ act: "start", server: 0 }, /server 0 runs already/],
    ];
    for (const [action, expected] of refused) {
      assertMatch((await driver.do({ do: "act", action })).refused ?? "", expected);
    }
    assertEquals(driver.texts, before);
  },
);

Deno.test(
  "branches have unique names, and can be renamed and forgotten",
  { ignore },
  async () => {
    const driver = await start("no_duplicate_table");
    await driver.do(CLUSTER);
    const names = () => driver.last("session").branches.map(({ name }) => name);
    assertEquals(names(), ["From nothing", "From nothing 2"]);
    await driver.do({ do: "rename", branch: "b2", name: "Mine" });
    assertEquals(names(), ["From nothing", "Mine"]);
    await driver.do({ do: "forget", branch: "b2" });
    assertEquals(driver.last("session").branch, "b1");
    assertMatch((await driver.do({ do: "branch", branch: "b2" })).refused!, /branch was forgotten/);
  },
);

Deno.test("a value that was cut can be opened", { ignore }, async () => {
  const driver = await start("no_duplicate_table");
  const value = "long ".repeat(200);
  await driver.act(
    { act: "operation", clerk: 0, op: "put", key: "0", value },
    { act: "run on" },
  );
  const { state } = driver.last("position").machines.at(-1)!;
  const [, path] = JSON.stringify(state).match(/"length":1000,"path":"([^"]+)"/)!;
  const { opened } = await driver.do({
    do: "open",
    position: driver.last("position").position,
    path: path!,
  });
  assertEquals(opened?.is === "text" && opened.text, JSON.stringify(value));
});
