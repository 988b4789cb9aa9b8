import { assertEquals } from "@std/assert";
import { minimize, type Trials } from "./minimize.ts";
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

/** Trials in which every step is taken at once, and a schedule fails by what it holds. */
function trialsOf(isFailing: (schedule: Schedule) => boolean): Trials {
  return {
    isOver: () => false,
    fails(schedule) {
      if (!isFailing(schedule)) return Promise.resolve(undefined);
      const taken = schedule.steps.map((step, place) => {
        return { place, atMs: step.waitMs ?? 0, isOperation: isOperation(step) };
      });
      const nothing = { violations: [], operations: [], ended: undefined, summary: undefined };
      const performance = { ...nothing, taken, forwards: schedule.forwards ?? [] };
      return Promise.resolve({ performance, key: undefined });
    },
  };
}

async function smallestOf(isFailing: (schedule: Schedule) => boolean): Promise<Schedule> {
  return (await minimize(LARGE, trialsOf(isFailing)))!;
}

Deno.test("minimize() leaves what alone makes a schedule fail, under plain names", async () => {
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

Deno.test("minimize() keeps the number of a clerk and the seed when the failure needs them", async () => {
  const smallest = await smallestOf((schedule) => {
    return schedule.seed === 9 && operationsOf(schedule).some(({ clerk }) => clerk === 2);
  });
  assertEquals([smallest.seed, smallest.steps.length], [9, 1]);
  assertEquals(operationsOf(smallest)[0]!.clerk, 2);
});

Deno.test("minimize() returns the smallest schedule so far, or nothing that does not fail", async () => {
  const trials = trialsOf((schedule) => operationsOf(schedule).length > 0);
  const found: Schedule[] = [];
  const stopped = { ...trials, isOver: () => found.length === 3 };
  const smallest = await minimize(LARGE, stopped, (schedule) => found.push(schedule));
  assertEquals([found.length, smallest], [3, found.at(-1)]);
  assertEquals(await minimize(LARGE, trialsOf(() => false)), undefined);
});
