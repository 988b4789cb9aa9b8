/**
 * The time of a simulated component: {@linkcode VirtualClock} or {@linkcode RealClock}.
 * Nothing else in the lab knows which of them is running.
 *
 * @module
 */

/** A timer, for {@linkcode Clock.clearTimer}. */
export type Timer = object;

/** A source of time. */
export interface Clock {
  /** Tells simulated time from the machine's own. */
  readonly kind: "virtual" | "real";
  /** Returns the milliseconds since the clock started. */
  now(): number;
  /** Runs an action once.
   *
   * @param delayMs The delay in milliseconds.
   * @param tieBreak Orders simulated timers with the same deadline, the lowest first. If absent,
   * chance decides. */
  setTimer(delayMs: number, action: () => void, tieBreak?: number): Timer;
  /** Cancels a timer. Does nothing if it has fired. */
  clearTimer(timer: Timer): void;
  /** Stops the clock: no more timers fire. */
  stop(): void;
}
