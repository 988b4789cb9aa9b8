import { assert, assertEquals } from "@std/assert";
import { stopCompiler } from "../corpus/entry_fixture.ts";
import { perform } from "../explore/counterexample/perform.ts";
import { parseSchedule } from "../explore/counterexample/schedule.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { Random } from "../sim/mod.ts";
import { PlainMachines } from "../testing/plain_machines.ts";
import type { Action, ClusterSize } from "./protocol.ts";
import { Driver, HereExecutor, modulesOf } from "./session_fixture.ts";

const ignore = !mayRunProcesses;
const SUBJECTS: [entry: string, cluster: ClusterSize][] = [
  ["no_duplicate_table", { servers: 1, replicas: 1, clerks: 2 }],
  ["backs_off", { servers: 3, replicas: 2, clerks: 3 }],
  ["hedged", { servers: 2, replicas: 1, clerks: 2 }],
  ["replicates_operations", { servers: 3, replicas: 3, clerks: 2 }],
];
const ACTIONS = 25;
const RUNS = 2;

/** Returns a random action that is possible at the current position. */
function draw(driver: Driver, { servers, clerks }: ClusterSize, random: Random): Action {
  const { flights, waiting, machines } = driver.last("position");
  const pick = <T>(items: readonly T[]): T => items[random.integerBelow(items.length)]!;
  const idle = machines.filter(({ role, operation, index }) => {
    return role === "clerk" && operation === undefined && index < clerks;
  });
  const actions: Action[] = [];
  if (idle.length > 0) {
    const clerk = pick(idle).index;
    const key = String(random.integerBelow(servers));
    const op = pick(["get", "put", "append"] as const);
    const value = op === "get" ? {} : { value: `v${random.integerBelow(100)}` };
    actions.push({ act: "operation", clerk, op, key, ...value });
  }
  if (flights.length > 0) {
    const { message, what } = pick(flights);
    actions.push({ act: "deliver", message, what }, { act: "deliver", message, what });
    actions.push({ act: "drop", message, what }, { act: "hold", message, what });
  }
  if (waiting.length > 0) actions.push({ act: "fire", message: pick(waiting).message });
  const server = pick(machines.filter(({ role }) => role === "server"));
  if (random.chance(0.3)) {
    actions.push({ act: server.isUp ? "stop" : "start", server: server.index });
  }
  if (random.chance(0.1)) actions.push({ act: "wait" }, { act: "run on" });
  if (actions.length === 0) return { act: "wait" };
  return pick(actions);
}

/** Returns a random position of a branch, and what is shown there. */
async function lookAt(driver: Driver, position: number) {
  await driver.do({ do: "seek", position });
  return driver.last("position");
}

/** Carries out random actions, sometimes at an earlier position. */
async function play(driver: Driver, cluster: ClusterSize, random: Random): Promise<Action[]> {
  const done: Action[] = [];
  for (let i = 0; i < ACTIONS; i++) {
    const before = driver.texts;
    if (random.chance(0.1)) await lookAt(driver, random.integerBelow(before.length + 1));
    const { actsAt } = driver.last("position");
    const action = draw(driver, cluster, random);
    done.push(action);
    const { refused } = await driver.do({ do: "act", action });
    assert(!refused?.startsWith("Internal"), `${refused}: ${JSON.stringify(done)}`);
    if (refused !== undefined) continue;
    assertEquals(driver.texts.slice(0, actsAt), before.slice(0, actsAt), JSON.stringify(done));
  }
  return done;
}

Deno.test("random actions never change what happened before, and a replay has the same verdict", {
  ignore,
}, async () => {
  for (const [entry, cluster] of SUBJECTS) {
    const modules = await modulesOf(entry);
    const { client, server } = modules;
    for (let run = 0; run < RUNS; run++) {
      const random = new Random(run).child(entry);
      const driver = new Driver(new HereExecutor(modules));
      await driver.do({ do: "new", cluster });
      const done = await play(driver, cluster, random);
      const message = `${entry}, run ${run}: ${JSON.stringify(done)}`;

      const { saved } = await driver.do({ do: "save" });
      const machines = new PlainMachines({ client: () => client, server: () => server });
      const again = await perform(parseSchedule(saved!.text, saved!.file), { machines });
      assertEquals(again.summary!.digest, saved!.digest, message);
      assertEquals(again.violations[0]?.what, saved!.violation?.what, message);
      if (driver.last("run").failure !== undefined) assert(!saved!.passed, message);

      const place = random.integerBelow(driver.texts.length + 1);
      const shown = await lookAt(driver, place);
      await driver.session.reload(() => Promise.resolve(new HereExecutor(modules)), []);
      assertEquals(driver.last("reloaded").before, undefined, message);
      assertEquals(await lookAt(driver, place), shown, message);
    }
  }
  await stopCompiler();
});
