import { assertEquals } from "@std/assert";
import { LIMITS, limitsFor } from "./limits.ts";
import type { JudgeLine } from "./protocol.ts";
import { Watch } from "./watch.ts";

const LIMIT_MS = 100;
const LOOSE_MS = 1_000_000;
const LOOSE = {
  ...LIMITS,
  loadMsMax: LOOSE_MS,
  silentMsMax: LOOSE_MS,
  seedMsMax: LOOSE_MS,
  testMsMax: LOOSE_MS,
  msMax: LOOSE_MS,
};

const started = (test: string, seed: number): JudgeLine => {
  return { kind: "started", test, title: "", seed };
};
const alive: JudgeLine = { kind: "alive" };

/** Returns a watch on a process that has loaded the submission. */
function watching(limits: Partial<typeof LOOSE>): Watch {
  const watch = new Watch({ ...LOOSE, ...limits });
  watch.heard({ kind: "ready" });
  watch.heard({ kind: "loaded" });
  return watch;
}

Deno.test("Watch reports a silence in the second sample", () => {
  const watch = watching({ silentMsMax: LIMIT_MS });
  const seen = [10, 110, 111, 112].map((ms) => watch.sample(ms, 1));
  assertEquals(seen, [undefined, undefined, undefined, "silent"]);
});

Deno.test("Watch reports no silence after a new line", () => {
  const watch = watching({ silentMsMax: LIMIT_MS });
  assertEquals([10, 111].map((ms) => watch.sample(ms, 1)), [undefined, undefined]);
  watch.heard(alive);
  assertEquals([112, 212, 213].map((ms) => watch.sample(ms, 1)), Array(3).fill(undefined));
});

Deno.test("Watch limits the time of each seed and the sum of a test", () => {
  const watch = watching({ seedMsMax: LIMIT_MS, testMsMax: 2 * LIMIT_MS });
  const seen: unknown[] = [];
  for (const seed of [0, 1, 2]) {
    watch.heard(started("TestBasic", seed));
    for (const ms of [1, 50, 99]) {
      watch.heard(alive);
      seen.push(watch.sample(LIMIT_MS * seed + ms, 1));
    }
  }
  assertEquals(seen.filter((excess) => excess !== undefined), ["test"]);
  watch.heard(started("TestConcurrent", 0));
  assertEquals([300, 399].map((ms) => watch.sample(ms, 1)), [undefined, undefined]);
  assertEquals([401, 402].map((ms) => watch.sample(ms, 1)), [undefined, "seed"]);
});

Deno.test("Watch does not count the loading of the lab against a submission", () => {
  const watch = new Watch({ ...LOOSE, loadMsMax: LIMIT_MS, silentMsMax: LIMIT_MS });
  assertEquals([0, 5_000, 5_001].map((ms) => watch.sample(ms, 1)), Array(3).fill(undefined));
  watch.heard({ kind: "ready" });
  assertEquals([5_002, 5_102].map((ms) => watch.sample(ms, 1)), Array(2).fill(undefined));
  assertEquals([5_103, 5_104].map((ms) => watch.sample(ms, 1)), [undefined, "load"]);
});

Deno.test("Watch reports the limits of the submission and of memory", () => {
  const watch = watching({ msMax: LIMIT_MS });
  assertEquals([101, 102].map((ms) => watch.sample(ms, 1)), [undefined, "submission"]);
  assertEquals(watching({}).sample(1, LIMITS.residentMbMax + 1), "memory");
});

Deno.test("limitsFor() gives a test and a submission more time for more seeds", () => {
  const { testMsMax, submissionMsMax, ...others } = limitsFor(1_500);
  assertEquals([testMsMax, submissionMsMax], [60 * 60_000, 60 * 180_000]);
  assertEquals(limitsFor(25), LIMITS);
  assertEquals({ ...LIMITS, ...others }, LIMITS);
});
