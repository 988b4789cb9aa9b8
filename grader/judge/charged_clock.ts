/**
 * The time that a process is charged for.
 *
 * A process that computes is charged processor time, so that other processes on the machine cost
 * it nothing. A process that waits is charged wall time, since it may wait forever; so is every
 * process on a system that does not report processor time. No process is charged more than the
 * wall time, or for a time in which the machine or the parent slept.
 *
 * @module
 */

import type { CpuUsage } from "./process_usage.ts";

/** A process that uses a smaller share of the wall time waits. */
const BUSY_SHARE = 0.1;

/** Counts the charged time of one process. */
export class ChargedClock {
  /** The charged time so far, in milliseconds. */
  chargedMs = 0;
  readonly #stepMsMax: number;
  #last: { wallMs: number; cpuMs: number | undefined };

  /** @param wallMs The wall time at the start of the process, in milliseconds.
   * @param stepMsMax The most that one update can add. If more wall time passed, the machine or
   * the parent slept. */
  constructor(wallMs: number, stepMsMax: number) {
    this.#last = { wallMs, cpuMs: 0 };
    this.#stepMsMax = stepMsMax;
  }

  /** Adds the time since the last update.
   *
   * @param wallMs The wall time, in milliseconds.
   * @param usage The usage of the process since its start; `undefined` if the system does not
   * report it.
   */
  update(wallMs: number, usage: CpuUsage | undefined): void {
    const elapsedMs = wallMs - this.#last.wallMs;
    const onWallMs = Math.min(elapsedMs, this.#stepMsMax);
    const { cpuMs: lastCpuMs } = this.#last;
    this.#last = { wallMs, cpuMs: usage?.cpuMs };
    if (usage === undefined || lastCpuMs === undefined) {
      this.chargedMs += onWallMs;
      return;
    }
    const usedMs = usage.cpuMs - lastCpuMs;
    const waits = usage.isAsleep && usedMs < BUSY_SHARE * elapsedMs;
    this.chargedMs += waits ? onWallMs : Math.min(usedMs, elapsedMs);
  }
}
