/**
 * One turn of the event loop: runs several events, and after each of them all promises that it
 * settled. A limit of real time ends even a loop that never yields. Starting a limit costs more than
 * most events, so the events of a turn share it.
 *
 * The runtime limits wall time. The processor time tells a loop from a suspended process.
 *
 * @module
 */

import process from "node:process";
import vm from "node:vm";
import { realNow } from "./real_clock.ts";

/** The part of Deno's internals that follows promises and reports unhandled rejections; the runtime
 * itself does so only between macrotasks. */
interface Internals {
  readonly core: { runNextTicks(): void };
}

/** The name under which the script finds the code to run. */
const NAME = "kvlab turn";

/** Returns the processor time of this thread in milliseconds. For limits only. */
export function cpuNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Code that had the processor for less than this share of its time was suspended. */
const SUSPENDED_SHARE_MAX = 0.02;

/** A shorter pause is the scheduling of a busy machine, in milliseconds. */
const SUSPENDED_MS_MIN = 1_000;

/** Code that used this much processor time without yielding is a loop, in milliseconds. */
const LOOP_CPU_MS = 1_000;

/** The same as a share of a short limit. */
const LOOP_SHARE = 0.2;

/** Why code reached its limit: it never yields, a sleeping machine or a debugger held it, or a busy
 * machine gave it too little time to tell. */
export type EndOfTurn = "neverYields" | "held" | "starved";

/** Tells why code reached its limit.
 *
 * @param elapsedMs The wall time that it took, in milliseconds.
 * @param cpuMs The processor time of this thread within it. */
export function endOfTurn(elapsedMs: number, cpuMs: number): EndOfTurn {
  const isLong = elapsedMs >= SUSPENDED_MS_MIN;
  if (isLong && cpuMs < SUSPENDED_SHARE_MAX * elapsedMs) return "held";
  return cpuMs < Math.min(LOOP_CPU_MS, LOOP_SHARE * elapsedMs) ? "starved" : "neverYields";
}

// Taken before any simulation can replace it.
const { core }: Internals = Reflect.get(Deno, Reflect.get(Deno, "internal"));
let script: vm.Script | undefined;
let current: () => boolean = () => false;

/** Runs an action repeatedly, and after each time all promises that it settled.
 *
 * Call this from a timer or an immediate: within a promise job, promises are not followed.
 *
 * @param action Must not throw; returns false when it is done.
 * @param msMax The wall time that all of it may take, in milliseconds; without it, a loop that never
 * yields does not end.
 * @returns Why it reached the limit; `undefined` if it did not.
 */
export function runTurn(action: () => boolean, msMax?: number): EndOfTurn | undefined {
  current = action;
  if (msMax === undefined) return void follow();
  const [startMs, startCpuMs] = [realNow(), cpuNow()];
  try {
    (script ??= makeScript()).runInThisContext({ timeout: msMax });
    return undefined;
  } catch {
    return endOfTurn(realNow() - startMs, cpuNow() - startCpuMs);
  }
}

function follow(): void {
  for (let hasMore = true; hasMore;) {
    hasMore = current();
    core.runNextTicks();
  }
}

function makeScript(): vm.Script {
  Object.defineProperty(globalThis, Symbol.for(NAME), { value: follow });
  return new vm.Script(`globalThis[Symbol.for("${NAME}")]();`);
}
