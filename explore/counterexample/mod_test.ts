import { assertRejects } from "@std/assert";
import { CommandError } from "../../cli/mod.ts";
import { expectToHold, ScheduleFailure } from "./mod.ts";

const append = { clerk: 0, op: "append", key: "0", value: "x" };
const LOST_REPLY = {
  nservers: 1,
  nreplicas: 1,
  steps: [{ ...append, requests: [{ lost: "reply" }] }],
};

Deno.test("expectToHold() passes when the submission is right", async () => {
  await expectToHold(LOST_REPLY);
});

Deno.test("expectToHold() fails with what is violated", async () => {
  // An operation that a clerk cannot finish: its key has no number, and so no shard.
  const schedule = { nservers: 2, nreplicas: 1, steps: [{ ...append, key: "none" }] };
  await assertRejects(() => expectToHold(schedule), ScheduleFailure, 'append("none", "x") threw');
});

Deno.test("expectToHold() says when it is given no schedule", async () => {
  await assertRejects(() => expectToHold({ ...LOST_REPLY, steps: 3 }), CommandError, "steps: ");
});
