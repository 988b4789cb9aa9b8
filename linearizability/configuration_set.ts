/**
 * The configurations that a search has been in: which operations it had placed, and
 * the state that they led to.
 *
 * A set of operations is identified by the exclusive or of 64 random bits for each of
 * them, which one operation more or less changes at the cost of two instructions; a
 * copy of a bit for every operation would make memory grow with the square of the
 * history. Two different sets agree in all bits with a probability of 2^-64: among
 * ten million configurations, once in 300,000 searches.
 *
 * @module
 */

const WORDS = 3;
const LOAD_MAX = 0.6;

/** A hash set of configurations with open addressing. */
export class ConfigurationSet {
  #capacity = 1 << 10;
  #words = new Int32Array(this.#capacity * WORDS);
  #size = 0;

  /** How many configurations it holds. */
  get size(): number {
    return this.#size;
  }

  /** Adds a configuration.
   *
   * @param low The lower half of the bits of the operations.
   * @param high The upper half.
   * @param state The number of the state, from 0.
   * @returns Whether it is new.
   */
  add(low: number, high: number, state: number): boolean {
    if (this.#size > this.#capacity * LOAD_MAX) this.#grow();
    const isNew = this.#insert(low, high, state + 1);
    if (isNew) this.#size++;
    return isNew;
  }

  #insert(low: number, high: number, mark: number): boolean {
    const words = this.#words;
    const mask = this.#capacity - 1;
    let slot = (low ^ Math.imul(mark, 0x9e3779b1)) & mask;
    for (;; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      // A slot is free as long as its state is 0.
      if (words[at + 2] === 0) {
        words[at] = low;
        words[at + 1] = high;
        words[at + 2] = mark;
        return true;
      }
      if (words[at] === low && words[at + 1] === high && words[at + 2] === mark) return false;
    }
  }

  #grow(): void {
    const old = this.#words;
    this.#capacity *= 2;
    this.#words = new Int32Array(this.#capacity * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + 2] !== 0) this.#insert(old[at]!, old[at + 1]!, old[at + 2]!);
    }
  }
}
