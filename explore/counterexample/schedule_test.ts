import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../../cli/mod.ts";
import { withoutSteps } from "./reductions.ts";
import { formatSchedule, parseSchedule, type Schedule } from "./schedule.ts";

const SCHEDULE: Schedule = {
  nservers: 2,
  nreplicas: 1,
  seed: 3,
  steps: [
    { clerk: 0, op: "append", key: "1", value: "a", requests: [{ lost: "reply" }, null] },
    { after: [0], waitMs: 2.5, stop: 1 },
    { after: [0], clerk: 1, op: "get", key: "1" },
    { after: [2], start: 1 },
  ],
  forwards: [{ from: 0, to: 1, index: 0, requestMs: 26 }],
};

Deno.test("parseSchedule() reads what formatSchedule() writes, with one step on each line", () => {
  const text = formatSchedule(SCHEDULE);
  assertEquals(parseSchedule(text, "s.json"), SCHEDULE);
  assertEquals(text.split("\n").length, 15);
});

Deno.test("parseSchedule() describes an error in one line", () => {
  const change = (changes: object) => JSON.stringify({ ...SCHEDULE, ...changes });
  const cases: [text: string, problem: string][] = [
    ["{", "Expected property name"],
    ["[]", "the file: "],
    [change({ nreplicas: 3 }), "nreplicas: expected at most 2"],
    [change({ steps: [{ stop: 2 }] }), "steps.0.stop: expected a server from 0 to 1"],
    [
      change({ steps: [{ stop: 1 }, { after: [0], start: 1 }] }),
      "steps.1.after: expected the places of earlier operations",
    ],
    [
      change({ steps: [{ clerk: 0, op: "put", key: "0" }] }),
      "steps.0.value: expected a value for a put or an append, and none for a get",
    ],
    [
      change({ steps: [{ clerk: 0, op: "get", key: "none" }] }),
      'steps.0.key: expected the digits of a whole number, such as "7"',
    ],
    [
      change({ steps: [{ clerk: 1e6, op: "get", key: "0" }] }),
      "steps.0.clerk: expected a clerk from 0 to 99",
    ],
    [
      change({ forwards: [{ from: 0, to: 1 }] }),
      "forwards.0.index: expected either an index or the time",
    ],
  ];
  for (const [text, problem] of cases) {
    const { message } = assertThrows(() => parseSchedule(text, "s.json"), CommandError);
    assertEquals(message.startsWith("Cannot read the schedule s.json: "), true, message);
    assertEquals(message.includes(problem), true, message);
    assertEquals(message.includes("\n"), false, message);
  }
});

Deno.test("withoutSteps() makes steps follow the predecessors of the removed ones", () => {
  const { steps } = withoutSteps(SCHEDULE, (_, place) => place === 2);
  assertEquals(steps.at(-1), { after: [0], start: 1 });
  const none = withoutSteps(SCHEDULE, (step) => "op" in step);
  assertEquals(none.steps, [{ waitMs: 2.5, stop: 1 }, { start: 1 }]);
});
