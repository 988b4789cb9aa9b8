/**
 * Runs code, and all promises that it settles, for a limited real time.
 *
 * Nothing else in JavaScript ends a loop that never yields. To begin costs more than most
 * events do, so several of them share one limit. Where the loop is, the runtime does not say.
 *
 * The runtime counts the limit on the wall. The processor time beside it tells a loop from a
 * process that was suspended.
 *
 * @module
 */

import process from "node:process";
import vm from "node:vm";
import { realNow } from "./real_clock.ts";

/** The inside of Deno as far as this module uses it: the runtime drains promises between events
 * only, where no limit applies. */
interface Internals {
  readonly core: { runMicrotasks(): void };
}

/** Under which name the script finds what to run. */
const NAME = "kvlab turn";

/** The processor time of this thread, in real milliseconds. For limits only. */
export function cpuNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Code that had the processor for less than this share of its time was suspended. */
const SUSPENDED_SHARE_MAX = 0.02;

/** Code that used this much processor time without yielding loops, in milliseconds. */
const LOOP_CPU_MS = 1_000;

/** The same as a share, where the limit is short. */
const LOOP_SHARE = 0.2;

/** Why code came to its limit: it never yields, it was held by a machine that slept or by a
 * debugger, or a busy machine gave it too little time to tell. */
export type EndOfTurn = "neverYields" | "held" | "starved";

/** Tells why code came to its limit.
 *
 * @param elapsedMs The time that it took on the wall, in real milliseconds.
 * @param cpuMs The part of it in which this thread had a processor. */
export function endOfTurn(elapsedMs: number, cpuMs: number): EndOfTurn {
  if (cpuMs < SUSPENDED_SHARE_MAX * elapsedMs) return "held";
  return cpuMs < Math.min(LOOP_CPU_MS, LOOP_SHARE * elapsedMs) ? "starved" : "neverYields";
}

let script: vm.Script | undefined;
let current: () => boolean = () => false;

/** Runs an action again and again, and each time all promises that it settled.
 *
 * Promises are followed only if no other promise is being followed: call this from a timer
 * or an immediate.
 *
 * @param action Must not throw; returns false if it is done.
 * @param msMax The limit of all of it in real milliseconds.
 * @returns Why it came to its limit; `undefined` if it did not.
 */
export function runBounded(action: () => boolean, msMax: number): EndOfTurn | undefined {
  current = action;
  const [startMs, startCpuMs] = [realNow(), cpuNow()];
  try {
    (script ??= makeScript()).runInThisContext({ timeout: msMax });
    return undefined;
  } catch {
    return endOfTurn(realNow() - startMs, cpuNow() - startCpuMs);
  }
}

function makeScript(): vm.Script {
  const { core } = Reflect.get(Deno, Reflect.get(Deno, "internal")) as Internals;
  const value = () => {
    for (let hasMore = true; hasMore;) {
      hasMore = current();
      core.runMicrotasks();
    }
  };
  Object.defineProperty(globalThis, Symbol.for(NAME), { value });
  return new vm.Script(`globalThis[Symbol.for("${NAME}")]();`);
}
