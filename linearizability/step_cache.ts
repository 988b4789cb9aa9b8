/**
 * The last steps of a model, by state and effect, so that each need not be worked out, and
 * its state not be named, again and again. A step may push another one out.
 *
 * @module
 */

/** Words of an entry: the state plus 1 (0 where it is free), the effect, the state after. */
const WORDS = 3;
const ENTRIES_MIN = 16;

/** A table of steps with one place for each. */
export class StepCache {
  readonly #entries: Int32Array;
  readonly #mask: number;

  /** @param size The number of entries, about. */
  constructor(size: number) {
    const entries = 2 ** Math.ceil(Math.log2(Math.max(size, ENTRIES_MIN)));
    this.#entries = new Int32Array(WORDS * entries);
    this.#mask = entries - 1;
  }

  /** Returns the number of bytes that the table holds. */
  get bytes(): number {
    return this.#entries.byteLength;
  }

  /** Returns the number of the state after a step, or `undefined` if it is not known. */
  get(state: number, effect: number): number | undefined {
    const at = this.#place(state, effect);
    const isKnown = this.#entries[at] === state + 1 && this.#entries[at + 1] === effect;
    return isKnown ? this.#entries[at + 2] : undefined;
  }

  /** Remembers a step. */
  set(state: number, effect: number, after: number): void {
    const at = this.#place(state, effect);
    this.#entries[at] = state + 1;
    this.#entries[at + 1] = effect;
    this.#entries[at + 2] = after;
  }

  #place(state: number, effect: number): number {
    const hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(effect, 0x85ebca6b);
    return WORDS * ((hash ^ hash >>> 15) & this.#mask);
  }
}
