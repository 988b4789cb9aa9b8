import { assertEquals } from "@std/assert";
import { ChargedClock } from "./charged_clock.ts";

const STEP_MS_MAX = 200;

/** Returns the charged time after some updates. */
function charged(...updates: Parameters<ChargedClock["update"]>[]): number {
  const clock = new ChargedClock(0, STEP_MS_MAX);
  for (const update of updates) clock.update(...update);
  return clock.chargedMs;
}

Deno.test("ChargedClock charges processor time while the process computes", () => {
  const isAsleep = false;
  assertEquals(charged([100, { cpuMs: 30, isAsleep }], [200, { cpuMs: 90, isAsleep }]), 90);
});

Deno.test("ChargedClock charges nothing while the machine is busy, stopped or asleep", () => {
  const usage = { cpuMs: 30, isAsleep: false };
  assertEquals(charged([100, usage], [10_000, usage]), 30);
});

Deno.test("ChargedClock charges wall time while the process waits", () => {
  const usage = { cpuMs: 0, isAsleep: true };
  assertEquals(charged([100, usage], [200, usage]), 200);
  // The parent slept for a minute, so the process may have slept as well.
  assertEquals(charged([100, usage], [60_000, usage]), 100 + STEP_MS_MAX);
});

Deno.test("ChargedClock charges no more than wall time when several threads compute", () => {
  assertEquals(charged([100, { cpuMs: 380, isAsleep: false }]), 100);
});

Deno.test("ChargedClock charges wall time when the system does not report processor time", () => {
  assertEquals(charged([100, undefined], [200, undefined], [90_000, undefined]), 400);
});
