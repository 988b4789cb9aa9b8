import { assert, assertEquals } from "@std/assert";
import { endOfTurn } from "./turn.ts";
import { Random } from "./random.ts";
import { type StuckOnTime, type TimeLimits, VirtualClock } from "./virtual_clock.ts";

/** Runs a clock until it is stuck. Every run ends: a clock with nothing left to do reports a
 * deadlock. */
async function runToEnd(
  setUp: (clock: VirtualClock) => void,
  seed = 1,
  limits?: TimeLimits,
): Promise<StuckOnTime> {
  const { promise, resolve } = Promise.withResolvers<StuckOnTime>();
  const clock = new VirtualClock({
    random: new Random(seed),
    limits,
    onStuck: resolve,
    onError() {},
  });
  setUp(clock);
  const how = await promise;
  clock.stop();
  return how;
}

/** Runs a number of events in sequence. */
function runChain(clock: VirtualClock, events: number, then = () => {}): void {
  if (events === 0) return then();
  clock.setTimer(1, () => runChain(clock, events - 1, then));
}

Deno.test("VirtualClock.setTimer() fires in the order of deadlines, and never back in time", async () => {
  const fired: number[] = [];
  const yearMs = 365 * 24 * 3600 * 1000;
  await runToEnd((clock) => {
    const fire = () => void fired.push(clock.now());
    for (const deadlineMs of [30, 0.5, yearMs, 7, 0, 7.25]) clock.setTimer(deadlineMs, fire);
    clock.setTimer(10, () => {
      for (const delayMs of [5, 2, -5, NaN, 0]) clock.setTimer(delayMs, fire);
    });
    clock.setTimer(13, fire);
    assertEquals(clock.now(), 0);
  });
  assertEquals(fired, [0, 0.5, 7, 7.25, 10, 10, 10, 12, 13, 15, 30, yearMs]);
});

Deno.test("VirtualClock follows every promise that an event settled to its end", async () => {
  const log: string[] = [];
  await runToEnd((clock) => {
    // More events than a turn of the event loop has, and each starts a long chain.
    for (let i = 0; i < 200; i++) {
      clock.setTimer(i / 1000, async () => {
        log.push(`event ${i}`);
        for (let awaits = 0; awaits < 300; awaits++) await null;
        log.push(`end ${i}`);
      });
    }
  });
  assertEquals(log, Array.from({ length: 200 }, (_, i) => [`event ${i}`, `end ${i}`]).flat());
});

Deno.test("VirtualClock fires equal deadlines in an order that the seed decides", async () => {
  const orderOf = async (seed: number) => {
    const order: number[] = [];
    await runToEnd((clock) => {
      for (let i = 0; i < 20; i++) clock.setTimer(5, () => order.push(i));
    }, seed);
    return order;
  };
  const order = await orderOf(1);
  assertEquals(await orderOf(1), order);
  const sorted = order.toSorted((a, b) => a - b);
  assertEquals(sorted, [...order.keys()]);
  assertEquals(new Set([order, sorted, await orderOf(2)].map(String)).size, 3);
});

Deno.test("VirtualClock waits for real work to add an event, even on a busy machine", async () => {
  const fired: number[] = [];
  await runToEnd(async (clock) => {
    for (let hop = 0; hop < 3; hop++) {
      await new Promise((resolve) => setImmediate(resolve));
      // As if the machine ran something else for longer than the clock waits.
      const untilMs = performance.now() + 25;
      while (performance.now() < untilMs);
    }
    clock.setTimer(3, () => fired.push(clock.now()));
  });
  assertEquals(fired, [3]);
});

const LOOPS: Record<string, () => unknown> = {
  "a loop": () => {
    for (;;);
  },
  "a loop that awaits nothing": async () => {
    for (;;) await null;
  },
};

for (const [what, action] of Object.entries(LOOPS)) {
  Deno.test(`VirtualClock ends ${what} if turns have a limit`, async () => {
    const setUp = (clock: VirtualClock) => runChain(clock, 3, () => void action());
    const limits = { turnMsMax: 50, cpuMsMax: Infinity };
    const how = await runToEnd(setUp, 1, limits);
    // A busy machine gives a loop too little time within so short a limit.
    assert(["neverYields", "starved"].includes(how), how);
  });
}

Deno.test("VirtualClock ends a run that has used up its processor time", async () => {
  const limits = { turnMsMax: 10_000, cpuMsMax: -1 };
  const how = await runToEnd((clock) => runChain(clock, 1_000), 1, limits);
  assertEquals(how, "outOfTime");
});

Deno.test("a suspended or starved turn is told from a loop, even on a busy machine", () => {
  assertEquals(endOfTurn(65_200, 400), "held");
  assertEquals(endOfTurn(10_000, 900), "starved");
  assertEquals(endOfTurn(10_000, 1_100), "neverYields");
  assertEquals(endOfTurn(2_000, 500), "neverYields");
  assertEquals(endOfTurn(50, 0), "starved", "no pause that a busy machine makes ends a run");
});

Deno.test("VirtualClock runs the same events in the same order if turns have a limit", async () => {
  const runs = [undefined, { turnMsMax: 10_000, cpuMsMax: Infinity }].map(async (limits) => {
    const log: string[] = [];
    await runToEnd(
      (clock) => {
        for (let i = 0; i < 5; i++) {
          clock.setTimer(i % 2, async () => {
            log.push(`fired ${i}`);
            await null;
            log.push(`followed ${i}`);
            clock.setTimer(1, () => log.push(`later ${i}`));
          });
        }
      },
      1,
      limits,
    );
    return log;
  });
  const [without, within] = await Promise.all(runs);
  assertEquals(without!.length, 15);
  assertEquals(within, without);
});
