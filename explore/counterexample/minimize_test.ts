import { assertEquals } from "@std/assert";
import { type Fails, minimize } from "./minimize.ts";
import { isOperation, type OperationStep, type Schedule } from "./schedule.ts";

const APPENDS: OperationStep[] = ["a", "b", "c", "d", "e"].map((value, i) => {
  return { clerk: i % 3, op: "append", key: "4", value, requests: [{ requestMs: 0.25 * i }] };
});

const LARGE: Schedule = {
  nservers: 3,
  nreplicas: 2,
  seed: 9,
  steps: [
    ...APPENDS.slice(0, 2),
    { after: [1], stop: 1 },
    { ...APPENDS[2]!, requests: [{ lost: "reply" }, { requestMs: 20, lost: "request" }] },
    { waitMs: 4321, start: 1 },
    ...APPENDS.slice(3),
  ],
  forwards: [{ from: 1, to: 0, index: 0, lost: "reply" }],
};

function operationsOf({ steps }: Schedule): OperationStep[] {
  return steps.filter(isOperation);
}

/** Returns a fake that takes every step, and fails if the schedule does. */
function failsIf(isFailing: (schedule: Schedule) => boolean): Fails {
  return (schedule) => {
    if (!isFailing(schedule)) return Promise.resolve(undefined);
    const taken = schedule.steps.map((step, place) => {
      return { place, atMs: step.waitMs ?? 0, isOperation: isOperation(step) };
    });
    const nothing = { violations: [], operations: [], ended: undefined, summary: undefined };
    const performance = { ...nothing, taken, forwards: schedule.forwards ?? [] };
    return Promise.resolve({ performance, key: undefined });
  };
}

async function smallestOf(isFailing: (schedule: Schedule) => boolean): Promise<Schedule> {
  return (await minimize(LARGE, failsIf(isFailing)))!;
}

Deno.test("minimize() keeps only the cause of a failure, in its plainest form", async () => {
  const smallest = await smallestOf((schedule) => {
    return operationsOf(schedule).some(({ requests }) => requests?.[0]?.lost === "reply");
  });
  assertEquals(smallest, {
    nservers: 1,
    nreplicas: 1,
    seed: 1,
    steps: [{ clerk: 0, op: "append", key: "0", value: "x 0 0 y", requests: [{ lost: "reply" }] }],
    forwards: [],
  });
});

Deno.test("minimize() keeps operations, outages and faults that are needed together", async () => {
  const smallest = await smallestOf((schedule) => {
    const isDown = schedule.steps.some((step) => "stop" in step && step.stop === 1);
    const clerks = new Set(operationsOf(schedule).map(({ clerk }) => clerk));
    return isDown && clerks.size >= 2 && schedule.forwards?.length === 1;
  });
  assertEquals(operationsOf(smallest).map(({ clerk }) => clerk), [0, 1]);
  assertEquals(smallest.steps.filter((step) => !isOperation(step)), [{ stop: 1 }]);
  assertEquals(smallest.forwards?.length, 1);
  assertEquals([smallest.nservers, smallest.nreplicas], [2, 1]);
});

Deno.test("minimize() keeps a clerk's number and the seed if the failure needs them", async () => {
  const smallest = await smallestOf((schedule) => {
    return schedule.seed === 9 && operationsOf(schedule).some(({ clerk }) => clerk === 2);
  });
  assertEquals([smallest.seed, smallest.steps.length], [9, 1]);
  assertEquals(operationsOf(smallest)[0]!.clerk, 2);
});

Deno.test("minimize() reports ever smaller schedules, and nothing if the first one passes", async () => {
  const found: Schedule[] = [];
  const isFailing = (schedule: Schedule) => operationsOf(schedule).length > 0;
  const smallest = await minimize(LARGE, failsIf(isFailing), (schedule) => found.push(schedule));
  assertEquals([found[0], found.at(-1)], [LARGE, smallest]);
  assertEquals(await minimize(LARGE, failsIf(() => false)), undefined);
});
