import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { delay } from "@std/async";
import { EPOCH_MS } from "./globals.ts";
import { Simulation, StuckError } from "./simulation.ts";

const HOLDERS = {
  globalThis,
  AbortSignal,
  performance,
  Math,
  crypto,
  "DateTimeFormat.prototype": Intl.DateTimeFormat.prototype,
};
const ORIGINALS = descriptors();
const names = (holder: string, keys: string) => keys.split(" ").map((key) => `${holder}.${key}`);
const REPLACED = [
  ...names("globalThis", "setTimeout setInterval clearTimeout clearInterval setImmediate"),
  ...names("globalThis", "clearImmediate Date"),
  "AbortSignal.timeout",
  ...names("DateTimeFormat.prototype", "format formatToParts"),
  ...names("performance", "now timeOrigin mark measure clearMarks clearMeasures toJSON"),
  ...names("performance", "clearResourceTimings setResourceTimingBufferSize"),
  ...names("performance", "getEntries getEntriesByName getEntriesByType"),
  "Math.random",
  ...names("crypto", "getRandomValues randomUUID"),
].sort();

/** Returns all properties of the objects in which a guard replaces some. */
function descriptors(): Map<string, PropertyDescriptor> {
  return new Map(
    Object.entries(HOLDERS).flatMap(([name, holder]) => {
      return Object.entries(Object.getOwnPropertyDescriptors(holder))
        .map(([key, descriptor]) => [`${name}.${key}`, descriptor]);
    }),
  );
}

/** Returns the names of the globals that have changed since this module was loaded. */
function changedGlobals(): string[] {
  const now = descriptors();
  return [...new Set([...now.keys(), ...ORIGINALS.keys()])].filter((name) => {
    const [one, other] = [now.get(name), ORIGINALS.get(name)];
    const attributes = ["value", "get", "set", "writable", "enumerable", "configurable"] as const;
    return one === undefined || other === undefined ||
      attributes.some((attribute) => !Object.is(one[attribute], other[attribute]));
  }).sort();
}

/** Runs a scenario with simulated globals. */
async function simulated<T>(run: () => T | Promise<T>): Promise<T> {
  using _simulation = new Simulation({ seed: 1, clock: "virtual" });
  return await run();
}

Deno.test("simulated timers fire in the order of virtual time, with their arguments", async () => {
  await simulated(async () => {
    const fired: unknown[] = [];
    const log = (...args: unknown[]) => void fired.push([...args, performance.now()]);
    setTimeout(log, 3_600_000, "an", "hour");
    setTimeout(log, 1000, "a", "second");
    setImmediate(log, "at once");
    clearImmediate(setImmediate(log, "cleared"));
    await delay(3_600_001);
    assertEquals(fired, [["at once", 0], ["a", "second", 1000], ["an", "hour", 3_600_000]]);
  });
});

Deno.test("setTimeout() without a delay or with an impossible one takes a millisecond", async () => {
  await simulated(async () => {
    for (const delayMs of [0, -5, NaN, undefined, Infinity]) {
      const startMs = performance.now();
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      assertEquals(performance.now() - startMs, 1);
    }
  });
});

Deno.test("a simulated timer can be cleared, even by its number or after unref()", async () => {
  await simulated(async () => {
    const fired: string[] = [];
    const cleared = setTimeout(() => fired.push("cleared"), 5);
    const byNumber = setTimeout(() => fired.push("cleared by its number"), 1).unref();
    setTimeout(() => fired.push("kept"), 5);
    clearTimeout(cleared);
    clearTimeout(undefined);
    clearTimeout(Number(byNumber));
    await delay(10);
    clearTimeout(cleared);
    assertEquals(fired, ["kept"]);
  });
});

Deno.test("a simulated setInterval() fires until it is cleared", async () => {
  await simulated(async () => {
    const ticks: string[] = [];
    const tick = (name: string) => void ticks.push(`${name} ${performance.now()}`);
    const outside = setInterval(tick, 20, "outside");
    const inside = setInterval(
      (name: string) => {
        tick(name);
        if (performance.now() > 25) clearInterval(inside);
      },
      15,
      "inside",
    );
    await delay(70);
    clearInterval(outside);
    await delay(1000);
    assertEquals(ticks, ["inside 15", "outside 20", "inside 30", "outside 40", "outside 60"]);
  });
});

Deno.test("a simulated AbortSignal.timeout() aborts in virtual time", async () => {
  await simulated(async () => {
    const signal = AbortSignal.timeout(60_000);
    await delay(59_999);
    assertEquals(signal.aborted, false);
    await delay(2);
    assert(signal.aborted && signal.reason instanceof DOMException);
    assertEquals(signal.reason.name, "TimeoutError");
  });
});

