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

Deno.test("expectToHold() fails with the violation", async () => {
  // The retry of the first request makes the shares of the servers uneven.
  const steps = [...LOST_REPLY.steps, { ...append, key: "1" }];
  const schedule = { nservers: 2, nreplicas: 1, isSpread: true, steps };
  await assertRejects(() => expectToHold(schedule), ScheduleFailure, "Server 0 got 2 requests");
});

Deno.test("expectToHold() refuses a value that is not a schedule", async () => {
  await assertRejects(() => expectToHold({ ...LOST_REPLY, steps: 3 }), CommandError, "steps: ");
});
