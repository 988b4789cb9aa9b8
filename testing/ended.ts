/**
 * The verdict on a test that the runner ended because its time was over. The runner counts
 * time on the wall, so a test that was held from outside (the machine slept or was busy, or a
 * breakpoint stopped it) is told apart from one that used the processor.
 *
 * @module
 */

import { threadCpuUsage } from "node:process";
import { realNow } from "../sim/mod.ts";
import type { Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";

/** An event that took this much processor time does not yield, in milliseconds. */
const BUSY_CPU_MS_MIN = 1_000;

/** A test that had the processor for less than this share of its time was held. */
const CPU_SHARE_MIN = 0.5;

/** The time that a test has taken, in real milliseconds. */
export interface TimeTaken {
  /** The time on the wall. */
  elapsedMs: number;
  /** The part of it in which this thread had a processor. */
  cpuMs: number;
}

/** Starts to measure the time that a test takes.
 *
 * @returns A function that returns the time taken so far.
 */
export function startTiming(): () => TimeTaken {
  const [startMs, startCpuMs] = [realNow(), cpuNow()];
  return () => ({ elapsedMs: realNow() - startMs, cpuMs: cpuNow() - startCpuMs });
}

function cpuNow(): number {
  const { user, system } = threadCpuUsage();
  return (user + system) / 1000;
}

/** A test that the runner ended. */
export interface EndedTest extends TimeTaken {
  name: string;
  clock: "virtual" | "real";
  /** The time on the wall since the last event began. */
  busyMs: number;
  /** The operations that wait, one line each. */
  waiting: readonly string[];
}

/** Returns the violation of a test that the runner ended. */
export function endedViolation(test: EndedTest): Violation {
  const { name, clock, busyMs, elapsedMs, cpuMs, waiting } = test;
  const waits = `while these waited:${
    waiting.map((line) => `\n    ${line}`).join("") || " nobody"
  }`;
  if (clock === "real") {
    return { what: `${name} did not finish in time, ${waits}`, hint: HINTS.livelock };
  }
  // Before the last event, this thread cannot have used more time than went by.
  const busyCpuMs = cpuMs - (elapsedMs - busyMs);
  if (busyCpuMs >= BUSY_CPU_MS_MIN) {
    return { what: `${name} never let go of the processor, ${waits}`, hint: HINTS.neverYields };
  }
  if (cpuMs < CPU_SHARE_MIN * elapsedMs) {
    const seconds = (ms: number) => (ms / 1000).toFixed(1);
    const what = `${name} ran out of time: it had a processor for only ${seconds(cpuMs)} of ` +
      `${seconds(elapsedMs)} s, which says nothing about the solution`;
    return { what, hint: HINTS.held };
  }
  return { what: `${name} ran out of time, ${waits}`, hint: HINTS.outOfTime };
}
