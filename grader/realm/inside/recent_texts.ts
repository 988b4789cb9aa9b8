/**
 * A bounded map from the texts of recent messages: it must not grow with a run.
 *
 * @module
 */

/** The length of the longest text that is kept. */
const LENGTH_MAX = 500;
/** The number of texts after which the map is cleared. */
const SIZE_MAX = 500;

/** A fact about each recent text. */
export class RecentTexts<T> {
  readonly #known = new Map<string, T>();

  get(text: string): T | undefined {
    return this.#known.get(text);
  }

  set(text: string, value: T): void {
    if (text.length > LENGTH_MAX) return;
    if (this.#known.size >= SIZE_MAX) this.#known.clear();
    this.#known.set(text, value);
  }
}
