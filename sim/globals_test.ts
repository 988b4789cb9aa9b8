import {
  assert,
  assertEquals,
  assertMatch,
  assertNotStrictEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { delay } from "@std/async";
import { EPOCH_MS, GlobalsGuard } from "./globals.ts";
import { Random } from "./random.ts";
import { VirtualClock } from "./virtual_clock.ts";

const HOLDERS = {
  globalThis,
  AbortSignal,
  performance,
  Math,
  crypto,
  TemporalNow: Temporal.Now,
  DateTimeFormat: Intl.DateTimeFormat.prototype,
};
const ORIGINALS = descriptors();
const REPLACED = [
  "globalThis.setTimeout",
  "globalThis.setInterval",
  "globalThis.clearTimeout",
  "globalThis.clearInterval",
  "globalThis.setImmediate",
  "globalThis.clearImmediate",
  "globalThis.Date",
  "AbortSignal.timeout",
  "DateTimeFormat.format",
  "DateTimeFormat.formatToParts",
  "performance.now",
  ...["timeOrigin", "mark", "measure", "clearMarks", "clearMeasures", "clearResourceTimings"]
    .map((name) => `performance.${name}`),
  ...["setResourceTimingBufferSize", "getEntries", "getEntriesByName", "getEntriesByType", "toJSON"]
    .map((name) => `performance.${name}`),
  "Math.random",
  "crypto.getRandomValues",
  "crypto.randomUUID",
  "TemporalNow.instant",
  "TemporalNow.zonedDateTimeISO",
  "TemporalNow.plainDateTimeISO",
  "TemporalNow.plainDateISO",
  "TemporalNow.plainTimeISO",
];

/** The properties of all objects whose properties a guard replaces. */
function descriptors(): Map<string, PropertyDescriptor> {
  return new Map(
    Object.entries(HOLDERS).flatMap(([name, holder]) => {
      return Object.entries(Object.getOwnPropertyDescriptors(holder))
        .map(([key, descriptor]) => [`${name}.${key}`, descriptor]);
    }),
  );
}

/** The names of the globals that are not what they were when this module was
 * loaded. */
function changedGlobals(): string[] {
  const now = descriptors();
  return [...new Set([...now.keys(), ...ORIGINALS.keys()])].filter((name) => {
    const [one, other] = [now.get(name), ORIGINALS.get(name)];
    const attributes = ["value", "get", "set", "writable", "enumerable", "configurable"] as const;
    return one === undefined || other === undefined ||
      attributes.some((attribute) => !Object.is(one[attribute], other[attribute]));
  });
}

/** A clock that throws what goes wrong at the test. */
function makeClock(random: Random): VirtualClock {
  return new VirtualClock({
    random,
    onStuck: (how) => {
      throw new Error(`the clock reports a ${how}`);
    },
    onError: (error) => {
      throw error;
    },
  });
}

/** Runs a scenario with simulated globals. */
async function simulated<T>(run: () => T | Promise<T>, seed = 1): Promise<T> {
  const random = new Random(seed);
  const clock = makeClock(random);
  try {
    using _guard = new GlobalsGuard(clock, random);
    return await run();
  } finally {
    clock.stop();
  }
}

/** What the random globals give, a few times each. */
function drawRandomness() {
  return Array.from({ length: 5 }, () => ({
    number: Math.random(),
    bytes: [...crypto.getRandomValues(new Uint8Array(8))],
    uuid: crypto.randomUUID(),
  }));
}

/** What all the clocks say. */
function readClocks() {
  return {
    now: Date.now(),
    date: new Date().getTime(),
    text: Date(),
    performance: performance.now(),
    instant: Temporal.Now.instant().epochMilliseconds,
    zoned: Temporal.Now.zonedDateTimeISO("UTC").toString(),
    plain: Temporal.Now.plainDateTimeISO("UTC").toString(),
    plainDate: Temporal.Now.plainDateISO("UTC").toString(),
    plainTime: Temporal.Now.plainTimeISO("UTC").toString(),
  };
}

Deno.test("a simulated setTimeout() fires in the order of virtual time", async () => {
  await simulated(async () => {
    const fired: [string, number][] = [];
    const log = (...args: unknown[]) => void fired.push([args.join(" "), performance.now()]);
    setTimeout(log, 3_600_000, "an", "hour");
    setTimeout(log, 1000, "a", "second");
    await new Promise((resolve) => setTimeout(resolve, 3_600_001));
    assertEquals(fired, [["a second", 1000], ["an hour", 3_600_000]]);
  });
});

Deno.test("setTimeout() without a delay lets time pass", async () => {
  await simulated(async () => {
    for (const delayMs of [0, -5, NaN, undefined]) {
      const startMs = performance.now();
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      assertEquals(performance.now() - startMs, 1);
    }
  });
});

Deno.test("a simulated clearTimeout() keeps a timer from firing", async () => {
  await simulated(async () => {
    const fired: string[] = [];
    const cleared = setTimeout(() => fired.push("cleared"), 5);
    setTimeout(() => fired.push("kept"), 5);
    clearTimeout(cleared);
    clearTimeout(undefined);
    await delay(10);
    clearTimeout(cleared);
    assertEquals(fired, ["kept"]);
  });
});

Deno.test("a simulated setInterval() fires until it is cleared", async () => {
  await simulated(async () => {
    const ticks: [string, number][] = [];
    const outside = setInterval(() => ticks.push(["outside", performance.now()]), 20);
    const inside = setInterval(
      (name: string) => {
        ticks.push([name, performance.now()]);
        if (performance.now() > 25) clearInterval(inside);
      },
      15,
      "inside",
    );
    await delay(70);
    clearInterval(outside);
    await delay(1000);
    const expected = [["inside", 15], ["outside", 20], ["inside", 30], ["outside", 40]];
    assertEquals(ticks, [...expected, ["outside", 60]] as typeof ticks);
  });
});

Deno.test("a simulated setImmediate() passes its arguments and takes no time", async () => {
  await simulated(async () => {
    const run: unknown[] = [];
    setImmediate((...args: unknown[]) => run.push(args, performance.now()), "a", 1);
    clearImmediate(setImmediate(() => run.push("cleared")));
    await delay(1);
    assertEquals(run, [["a", 1], 0]);
  });
});

Deno.test("a simulated AbortSignal.timeout() aborts in virtual time", async () => {
  await simulated(async () => {
    const signal = AbortSignal.timeout(60_000);
    await delay(59_999);
    assertEquals(signal.aborted, false);
    await delay(2);
    assertEquals(signal.aborted, true);
    assert(signal.reason instanceof DOMException);
    assertEquals(signal.reason.name, "TimeoutError");
  });
});

Deno.test("delay() of the standard library takes virtual time", async () => {
  await simulated(async () => {
    await delay(86_400_000);
    assertEquals(performance.now(), 86_400_000);
  });
});

Deno.test("all simulated clocks start at the epoch and agree", async () => {
  await simulated(async () => {
    assertEquals(Date.now(), EPOCH_MS);
    await delay(90_061_007.75);
    const iso = "2000-01-02T01:01:01.007";
    assertEquals(readClocks(), {
      now: Date.parse(`${iso}Z`),
      date: Date.parse(`${iso}Z`),
      text: new Date(`${iso}Z`).toString(),
      performance: 90_061_007.75,
      instant: Date.parse(`${iso}Z`),
      zoned: `${iso}+00:00[UTC]`,
      plain: iso,
      plainDate: iso.slice(0, 10),
      plainTime: iso.slice(11),
    });
  });
});

Deno.test("a simulated Temporal.Now uses the machine's time zone if it gets none", async () => {
  await simulated(() => {
    const zone = Temporal.Now.timeZoneId();
    assertEquals(Temporal.Now.zonedDateTimeISO().timeZoneId, zone);
    const local = Temporal.Instant.fromEpochMilliseconds(EPOCH_MS).toZonedDateTimeISO(zone);
    assertEquals(Temporal.Now.plainDateTimeISO().toString(), local.toPlainDateTime().toString());
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

Deno.test("the random globals depend on the seed alone", async () => {
  const [one, other] = [await simulated(drawRandomness, 1), await simulated(drawRandomness, 2)];
  assertEquals(await simulated(drawRandomness, 1), one);
  for (const [i, { number, bytes, uuid }] of one.entries()) {
    assertNotStrictEquals(other[i]!.number, number);
    assertNotStrictEquals(String(other[i]!.bytes), String(bytes));
    assertNotStrictEquals(other[i]!.uuid, uuid);
  }
});

Deno.test("GlobalsGuard replaces the time and the chance of the runtime", async () => {
  assertEquals(await simulated(changedGlobals).then((names) => names.sort()), REPLACED.toSorted());
});

Deno.test("GlobalsGuard gives the originals back when its block throws", async () => {
  const failing = () => simulated(() => Promise.reject(new RangeError("thrown within")));
  await assertRejects(failing, RangeError, "thrown within");
  assertEquals(changedGlobals(), []);
});

Deno.test("GlobalsGuard stays in force when an abandoned one is disposed of late", async () => {
  const random = new Random(1);
  const clock = makeClock(random);
  const abandoned = new GlobalsGuard(clock, random);
  clock.stop();
  await simulated(async () => {
    abandoned[Symbol.dispose]();
    await delay(1000);
    assertEquals(Date.now(), EPOCH_MS + 1000);
    assertEquals(changedGlobals().length, REPLACED.length);
  });
  assertEquals(changedGlobals(), []);
});

Deno.test("GlobalsGuard changes nothing when it is disposed of twice", () => {
  const random = new Random(1);
  const clock = makeClock(random);
  clock.stop();
  const guard = new GlobalsGuard(clock, random);
  guard[Symbol.dispose]();
  guard[Symbol.dispose]();
  assertEquals(changedGlobals(), []);
});

Deno.test("a simulated setTimeout() fires at once if its delay is too long, as in the runtime", async () => {
  await simulated(async () => {
    await new Promise((resolve) => setTimeout(resolve, Infinity));
    assertEquals(performance.now(), 1);
  });
});

Deno.test("a simulated timer can be unreferenced, and cleared by its number", async () => {
  await simulated(async () => {
    let fired = 0;
    const one = setTimeout(() => fired++, 1).unref();
    const other = setTimeout(() => fired++, 1);
    clearTimeout(Number(one));
    clearTimeout(other);
    await new Promise((resolve) => setTimeout(resolve, 10));
    assertEquals(fired, 0);
  });
});

Deno.test("GlobalsGuard takes back what was assigned to the simulated Date", async () => {
  await simulated(() => {
    Date.now = () => 5;
    assertEquals(Date.now(), 5);
    assertEquals(new Date().constructor, Date);
  });
  assert(Date.now() > 5);
  assertEquals(new Date().constructor, Date);
});

Deno.test("a loop that waits for another time by reading the clock is reported", () => {
  const random = new Random(1);
  const clock = makeClock(random);
  const busy = new Error("busy");
  for (const now of [() => Date.now(), () => performance.now(), () => new Date().getTime()]) {
    using _guard = new GlobalsGuard(clock, random, () => {
      throw busy;
    });
    const untilMs = now() + 1;
    const error = assertThrows(() => {
      while (now() < untilMs);
    }, Error);
    assertEquals(error, busy);
  }
  clock.stop();
});
