/**
 * The real time that one test may take.
 *
 * A run in simulated time limits its processor time, so that a sleeping or busy machine does not
 * count. The runner's limit of wall time is a last resort.
 *
 * @module
 */

import { cpuNow, type TimeLimits } from "../sim/mod.ts";

/** The limit of a run's processor time on a usual machine, 20 times that of the slowest test. */
const RUN_MS_MIN = 10_000;

/** The same limit on the slowest machine. */
const RUN_MS_MAX = 100_000;

/** The share of the limit that one turn of the event loop may take in wall time. */
const TURN_SHARE = 0.5;

/** The same after a test with an endless loop: more tests will loop. */
const TURN_SHARE_AFTER_END = 0.2;

/** The runner's limit of a test in simulated time, and so of a breakpoint. */
const VIRTUAL_MS = 600_000;

/** The runner's limit of a test on the real clock, where nothing else ends a deadlock. */
const REAL_MS = 180_000;

/** The processor time of the first {@linkcode doSample} on a usual machine. */
const SAMPLE_MS = 8;

/** The options of a test that decide its limits. */
interface Run {
  readonly clock: "virtual" | "real";
  /** True if a debugger may hold the test for as long as it likes. */
  readonly debug?: true;
}

/** Returns the runner's limit of one test in real milliseconds; `undefined` for none. */
export function testMsMax({ clock, debug }: Run): number | undefined {
  if (debug) return undefined;
  return clock === "real" ? REAL_MS : VIRTUAL_MS;
}

/** Returns the limits of one run in simulated time.
 *
 * @param hasEnded True if an earlier test never yielded. */
export function timeLimits(hasEnded: boolean): TimeLimits {
  const msMax = runMsMax(sampleMs());
  const share = hasEnded ? TURN_SHARE_AFTER_END : TURN_SHARE;
  return { turnMsMax: Math.round(msMax * share), cpuMsMax: msMax };
}

/** Returns the limit for a machine that needed this long for the sample. */
export function runMsMax(sampleMs: number): number {
  // The runtime takes whole numbers only.
  return Math.round(Math.min(RUN_MS_MAX, RUN_MS_MIN * Math.max(1, sampleMs / SAMPLE_MS)));
}

let sampledMs: number | undefined;

function sampleMs(): number {
  if (sampledMs !== undefined) return sampledMs;
  const startMs = cpuNow();
  doSample();
  return sampledMs = cpuNow() - startMs;
}

/** Does what tests mostly do: makes small objects, maps and texts. */
function doSample(): number {
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