Deno.test("all simulated clocks start at the epoch and agree", async () => {
  await simulated(async () => {
    assertEquals(Date.now(), EPOCH_MS);
    await delay(90_061_007.75);
    const epochMs = Date.parse("2000-01-02T01:01:01.007Z");
    assertEquals([Date.now(), new Date().getTime()], [epochMs, epochMs]);
    assertEquals(Date(), new Date(epochMs).toString());
    assertEquals(performance.now(), 90_061_007.75);
  });
});

Deno.test("a date format without a date takes the simulated present", async () => {
  await simulated(async () => {
    await delay(86_400_000);
    const format = new Intl.DateTimeFormat("en", { dateStyle: "short", timeZone: "UTC" });
    assertEquals(format.format(), "1/2/00");
    assertEquals([0, new Date(0)].map(format.format), ["1/1/70", "1/1/70"]);
    assertEquals(format.formatToParts(), format.formatToParts(Date.now()));
    assertEquals(format.formatToParts(0).at(-1), { type: "year", value: "70" });
  });
});

Deno.test("a simulated performance tells nothing but the simulated time", async () => {
  await simulated(() => {
    const { mark, timeOrigin } = performance as Partial<Performance>;
    assertEquals([mark, timeOrigin], [undefined, undefined]);
  });
  assert(performance.timeOrigin > 0);
});

Deno.test("a simulated Date keeps every other method of Date", async () => {
  const before = new Date(5);
  const local = new Date(2020, 1, 29, 12, 30).getTime();
  await simulated(() => {
    assertEquals(new Date(5).getTime(), 5);
    assertEquals(new Date(0).getTime(), 0);
    assertEquals(new Date("2020-02-29T00:00:00Z").getTime(), Date.UTC(2020, 1, 29));
    assertEquals(new Date(2020, 1, 29, 12, 30).getTime(), local);
    assertEquals(Date.parse("2020-02-29T00:00:00Z"), 1_582_934_400_000);
    assert(Number.isNaN(new Date(undefined!).getTime()));
    assert(before instanceof Date && new Date() instanceof Date);
    assert(!({} instanceof Date));
    assertEquals(new Date(before), before);
  });
});

Deno.test("a simulated Date can be a base class", async () => {
  await simulated(async () => {
    class Day extends Date {
      get day() {
        return this.toISOString().slice(0, 10);
      }
    }
    await delay(86_400_000);
    assertEquals(new Day().day, "2000-01-02");
    assertEquals(new Day(0).day, "1970-01-01");
    assert(new Day() instanceof Date && new Day() instanceof Day);
  });
});

Deno.test("a simulated Math.random() stays in [0, 1) and has 53 bits", async () => {
  const numbers = await simulated(() => Array.from({ length: 10_000 }, () => Math.random()));
  assert(numbers.every((number) => number >= 0 && number < 1));
  assertEquals(new Set(numbers.map((number) => Math.floor(number * 100))).size, 100);
  assert(numbers.every((number) => Number.isInteger(number * 2 ** 53)));
  assert(numbers.some((number) => number * 2 ** 53 % 2 === 1));
});

Deno.test("a simulated crypto.randomUUID() has the form of version 4 and never repeats", async () => {
  const uuids = await simulated(() => Array.from({ length: 1000 }, () => crypto.randomUUID()));
  for (const uuid of uuids) {
    assertMatch(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assertEquals(new Set(uuids).size, uuids.length);
});

Deno.test("a simulated crypto.getRandomValues() fills the given view and no more", async () => {
  await simulated(() => {
    const all = new Uint32Array(1000);
    const view = all.subarray(100, 900);
    assert(crypto.getRandomValues(view) === view);
    assert(all.subarray(0, 100).every((number) => number === 0));
    assert(all.subarray(900).every((number) => number === 0));
    assertEquals(new Set(view).size, view.length);
    assert(view.some((number) => number > 2 ** 31));
  });
});

Deno.test("GlobalsGuard replaces every source of time and randomness", async () => {
  assertEquals(await simulated(changedGlobals), REPLACED);
});

Deno.test("GlobalsGuard restores the originals when its block throws", async () => {
  const failing = () => simulated(() => Promise.reject(new RangeError("thrown within")));
  await assertRejects(failing, RangeError, "thrown within");
  assertEquals(changedGlobals(), []);
});

Deno.test("GlobalsGuard discards assignments to the simulated Date", async () => {
  await simulated(() => {
    Date.now = () => 5;
    assertEquals(Date.now(), 5);
    assertEquals(new Date().constructor, Date);
  });
  assert(Date.now() > 5);
  assertEquals(new Date().constructor, Date);
});

Deno.test("a loop that reads the clock until a later time is reported", async () => {
  for (const now of [() => Date.now(), () => performance.now(), () => new Date().getTime()]) {
    await simulated(() => {
      const untilMs = now() + 1;
      const wait = () => {
        while (now() < untilMs);
      };
      assertEquals(assertThrows(wait, StuckError).how, "busyWait");
    });
  }
});
