/**
 * The waits of a person in the debugger: to open a run, and to show one position of it.
 *
 * @module
 */

import "../test_test.ts";
import { Branch } from "../debugger/branch.ts";
import { performSteps } from "../debugger/inside/performance.ts";
import { readPrivateFieldsOf } from "../debugger/inside/private_fields.ts";
import { positionOf, runOf } from "../debugger/views.ts";
import type { Performed } from "../debugger/executor.ts";
import { runSeed } from "../explore/run/seed_run.ts";
import { labTests } from "../testing/lab_tests.ts";

readPrivateFieldsOf((url) => url.endsWith("?debugger"));
const modules = {
  client: await import("../client.ts?debugger"),
  server: await import("../server.ts?debugger"),
};
const { log } = console;
const test = labTests.find(({ name }) => name.startsWith("TestUnreliableShards:"))!;
const task = { test: test.name, seed: 1, network: "unreliable", schedule: true } as const;
const schedule = (await runSeed(test, task, () => {})).schedule!;
console.log = log;

const UNTIL = { is: "over" } as const;

async function open(): Promise<Branch> {
  const performed: Performed = { steps: [] };
  performed.result = await performSteps(modules, { schedule, until: UNTIL, known: 0 }, {
    onBeginning: (beginning) => void (performed.beginning = beginning),
    onStep: (step) => void performed.steps.push(step),
  }, () => {});
  const origin = { id: "opened", name: "The run", isByHand: false, clerks: 0 };
  const branch = new Branch(origin, schedule, UNTIL);
  // The process that performs a run sends it as JSON.
  branch.take(JSON.parse(JSON.stringify(performed)), 0);
  return branch;
}

const branch = await open();
const { end } = branch.timeline;
const events = `${end.toLocaleString("en")} events`;
let position = end;

Deno.bench(
  `open TestUnreliableShards in the debugger, ${events}`,
  { n: 5, warmup: 1 },
  async () => {
    runOf(await open());
  },
);

Deno.bench(`step back in it`, () => {
  position = position > 1 ? position - 1 : end;
  positionOf(branch, position, true);
});
