/**
 * The time of a simulated component. The two clocks that tell it are
 * {@linkcode VirtualClock} and {@linkcode RealClock}; nothing else in the lab
 * knows which of them is running.
 *
 * @module
 */

/** A timer that was set; only good for {@linkcode Clock.clearTimer}. */
export type Timer = object;

/** A source of time. */
export interface Clock {
  /** Tells simulated time from the machine's own. */
  readonly kind: "virtual" | "real";
  /** Returns the milliseconds since the clock started. */
  now(): number;
  /** Runs an action once.
   *
   * @param delayMs In how many milliseconds.
   * @param tieBreak Orders simulated timers of the same deadline, the lowest first; drawn
   * from the run's own chance if absent. */
  setTimer(delayMs: number, action: () => void, tieBreak?: number): Timer;
  /** Cancels a timer; one that has fired is left alone. */
  clearTimer(timer: Timer): void;
  /** Stops the clock: no timer fires any more. */
  stop(): void;
}
