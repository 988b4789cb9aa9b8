/**
 * The time that a process is charged for.
 *
 * A process that computes is charged for the processor time that it gets, so that other
 * processes on the same machine cost it nothing. One that waits for something that never
 * comes uses no processor time; it is charged for the time on the wall. So is every process
 * where the system does not tell its processor time. In no case is it charged for more
 * than passed on the wall, nor for a moment in which the machine, or the parent, slept.
 *
 * @module
 */

import type { CpuUsage } from "./process_usage.ts";

/** A process that uses less than this share of the wall's time does not compute. */
const BUSY_SHARE = 0.1;

/** Counts the time of one process. */
export class ChargedClock {
  /** The time charged so far, in milliseconds. */
  chargedMs = 0;
  readonly #stepMsMax: number;
  #last: { wallMs: number; cpuMs: number | undefined };

  /** @param wallMs The time on the wall at the start of the process, in milliseconds.
   * @param stepMsMax The most that one update can add; if the wall says more, somebody
   * slept. */
  constructor(wallMs: number, stepMsMax: number) {
    this.#last = { wallMs, cpuMs: 0 };
    this.#stepMsMax = stepMsMax;
  }

  /** Adds the time since the last update.
   *
   * @param wallMs The time on the wall, in milliseconds.
   * @param usage What the process has used so far; `undefined` if the system does not say.
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
