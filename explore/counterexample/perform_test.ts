import { assertEquals } from "@std/assert";
import { HINTS } from "../../testing/hints.ts";
import { schedulesFor } from "./enumeration.ts";
import { perform } from "./perform.ts";
import { countsOf, type Schedule } from "./schedule.ts";

const NETWORKS = ["unreliable", "hostile"] as const;
/** One schedule in so many is performed: there are some thousands. */
const STRIDE = 37;

async function expectNoViolation(schedule: Schedule): Promise<void> {
  const { violations } = await perform(schedule);
  assertEquals(violations, [], JSON.stringify(schedule));
}

for (const network of NETWORKS) {
  Deno.test(`perform() finds nothing wrong with the solution on schedules for the ${network} network`, async () => {
    let place = 0;
    for (const schedule of schedulesFor({ isSharded: true, network, hint: HINTS.lost })) {
      if (place++ % STRIDE === 0) await expectNoViolation(schedule);
    }
  });
}

Deno.test("perform() finds nothing wrong with the solution when shares must be even", async () => {
  const goal = { isSharded: true, network: "unreliable", hint: HINTS.uneven } as const;
  for (const schedule of schedulesFor(goal)) await expectNoViolation(schedule);
});

Deno.test("schedules for a test on a reliable network lose no message", () => {
  const goal = { isSharded: true, network: "unreliable", hint: HINTS.executedTwice } as const;
  for (const { steps, forwards } of schedulesFor({ ...goal, isReliable: true })) {
    const requests = steps.flatMap((step) => "op" in step ? step.requests ?? [] : []);
    assertEquals([requests, forwards], [[], undefined]);
  }
});

Deno.test("perform() does to requests and servers what the schedule says", async () => {
  const schedule: Schedule = {
    nservers: 2,
    nreplicas: 2,
    seed: 1,
    steps: [
      {
        clerk: 0,
        op: "append",
        key: "0",
        value: "x 0 0 y",
        requests: [{ lost: "reply" }, { lost: "request" }, null, { lost: "request" }],
      },
      { after: [0], stop: 0 },
      { after: [0], clerk: 1, op: "get", key: "0" },
      { after: [2], waitMs: 7, start: 0 },
    ],
  };
  const seen: string[] = [];
  const { violations, operations } = await perform(schedule, {
    listener: (event, atMs) => {
      if (event.kind === "dropped") seen.push(`${event.what} ${event.why}`);
      if (event.kind === "fault") seen.push(`${event.what} at ${atMs}`);
    },
  });
  assertEquals(violations, []);
  assertEquals(operations.map(({ output }) => output), ["", "x 0 0 y"]);
  const [, got] = operations;
  assertEquals(seen, [
    "reply lost",
    "request lost",
    `server 0 stopped at ${operations[0]!.returnMs}`,
    "request unreachable",
    `server 0 started at ${got!.returnMs! + 7}`,
  ]);
  assertEquals(countsOf(schedule), { clerks: 2, servers: 2, operations: 2, faults: 4 });
});

Deno.test("perform() starts the servers again when nothing else lets an operation return", async () => {
  const seen: string[] = [];
  const { violations, operations } = await perform({
    nservers: 2,
    nreplicas: 1,
    seed: 1,
    steps: [{ stop: 1 }, { clerk: 0, op: "append", key: "1", value: "x 0 0 y" }],
  }, { listener: (event) => void (event.kind === "fault" && seen.push(event.what)) });
  assertEquals(violations, []);
  assertEquals(operations[0]!.output, "");
  assertEquals(seen, ["server 1 stopped", "server 1 started"]);
});

Deno.test("perform() finds nothing wrong when the only server stops and nobody starts it", async () => {
  await expectNoViolation({
    nservers: 1,
    nreplicas: 1,
    seed: 1,
    steps: [
      { clerk: 0, op: "append", key: "0", value: "x 0 0 y", requests: [{ replyMs: 1 }] },
      { waitMs: 1, stop: 0 },
    ],
  });
});

/** A put whose first request is late, and another clerk's operations meanwhile. */
const LATE: Schedule = {
  nservers: 1,
  nreplicas: 1,
  seed: 1,
  steps: [
    { clerk: 0, op: "put", key: "0", value: "a", requests: [{ requestMs: 150 }] },
    { clerk: 1, op: "get", key: "0", waitMs: 200 },
  ],
};

/** What happens to the first request of a schedule, and when. */
async function fateOfFirst(schedule: Schedule): Promise<string[]> {
  const seen: string[] = [];
  await perform(schedule, {
    listener(event, atMs) {
      if (!("message" in event) || event.message !== 0) return;
      seen.push(`${event.kind === "dropped" ? event.why : event.kind} at ${atMs}`);
    },
  });
  return seen;
}

Deno.test("perform() delivers what comes late if its clerk is lasting", async () => {
  const lasting = await fateOfFirst({ ...LATE, lasting: [0] });
  assertEquals(lasting.slice(0, 3), ["sent at 0", "timed out at 100", "delivered at 150"]);
  assertEquals((await fateOfFirst(LATE))[2], "unreachable at 150");
});

Deno.test("perform() loses a message on arrival if the schedule says so", async () => {
  const lost = { requestMs: 30, lost: "request", lostOnArrival: true } as const;
  const [first, ...others] = LATE.steps;
  const schedule = { ...LATE, steps: [{ ...first!, requests: [lost] }, ...others] } as Schedule;
  assertEquals(await fateOfFirst(schedule), ["sent at 0", "lost at 30", "timed out at 100"]);
});
