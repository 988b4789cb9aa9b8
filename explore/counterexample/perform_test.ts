import { assertEquals } from "@std/assert";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { perform } from "./perform.ts";
import { countsOf, type Schedule } from "./schedule.ts";
import { ScheduleRecorder } from "./schedule_recorder.ts";

const SINGLE = { nservers: 1, nreplicas: 1, seed: 1 };

async function expectNoViolation(schedule: Schedule): Promise<void> {
  assertEquals((await perform(schedule)).violations, [], JSON.stringify(schedule));
}

/** Performs a schedule, and describes some of its events. */
async function told(schedule: Schedule, tell: (event: TraceEvent) => string | undefined) {
  const seen: string[] = [];
  const performance = await perform(schedule, {
    listener(event, atMs) {
      const text = tell(event);
      if (text !== undefined) seen.push(`${text} at ${atMs}`);
    },
  });
  return { ...performance, seen };
}

Deno.test("perform() applies the faults of the schedule to requests and servers", async () => {
  const requests = [{ lost: "reply" }, { lost: "request" }, null, { lost: "request" }] as const;
  const schedule: Schedule = {
    nservers: 2,
    nreplicas: 2,
    seed: 1,
    steps: [
      { clerk: 0, op: "append", key: "0", value: "x 0 0 y", requests: [...requests] },
      { after: [0], stop: 0 },
      { after: [0], clerk: 1, op: "get", key: "0" },
      { after: [2], waitMs: 7, start: 0 },
    ],
  };
  const { violations, operations, seen } = await told(schedule, (event) => {
    if (event.kind === "dropped") return `${event.what} ${event.why}`;
    return event.kind === "fault" ? `server ${event.server} ${event.what}` : undefined;
  });
  assertEquals(violations, []);
  assertEquals(operations.map(({ output }) => output), ["", "x 0 0 y"]);
  const [appended, got] = operations.map(({ returnMs }) => returnMs!);
  assertEquals(seen.map((text) => text.split(" at ")[0]), [
    "reply lost",
    "request lost",
    "server 0 stopped",
    "request unreachable",
    "server 0 started",
  ]);
  assertEquals(seen[2], `server 0 stopped at ${appended}`);
  assertEquals(seen[4], `server 0 started at ${got! + 7}`);
  assertEquals(countsOf(schedule), { clerks: 2, servers: 2, operations: 2, faults: 4 });
});

Deno.test("perform() restarts servers if an operation could not return otherwise", async () => {
  const steps = [{ stop: 1 }, { clerk: 0, op: "append", key: "1", value: "x 0 0 y" } as const];
  const { violations, operations, seen } = await told(
    { ...SINGLE, nservers: 2, steps },
    (event) => event.kind === "fault" ? event.what : undefined,
  );
  assertEquals([violations, operations[0]!.output], [[], ""]);
  assertEquals(seen.map((text) => text.split(" ")[0]), ["stopped", "started"]);
});

Deno.test("perform() blames no operation when the only server stays down", async () => {
  const requests = [{ replyMs: 1 }];
  await expectNoViolation({
    ...SINGLE,
    steps: [
      { clerk: 0, op: "append", key: "0", value: "x 0 0 y", requests },
      { waitMs: 1, stop: 0 },
    ],
  });
});

Deno.test("perform() delivers a late request of a lasting clerk, and loses one on arrival", async () => {
  const fateOf = async (request: object, lasting: number[] = []) => {
    const put = { clerk: 0, op: "put", key: "0", value: "a", requests: [request] } as const;
    const steps = [put, { clerk: 1, op: "get", key: "0", waitMs: 200 } as const];
    const { seen } = await told({ ...SINGLE, steps: steps as never, lasting }, (event) => {
      if (!("message" in event) || event.message !== 0) return undefined;
      return event.kind === "dropped" ? event.why : event.kind;
    });
    return seen.slice(0, 3);
  };
  const LATE = { requestMs: 150 };
  const begin = ["sent at 0", "timed out at 100"];
  assertEquals(await fateOf(LATE, [0]), [...begin, "delivered at 150"]);
  assertEquals(await fateOf(LATE), [...begin, "unreachable at 150"]);
  const lost = { requestMs: 30, lost: "request", lostOnArrival: true };
  assertEquals(await fateOf(lost), ["sent at 0", "lost at 30", "timed out at 100"]);
});

Deno.test("a recorded request to a server out of reach is no fault besides the outage", async () => {
  const recorder = new ScheduleRecorder();
  const requests = [{ lost: "request", unreachableMs: 40 } as const];
  const steps = [{ stop: 0 }, { clerk: 0, op: "get", key: "0", requests } as const];
  await perform({ ...SINGLE, nservers: 2, nreplicas: 2, steps }, recorder.hooks);
  const recorded = recorder.schedule(1)!;
  assertEquals(countsOf(recorded).faults, 1);
  const [, get] = recorded.steps;
  assertEquals("op" in get! && get.requests?.[0], { unreachableMs: 40 });
});
