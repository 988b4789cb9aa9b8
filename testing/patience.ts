/**
 * The time that one test may take before the runner ends it: nothing else ends a loop that
 * never yields.
 *
 * The runner counts the time on the wall of the whole test, and the limit is fixed before
 * the test begins. A usual machine needs a twentieth of the limit for the slowest test of
 * this lab. A slow or busy machine gets more, in proportion to the time of a short piece of
 * work. `ended.ts` tells a test that was held from one that used the time.
 *
 * @module
 */

import { realNow } from "../sim/mod.ts";

/** The limit of a test in simulated time on a usual machine, and on the slowest. */
const VIRTUAL_MS_MIN = 10_000;
const VIRTUAL_MS_MAX = 100_000;

/** The part of a test's limit that one event may take once a test was ended. */
const EVENT_SHARE = 0.2;

/** How long a test on the real clock may take. Nothing but this ends one that stands still. */
const REAL_MS = 180_000;

/** How long {@linkcode sampleWork} takes on a usual machine, the first time. */
const SAMPLE_MS = 8;

/** Returns the limit of one test in real milliseconds; `undefined` for none.
 *
 * @param run Whether time is simulated, and whether a debugger may hold the test.
 */
export function testMsMax(
  { clock, debug }: { clock: "virtual" | "real"; debug?: boolean | undefined },
): number | undefined {
  if (debug === true) return undefined;
  return clock === "real" ? REAL_MS : virtualMsMax(sampleMs());
}

/** Returns the limit of one event after a test that the runner had to end, in real
 * milliseconds: where one test loops, others will. `undefined` for none. */
export function eventMsMax(
  run: { clock: "virtual" | "real"; debug?: boolean | undefined },
): number | undefined {
  const msMax = run.clock === "real" ? undefined : testMsMax(run);
  return msMax && Math.round(msMax * EVENT_SHARE);
}

/** Returns the limit for a machine that took this long for the sample. */
export function virtualMsMax(sampleMs: number): number {
  // The runner takes whole numbers only.
  return Math.round(Math.min(VIRTUAL_MS_MAX, VIRTUAL_MS_MIN * Math.max(1, sampleMs / SAMPLE_MS)));
}

function sampleMs(): number {
  const startMs = realNow();
  sampleWork();
  return realNow() - startMs;
}

/** Does what tests do most: small objects, maps and texts. */
function sampleWork(): number {
  const entries = new Map<string, { value: string; version: number }>();
  let length = 0;
  for (let i = 0; i < 20_000; i++) {
    const key = String(i % 1000);
    const version = (entries.get(key)?.version ?? 0) + 1;
    entries.set(key, { value: `x ${version} y`, version });
    if (i % 100 === 0) length += JSON.stringify(entries.get(key)).length;
  }
  return length;
}
