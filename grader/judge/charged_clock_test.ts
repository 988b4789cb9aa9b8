import { assertEquals } from "@std/assert";
import { ChargedClock } from "./charged_clock.ts";

const STEP_MS_MAX = 200;

/** Returns the charge of a clock for a list of readings, each a time on the wall and a usage. */
function charged(...readings: Parameters<ChargedClock["update"]>[]): number {
  const clock = new ChargedClock(0, STEP_MS_MAX);
  for (const reading of readings) clock.update(...reading);
  return clock.chargedMs;
}

Deno.test("ChargedClock charges a process for its processor time while it computes", () => {
  const isAsleep = false;
  assertEquals(charged([100, { cpuMs: 30, isAsleep }], [200, { cpuMs: 90, isAsleep }]), 90);
});

Deno.test("ChargedClock charges nothing when the machine is busy, stopped or asleep", () => {
  const usage = { cpuMs: 30, isAsleep: false };
  assertEquals(charged([100, usage], [10_000, usage]), 30);
});

Deno.test("ChargedClock charges the time on the wall when the process waits", () => {
  const usage = { cpuMs: 0, isAsleep: true };
  assertEquals(charged([100, usage], [200, usage]), 200);
  // The parent did not look for a minute: nobody knows what the process did.
  assertEquals(charged([100, usage], [60_000, usage]), 100 + STEP_MS_MAX);
});

Deno.test("ChargedClock charges no more than the time on the wall when threads compute", () => {
  assertEquals(charged([100, { cpuMs: 380, isAsleep: false }]), 100);
});

Deno.test("ChargedClock charges the time on the wall when the system does not say more", () => {
  assertEquals(charged([100, undefined], [200, undefined], [90_000, undefined]), 400);
});
