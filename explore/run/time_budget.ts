/**
 * The time that a process has left: until it is ready, until it yields again, and in all.
 *
 * Time is counted in ticks of the parent, of which at most one goes by while the machine sleeps,
 * and in processor time of the process: a busy machine takes longer for the same result. A process
 * that does not yield cannot tell its processor time, so that is estimated from its share of a
 * processor before.
 *
 * @module
 */

/** The interval of ticks, in real milliseconds. */
export const TICK_MS = 250;

/** The limit of wall time is this many times that of processor time. It ends a process that uses no
 * processor time, because it waits for something that never comes. */
const WALL_FACTOR = 10;

/** The smallest share of a processor that a process is expected to get. */
const SHARE_MIN = 0.05;

/** The number of ticks after which the share of a processor is known. */
const TICKS_MIN = 2;

/** The time limits of a task, in milliseconds of processor time. */
export interface Patience {
  /** The longest time without yielding. */
  silenceMs: number;
  /** In all. */
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
  /** The number of ticks since the task began, or the process, and its processor time then. */
  #ticks = 0;
  #cpuMsBefore = 0;
  /** The share of a processor that the process gets. */
  #share = 1;

  /** @param readyMs The time limit of the first message, in real milliseconds. */
  constructor(readyMs: number) {
    this.#readyLeftMs = readyMs;
  }

  /** Begins to count the time of a task. */
  start({ silenceMs, totalMs }: Patience): void {
    this.#silenceMs = this.#silenceLeftMs = silenceMs;
    this.#wallLeftMs = WALL_FACTOR * totalMs;
    this.#cpuMsMax = this.#cpuMs + totalMs;
    this.#ticks = 0;
    this.#cpuMsBefore = this.#cpuMs;
  }

  /** Notes a message.
   *
   * @param cpuMs The processor time of the process so far, in milliseconds. */
  hear(cpuMs: number): void {
    const isLoading = this.#readyLeftMs !== Infinity;
    this.#readyLeftMs = Infinity;
    this.#cpuMs = cpuMs;
    const isIdle = !isLoading && this.#silenceMs === Infinity;
    if (isIdle || this.#ticks < TICKS_MIN) return;
    const share = (cpuMs - this.#cpuMsBefore) / (this.#ticks * TICK_MS);
    this.#share = Math.min(1, Math.max(SHARE_MIN, share));
  }

  /** Notes that the process yielded. */
  beat(): void {
    this.#silenceLeftMs = this.#silenceMs;
  }

  /** Notes that a tick went by.
   *
   * @returns The reason for killing the process, if there is one. */
  tick(): Overrun | undefined {
    const isReady = this.#readyLeftMs === Infinity;
    this.#readyLeftMs -= TICK_MS;
    this.#wallLeftMs -= TICK_MS;
    this.#ticks++;
    // A process sends no signs of life before it is ready.
    if (isReady) this.#silenceLeftMs -= this.#share * TICK_MS;
    if (this.#readyLeftMs <= 0) return "unready";
    if (this.#silenceLeftMs <= 0) return "silent";
    return this.#wallLeftMs <= 0 || this.#cpuMs > this.#cpuMsMax ? "late" : undefined;
  }
}
