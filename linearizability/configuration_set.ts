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
 * Operations that never returned are optional, and of them the very set is kept: who
 * has used fewer of them can do all that others can do, so a configuration counts as
 * known also where one is that differs from it by a smaller such set.
 *
 * @module
 */

const LOW = 0;
const HIGH = 1;
/** The state plus 1; 0 where a slot is free. */
const MARK = 2;
/** Where in the pool the last set of optional operations begins, plus 1. */
const CHAIN = 3;
const WORDS = 4;
const LOAD_MAX = 0.6;

/** A hash set of configurations with open addressing. */
export class ConfigurationSet {
  readonly #optionalWords: number;
  #capacity = 1 << 10;
  #slots = new Int32Array(this.#capacity * WORDS);
  #used = 0;
  /** Sets of optional operations, each behind the place of the one before it. */
  #pool = new Int32Array(1 << 10);
  #poolSize = 0;
  #size = 0;

  /** @param optional How many operations are optional. */
  constructor(optional: number) {
    this.#optionalWords = Math.ceil(optional / 32);
  }

  /** How many configurations were added. */
  get size(): number {
    return this.#size;
  }

  /** Adds a configuration.
   *
   * @param low The lower half of the bits of the operations that are not optional.
   * @param high The upper half.
   * @param state The number of the state, from 0.
   * @param optional The optional operations in it, 32 in a word.
   * @returns Whether it is new, and no better one is known.
   */
  add(low: number, high: number, state: number, optional: Int32Array): boolean {
    if (this.#used > this.#capacity * LOAD_MAX) this.#grow();
    const at = this.#find(low, high, state + 1);
    const isFree = this.#slots[at + MARK] === 0;
    if (!isFree && this.#hasSubset(this.#slots[at + CHAIN]!, optional)) return false;
    if (isFree) {
      this.#used++;
      this.#slots[at + LOW] = low;
      this.#slots[at + HIGH] = high;
      this.#slots[at + MARK] = state + 1;
    }
    if (this.#optionalWords > 0) this.#slots[at + CHAIN] = this.#keep(at, optional);
    this.#size++;
    return true;
  }

  /** The slot of a configuration, or the free one where it belongs. */
  #find(low: number, high: number, mark: number): number {
    const slots = this.#slots;
    const mask = this.#capacity - 1;
    let slot = (low ^ Math.imul(mark, 0x9e3779b1)) & mask;
    for (;; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if (slots[at + MARK] === 0) return at;
      if (slots[at] === low && slots[at + HIGH] === high && slots[at + MARK] === mark) return at;
    }
  }

  #hasSubset(chain: number, optional: Int32Array): boolean {
    if (this.#optionalWords === 0) return true;
    for (let place = chain; place !== 0; place = this.#pool[place - 1]!) {
      let word = 0;
      while (
        word < this.#optionalWords && (this.#pool[place + word]! & ~optional[word]!) === 0
      ) word++;
      if (word === this.#optionalWords) return true;
    }
    return false;
  }

  #keep(at: number, optional: Int32Array): number {
    const place = this.#poolSize;
    this.#poolSize += 1 + this.#optionalWords;
    if (this.#poolSize > this.#pool.length) {
      const larger = new Int32Array(2 * this.#pool.length + this.#poolSize);
      larger.set(this.#pool);
      this.#pool = larger;
    }
    this.#pool[place] = this.#slots[at + CHAIN]!;
    this.#pool.set(optional, place + 1);
    return place + 1;
  }

  #grow(): void {
    const old = this.#slots;
    this.#capacity *= 2;
    this.#slots = new Int32Array(this.#capacity * WORDS);
    for (let from = 0; from < old.length; from += WORDS) {
      if (old[from + MARK] === 0) continue;
      const at = this.#find(old[from]!, old[from + HIGH]!, old[from + MARK]!);
      for (let word = 0; word < WORDS; word++) this.#slots[at + word] = old[from + word]!;
    }
  }
}
