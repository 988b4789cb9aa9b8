/**
 * The configurations that a search has visited: the operations that it had placed, and the state
 * that they led to.
 *
 * Configurations are compared word for word. A hash only chooses where to look, so no collision
 * can hide a configuration, and no refutation rests on luck. The key of the placed operations is
 * exact and short, see `placement.ts`.
 *
 * Operations that never returned are optional. A configuration that has used fewer of them can do
 * all that one with more can do. So a configuration counts as known if one is known that has the
 * same key and state and a subset of its optional operations.
 *
 * @module
 */

const LOAD_MAX = 0.6;
const CAPACITY_MIN = 16;

/** A hash set of configurations with open addressing. */
export class ConfigurationSet {
  readonly #keyWords: number;
  readonly #optionalWords: number;
  readonly #stride: number;
  #capacity = CAPACITY_MIN;
  #slots: Int32Array;
  #used = 0;
  /** Sets of optional operations in linked lists: each set follows the place of the next. */
  #pool = new Int32Array(CAPACITY_MIN);
  #poolSize = 0;
  /** The number of configurations that were added. */
  size = 0;
  /** The number of words of optional operations that were compared, a measure of time. */
  work = 0;

  /** @param keyWords The number of words of a key.
   * @param optionalWords The number of words of a set of optional operations. */
  constructor(keyWords: number, optionalWords: number) {
    this.#keyWords = keyWords;
    this.#optionalWords = optionalWords;
    // A slot has the key, the state plus 1 (0 if the slot is free), and 1 plus the place of the
    // last set of optional operations in the pool.
    this.#stride = keyWords + (optionalWords > 0 ? 2 : 1);
    this.#slots = new Int32Array(this.#capacity * this.#stride);
  }

  /** The number of bytes in use. */
  get bytes(): number {
    return this.#slots.byteLength + this.#pool.byteLength;
  }

  /** Adds a configuration.
   *
   * @param key The placed operations that are not optional.
   * @param state The number of the state, from 0.
   * @param optional The placed optional operations, 32 in a word.
   * @returns True if neither it nor a better one is known.
   */
  add(key: Int32Array, state: number, optional: Int32Array): boolean {
    if (this.#used > this.#capacity * LOAD_MAX) this.#grow();
    const at = this.#find(key, 0, state + 1);
    const mark = at + this.#keyWords;
    const isFree = this.#slots[mark] === 0;
    const isKnown = !isFree &&
      (this.#optionalWords === 0 || this.#hasSubset(this.#slots[mark + 1]!, optional));
    if (isKnown) return false;
    if (isFree) {
      this.#used++;
      for (let word = 0; word < this.#keyWords; word++) this.#slots[at + word] = key[word]!;
      this.#slots[mark] = state + 1;
    }
    if (this.#optionalWords > 0) this.#slots[mark + 1] = this.#keep(mark + 1, optional);
    this.size++;
    return true;
  }

  /** Returns the slot of a configuration, or the free slot where it belongs. */
  #find(key: Int32Array, from: number, mark: number): number {
    const slots = this.#slots;
    const words = this.#keyWords;
    const mask = this.#capacity - 1;
    let hash = Math.imul(mark, 0x9e3779b1);
    for (let word = 0; word < words; word++) {
      hash = Math.imul(hash ^ key[from + word]!, 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0xc2b2ae35);
    for (let slot = (hash ^ hash >>> 16) & mask;; slot = (slot + 1) & mask) {
      const at = slot * this.#stride;
      const found = slots[at + words];
      if (found === 0) return at;
      if (found !== mark) continue;
      let word = 0;
      while (word < words && slots[at + word] === key[from + word]) word++;
      if (word === words) return at;
    }
  }

  #hasSubset(chain: number, optional: Int32Array): boolean {
    for (let place = chain; place !== 0; place = this.#pool[place - 1]!) {
      let word = 0;
      while (
        word < this.#optionalWords && (this.#pool[place + word]! & ~optional[word]!) === 0
      ) word++;
      this.work += 1 + word;
      if (word === this.#optionalWords) return true;
    }
    return false;
  }

  /** Adds a set to the list of a slot.
   *
   * @returns The place of the set plus 1. */
  #keep(slot: number, optional: Int32Array): number {
    const place = this.#poolSize;
    this.#poolSize += 1 + this.#optionalWords;
    if (this.#poolSize > this.#pool.length) {
      const larger = new Int32Array(2 * this.#pool.length + this.#poolSize);
      larger.set(this.#pool);
      this.#pool = larger;
    }
    this.#pool[place] = this.#slots[slot]!;
    this.#pool.set(optional, place + 1);
    return place + 1;
  }

  #grow(): void {
    const old = this.#slots;
    this.#capacity *= 2;
    this.#slots = new Int32Array(this.#capacity * this.#stride);
    for (let from = 0; from < old.length; from += this.#stride) {
      const mark = old[from + this.#keyWords]!;
      if (mark === 0) continue;
      const at = this.#find(old, from, mark);
      for (let word = 0; word < this.#stride; word++) this.#slots[at + word] = old[from + word]!;
    }
  }
}
