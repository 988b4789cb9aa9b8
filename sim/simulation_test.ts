import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { delay } from "@std/async";
import { EPOCH_MS } from "./globals.ts";
import { Simulation, type SimulationOptions, StuckError } from "./simulation.ts";

const virtual: SimulationOptions = { seed: 1, clock: "virtual" };

/** Returns a promise that is never settled. */
const never = () => new Promise<never>(() => {});

/** Waits in real time, even while the globals are simulated. */
const { setTimeout: setRealTimeout } = globalThis;
const realDelay = (delayMs: number) => {
  return new Promise<void>((resolve) => void setRealTimeout(resolve, delayMs));
};

/** Returns the reason with which a promise is rejected. */
async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol("no rejection");
  const reason = await promise.then(() => nothing, (error: unknown) => error);
  assert(reason !== nothing, "the promise was not rejected");
  return reason;
}

Deno.test("Simulation.wait() resolves or rejects as its promise does, and the run goes on", async () => {
  using simulation = new Simulation(virtual);
  assertEquals(await simulation.wait("a value", Promise.resolve(42)), 42);
  const later = new Promise((resolve) => simulation.clock.setTimer(5, () => resolve("late")));
  assertEquals(await simulation.wait("a later value", later), "late");
  const error = new RangeError("rejected");
  assert(await rejectionOf(simulation.wait("a value", Promise.reject(error))) === error);
  assertEquals(simulation.failure, undefined);
  await simulation.sleep(5);
});

Deno.test("the first Simulation.fail() rejects every wait, even later ones, and stops time", async () => {
  using simulation = new Simulation(virtual);
  const waits = [simulation.wait("one", never()), simulation.wait("two", never())];
  waits.push(simulation.sleep(10) as Promise<never>);
  let fired = false;
  setTimeout(() => fired = true, 1);
  const error = new Error("the first");
  simulation.fail(error);
  simulation.fail(new Error("the second"));
  waits.push(simulation.wait("later", never()), simulation.sleep(1) as Promise<never>);
  // An unhandled rejection would end this whole module.
  waits.push(simulation.wait("rejected later", Promise.reject(new Error("late"))));
  for (const wait of waits) assert(await rejectionOf(wait) === error);
  assert(simulation.failure?.error === error);
  await realDelay(2);
  assert(!fired);
});

Deno.test("Simulation reports a deadlock with time and waits when nothing is left to run", async () => {
  using simulation = new Simulation(virtual);
  const first = simulation.wait('clerk 0: get("a")', never());
  await simulation.sleep(1500);
  await simulation.wait("what is done does not wait", Promise.resolve());
  const second = simulation.wait('clerk 1: put("b", "1")', never());
  const error = await assertRejects(() => first, StuckError);
  assertEquals(error.how, "deadlock");
  assertEquals(
    error.message,
    "Deadlock at 1500.0 virtual ms: nothing is left to run, and these operations wait:\n" +
      '    clerk 0: get("a"), since 0.0 ms\n' +
      '    clerk 1: put("b", "1"), since 1500.0 ms',
  );
  assert(await rejectionOf(second) === error);
});

Deno.test("Simulation reports a livelock with time and waits when events never end", async () => {
  using simulation = new Simulation(virtual);
  await simulation.sleep(10);
  setInterval(() => {}, 1);
  const wait = simulation.wait('clerk 0: get("a")', never());
  const error = await assertRejects(() => wait, StuckError);
  assertEquals(error.how, "livelock");
  assertEquals(
    error.message.replace(/(?<=at )\d+(?=\.\d virtual ms)/, "many"),
    "Livelock at many.0 virtual ms: 50000 events ran and no operation returned, " +
      'and these operations wait:\n    clerk 0: get("a"), since 10.0 ms',
  );
});

Deno.test("StuckError lists no operation if only the test itself pauses", async () => {
  using simulation = new Simulation(virtual);
  setInterval(() => {}, 1);
  const error = await assertRejects(() => simulation.sleep(1e9), StuckError);
  assertEquals(error.how, "livelock");
  assertStringIncludes(error.message, "and no operation waits: look for calls and timers");
});

Deno.test("Simulation reports no livelock when operations return", async () => {
  using simulation = new Simulation(virtual);
  setInterval(() => {}, 1);
  for (let n = 0; n < 3; n++) await simulation.wait("an operation", delay(30_000));
  assertEquals(simulation.clock.now(), 90_000);
});

