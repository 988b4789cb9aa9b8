import { assert, assertEquals } from "@std/assert";
import { allSchedules, SINGLE } from "./all_schedules.ts";
import { perform } from "./perform.ts";
import { checkSchedule, countsOf } from "./schedule.ts";

const BOUNDS = { clerks: 2, operations: 2, keys: 2, faults: 1 };
const CLUSTERS = [SINGLE, { nservers: 2, nreplicas: 2 }, { nservers: 3, nreplicas: 2 }];

Deno.test("allSchedules() yields each schedule within the bounds once", () => {
  const seen = new Set<string>();
  for (const schedule of allSchedules({ ...BOUNDS, keys: 1, faults: 2 }, CLUSTERS)) {
    const { clerks, operations, faults } = countsOf(checkSchedule(schedule, "made"));
    assert(clerks <= 2 && operations <= 2 && faults <= 2);
    const text = JSON.stringify(schedule);
    assert(!seen.has(text), text);
    seen.add(text);
  }
});

Deno.test("allSchedules() yields the schedules that show common mistakes", () => {
  const append = { clerk: 0, op: "append", key: "0", value: "x 0 0 y" };
  const lostReply = [{ ...append, requests: [{ lost: "reply" }] }];
  const lostUpdate = [append, { ...append, clerk: 1, value: "x 1 0 y" }];
  const ringOfLocks = [append, { ...append, clerk: 1, key: "1", value: "x 1 0 y" }];
  const steps = allSchedules(BOUNDS, CLUSTERS).map((schedule) => JSON.stringify(schedule.steps))
    .toArray();
  for (const each of [lostReply, lostUpdate, ringOfLocks]) {
    assert(steps.includes(JSON.stringify(each)));
  }
});

Deno.test("the solution passes small schedules", async () => {
  const slow = { nservers: 2, nreplicas: 2, transitMs: 15 };
  for (const [place, schedule] of allSchedules(BOUNDS, [...CLUSTERS, slow]).toArray().entries()) {
    if (place % 33 !== 0) continue;
    assertEquals((await perform(schedule)).violations, [], JSON.stringify(schedule));
  }
});
