/**
 * The time limit of a check: long phases count their steps, and ask at intervals if time is over.
 *
 * @module
 */

/** A time limit that checks, searches and explanations share. */
export interface TimeLimit {
  /** Returns true if time is over. */
  isOver?(): boolean;
}

/** There is no time left. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/** The number of steps, of 0.1 µs to 1 µs each, between two calls of `isOver`. */
const STEPS_BETWEEN_QUESTIONS = 16_384;

/** Counts steps. */
export class Pace {
  readonly #isOver: (() => boolean) | undefined;
  #left = STEPS_BETWEEN_QUESTIONS;

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