Deno.test("Simulation reports a livelock when nothing but sleep() returns", async () => {
  using simulation = new Simulation(virtual);
  const wait = simulation.wait("an operation", never());
  const poll = async () => {
    for (;;) await simulation.sleep(1);
  };
  const polled = poll();
  assertEquals((await assertRejects(() => wait, StuckError)).how, "livelock");
  await assertRejects(() => polled, StuckError);
});

Deno.test("Simulation reports a deadlock only when an operation waits", async () => {
  using simulation = new Simulation(virtual);
  await realDelay(40);
  assertEquals(simulation.failure, undefined);
  await simulation.sleep(10);
  await realDelay(40);
  await assertRejects(() => simulation.wait("one", never()), StuckError);
});

const thrown = new Error("nobody handles this");
const throwIt = () => {
  throw thrown;
};
const UNHANDLED: Record<string, [start: () => void, atMs: number]> = {
  "a rejection is not handled": [() => setTimeout(() => void Promise.reject(thrown), 5), 5],
  "a timer throws": [() => setTimeout(throwIt, 5), 5],
  "a microtask throws": [() => queueMicrotask(throwIt), 0],
};

for (const [what, [start, atMs]] of Object.entries(UNHANDLED)) {
  Deno.test(`Simulation fails at the same time with and without limits when ${what}`, async () => {
    for (const limits of [undefined, { turnMsMax: 60_000, cpuMsMax: Infinity }]) {
      using simulation = new Simulation({ ...virtual, limits });
      start();
      setInterval(() => {}, 1);
      assert(await rejectionOf(simulation.sleep(100)) === thrown);
      assertEquals(simulation.clock.now(), atMs);
    }
  });
}

Deno.test("Simulation leaves errors alone when it is disposed of", () => {
  const dispatchError = () => {
    return globalThis.dispatchEvent(new ErrorEvent("error", { cancelable: true }));
  };
  {
    using _simulation = new Simulation(virtual);
    assertEquals(dispatchError(), false);
  }
  assertEquals(dispatchError(), true);
});

Deno.test("Simulation runs in an order that depends on the seed alone", async () => {
  const run = async (seed: number) => {
    using simulation = new Simulation({ ...virtual, seed });
    const tasks = Array.from({ length: 10 }, async (_, task) => {
      for (let step = 0; step < 5; step++) {
        await delay(Math.floor(Math.random() * 3)); // often two at the same time
        simulation.trace.record(`task ${task} at ${simulation.clock.now()}`);
      }
    });
    await simulation.wait("all tasks", Promise.all(tasks));
    return simulation.trace.digest;
  };
  const one = await run(1);
  assertEquals(await run(1), one);
  assertNotStrictEquals(await run(2), one);
});

Deno.test("a new Simulation disposes of one that was abandoned", async () => {
  const originals = [setTimeout, Date, Math.random];
  const fired: string[] = [];
  const _abandoned = new Simulation(virtual);
  setTimeout(() => fired.push("abandoned"), 1);
  setInterval(() => fired.push("abandoned"), 1);
  {
    using simulation = new Simulation(virtual);
    setTimeout(() => fired.push("new"), 1);
    await simulation.sleep(100);
    assertEquals(simulation.clock.now(), 100);
  }
  await realDelay(2);
  assertEquals(fired, ["new"]);
  assert([setTimeout, Date, Math.random].every((now, i) => now === originals[i]));
});

Deno.test("a new Simulation disposes of the one before it although an older one was disposed of late", async () => {
  const fired: string[] = [];
  const first = new Simulation(virtual);
  const _second = new Simulation(virtual);
  first[Symbol.dispose]();
  assertEquals(Date.now(), EPOCH_MS);
  setTimeout(() => fired.push("second"), 1);
  using third = new Simulation(virtual);
  await third.sleep(100);
  assertEquals(fired, []);
});

Deno.test("Simulation leaves the globals alone when its clock is real", async () => {
  const originals = [setTimeout, Date, Math.random];
  using simulation = new Simulation({ seed: 1, clock: "real" });
  assert([setTimeout, Date, Math.random].every((now, i) => now === originals[i]));
  await simulation.sleep(2);
  const error = new Error("ended");
  const wait = simulation.wait("one", never());
  simulation.fail(error);
  assert(await rejectionOf(wait) === error);
});
