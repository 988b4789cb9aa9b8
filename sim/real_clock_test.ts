import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { GlobalsGuard } from "./globals.ts";
import { Random } from "./random.ts";
import { RealClock, realNow } from "./real_clock.ts";

Deno.test("RealClock.now() has moved on when a timer fires", async () => {
  const clock = new RealClock();
  const startMs = clock.now();
  await new Promise<void>((resolve) => clock.setTimer(2, resolve));
  assert(clock.now() > startMs && startMs >= 0);
});

Deno.test("RealClock.setTimer() fires in the order of deadlines", async () => {
  const clock = new RealClock();
  const fired: number[] = [];
  for (const delayMs of [6, 1, 3]) clock.setTimer(delayMs, () => fired.push(delayMs));
  await new Promise<void>((resolve) => clock.setTimer(9, resolve));
  assertEquals(fired, [1, 3, 6]);
});

Deno.test("RealClock.clearTimer() keeps a timer from firing", async () => {
  const clock = new RealClock();
  const fired: string[] = [];
  const cleared = clock.setTimer(1, () => fired.push("cleared"));
  const kept = clock.setTimer(1, () => fired.push("kept"));
  clock.clearTimer(cleared);
  await delay(4);
  clock.clearTimer(kept);
  assertEquals(fired, ["kept"]);
});

Deno.test("RealClock.stop() keeps all timers from firing", async () => {
  const clock = new RealClock();
  const fired: string[] = [];
  clock.setTimer(1, () => fired.push("set before"));
  clock.stop();
  clock.clearTimer(clock.setTimer(1, () => fired.push("set after and cleared")));
  clock.setTimer(1, () => fired.push("set after"));
  await delay(4);
  assertEquals(fired, []);
});

Deno.test("realNow() tells the machine's time when the globals are simulated", () => {
  const before = realNow();
  using _guard = new GlobalsGuard(new RealClock(), new Random(1));
  performance.now = () => -1;
  assert(realNow() >= before);
});
