/**
 * Asks at regular distances whether to stop, so that no phase of a check, however long the
 * history, outlives its time.
 *
 * @module
 */

/** A limit of time; checks, searches and explanations share it. */
export interface TimeLimit {
  /** Asked now and then whether to stop. */
  isOver?(): boolean;
}

/** There is no time left. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/** The number of steps, of about 0.1 µs to 1 µs each, between two questions. */
const STEPS_BETWEEN_QUESTIONS = 16_384;

/** Counts steps, and asks now and then. */
export class Pace {
  readonly #isOver: (() => boolean) | undefined;
  #left = STEPS_BETWEEN_QUESTIONS;

  /** @param isOver Returns true if there is no time left; absent if there always is. */
  constructor(isOver?: () => boolean) {
    this.#isOver = isOver;
  }

  /** Counts steps.
   *
   * @throws {OutOfTime} There is no time left. */
  spend(steps = 1): void {
    this.#left -= steps;
    if (this.#left >= 0) return;
    this.#left = STEPS_BETWEEN_QUESTIONS;
    if (this.#isOver?.() === true) throw new OutOfTime("There is no time left");
  }
}

/** Returns what a function returns, or `undefined` if it runs out of time. */
export function inTime<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof OutOfTime) return undefined;
    throw error;
  }
}
