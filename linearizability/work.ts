/**
 * A bound on work that is no clock, so that the same history gets the same answer on every
 * machine.
 *
 * @module
 */

const WORK_STEPS = 3_000_000;

/** A number of steps that is left. A step is about a tenth of a microsecond. */
export class Work {
  #left: number;

  /** @param steps The number of steps. */
  constructor(steps = WORK_STEPS) {
    this.#left = steps;
  }

  /** True if nothing is left. */
  get isDone(): boolean {
    return this.#left <= 0;
  }

  /** Takes some steps off. */
  spend(steps: number): void {
    this.#left -= steps;
  }
}
