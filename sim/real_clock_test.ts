import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async";
import { RealClock } from "./real_clock.ts";

Deno.test("RealClock fires timers in the order of deadlines, but not those that are cleared", async () => {
  const clock = new RealClock();
  const startMs = clock.now();
  const fired: number[] = [];
  const timers = [6, 1, 3].map((delayMs) => clock.setTimer(delayMs, () => fired.push(delayMs)));
  clock.clearTimer(clock.setTimer(2, () => fired.push(2)));
  await new Promise<void>((resolve) => clock.setTimer(9, resolve));
  clock.clearTimer(timers[0]!);
  assertEquals(fired, [1, 3, 6]);
  assert(clock.now() > startMs && startMs >= 0);
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
