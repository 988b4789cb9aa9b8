/**
 * The time that a process has left: until it is ready, until it yields again, and in all.
 *
 * Time is counted in ticks of the parent, of which at most one goes by while the machine sleeps,
 * and in processor time of the process: a busy machine takes longer for the same result.
 *
 * @module
 */

/** The interval of ticks, in real milliseconds. */
export const TICK_MS = 250;

/** The limit on the wall is this many times that of processor time: a process may wait for something
 * that never comes. */
const WALL_FACTOR = 10;

/** The time limits of a task, in real milliseconds. */
export interface Patience {
  /** The longest time without yielding. */
  silenceMs: number;
  /** The processor time in all. */
  totalMs: number;
}

/** The reason for killing a process: it was never ready, did not yield, or did not end in time. */
export type Overrun = "unready" | "silent" | "late";

/** The time of one process. */
export class TimeBudget {
  #readyLeftMs: number;
  #silenceMs = Infinity;
  #silenceLeftMs = Infinity;
  #wallLeftMs = Infinity;
  #cpuMs = 0;
  #cpuMsMax = Infinity;

  /** @param readyMs The time limit of the first message, in real milliseconds. */
  constructor(readyMs: number) {
    this.#readyLeftMs = readyMs;
  }

  /** Begins to count the time of a task. */
  start({ silenceMs, totalMs }: Patience): void {
    this.#silenceMs = this.#silenceLeftMs = silenceMs;
    this.#wallLeftMs = WALL_FACTOR * totalMs;
    this.#cpuMsMax = this.#cpuMs + totalMs;
  }

  /** Notes a message. */
  hear(): void {
    this.#readyLeftMs = Infinity;
  }

  /** Notes a sign of life.
   *
   * @param cpuMs The processor time of the process so far, in milliseconds. */
  beat(cpuMs: number): void {
    this.#silenceLeftMs = this.#silenceMs;
    this.#cpuMs = cpuMs;
  }

  /** Notes that a tick went by.
   *
   * @returns The reason for killing the process, if there is one. */
  tick(): Overrun | undefined {
    const isReady = this.#readyLeftMs === Infinity;
    this.#readyLeftMs -= TICK_MS;
    this.#wallLeftMs -= TICK_MS;
    // A process sends no signs of life before it is ready.
    if (isReady) this.#silenceLeftMs -= TICK_MS;
    if (this.#readyLeftMs <= 0) return "unready";
    if (this.#silenceLeftMs <= 0) return "silent";
    return this.#wallLeftMs <= 0 || this.#cpuMs > this.#cpuMsMax ? "late" : undefined;
  }
}
