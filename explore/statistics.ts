/**
 * The mean and the spread of numbers that are seen one at a time.
 *
 * @module
 */

/** Collects numbers by Welford's method, which loses no digits (Welford 1962). */
export class Statistics {
  #count = 0;
  #mean = 0;
  #squares = 0;

  /** Adds a number. */
  add(value: number): void {
    const distance = value - this.#mean;
    this.#mean += distance / ++this.#count;
    this.#squares += distance * (value - this.#mean);
  }

  /** The mean; 0 if there are no numbers. */
  get mean(): number {
    return this.#mean;
  }

  /** The standard deviation; 0 if there are fewer than two numbers. */
  get spread(): number {
    return this.#count < 2 ? 0 : Math.sqrt(this.#squares / (this.#count - 1));
  }
}
