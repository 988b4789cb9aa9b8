import { assertEquals } from "@std/assert";
import type { Violation } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import { SINGLE } from "./all_schedules.ts";
import { explain } from "../story/explanation.ts";
import type { Performance } from "./perform.ts";
import type { Schedule } from "./schedule.ts";
import { findCounterexample } from "./search.ts";
import type { StartTask } from "./start_task.ts";
import { Performer } from "./tasks.ts";

const LIVELOCK: Violation = { what: "Livelock", hint: HINTS.livelock };
const LAB = new URL("file:///lab/");

/** Does tasks in this process. Each performance has 1,000 events. */
function performerOf(isFailing: (schedule: Schedule) => boolean) {
  const performed: Schedule[] = [];
  const perform = (schedule: Schedule) => {
    performed.push(schedule);
    const violations = isFailing(schedule) ? [LIVELOCK] : [];
    return Promise.resolve({ violations, summary: { events: 1000 } } as unknown as Performance);
  };
  return { performed, performer: new Performer(perform, () => {}) };
}

Deno.test("explain() tries slow links if the network was hostile", async () => {
  const { performer } = performerOf(({ transitMs = 0 }) => transitMs > 10);
  const start: StartTask = (_lab, task) => {
    return { end: performer.work(task) as Promise<never>, [Symbol.dispose]() {} };
  };
  const transitOn = async (network: "hostile" | "unreliable") => {
    const failed = { failure: { violation: LIVELOCK }, network };
    const found = await explain(LAB, failed, { start });
    return found?.schedule.transitMs;
  };
  assertEquals(await transitOn("hostile"), 15);
  assertEquals(await transitOn("unreliable"), undefined);
});

Deno.test("a search ends after a number of events, however long they take", async () => {
  const { performer, performed } = performerOf(() => false);
  const bounds = { clerks: 2, operations: 3, keys: 2, faults: 2 };
  const task = { kind: "enumerate", bounds, clusters: [SINGLE], first: 0, step: 1 } as const;
  assertEquals(await performer.work({ ...task, eventsMax: 2500 }), { kind: "none" });
  assertEquals(performed.length, 3);
});

Deno.test("findCounterexample() keeps the line of the loop for a run that never yields", async () => {
  const schedule: Schedule = { ...SINGLE, seed: 1, steps: [{ clerk: 0, op: "get", key: "0" }] };
  const start: StartTask = () => {
    const hung = { kind: "hung", place: 1, events: 0, schedule, entries: [] };
    return { end: Promise.resolve(hung as never), [Symbol.dispose]() {} };
  };
  const where = ["server.ts:7"];
  const violation = { what: "TestBasic never let go", hint: HINTS.neverYields, where };
  const found = await findCounterexample(LAB, { violation, schedule: undefined }, { start });
  assertEquals(found!.violation.where, where);
});
