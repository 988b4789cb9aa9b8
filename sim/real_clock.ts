/**
 * Real time, for `--clock=real`: the same scenarios with the durations of the original
 * lab. Runs on it cannot be replayed exactly.
 *
 * @module
 */

import type { Clock, Timer } from "./clock.ts";

/** Returns the real time in milliseconds, even while a simulation replaces `performance.now`. For
 * reports only: nothing in a run may depend on it. */
export const realNow: () => number = performance.now.bind(performance);

interface RealTimer {
  id?: ReturnType<typeof setTimeout>;
}

/** A clock that follows real time. */
export class RealClock implements Clock {
  readonly kind = "real";
  readonly #startMs = realNow();
  readonly #pending = new Set<RealTimer>();
  #stopped = false;

  now(): number {
    return realNow() - this.#startMs;
  }

  setTimer(delayMs: number, action: () => void): Timer {
    const timer: RealTimer = {};
    if (this.#stopped) return timer;
    this.#pending.add(timer);
    timer.id = setTimeout(() => {
      this.#pending.delete(timer);
      action();
    }, delayMs);
    return timer;
  }

  clearTimer(timer: Timer): void {
    clearTimeout((timer as RealTimer).id);
    this.#pending.delete(timer as RealTimer);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#pending) clearTimeout(timer.id);
    this.#pending.clear();
  }
}
