/**
 * A map of the texts of messages that forgets: it must not grow with a run.
 *
 * @module
 */

/** Longer texts are not kept. */
const LENGTH_MAX = 500;
/** The number of texts that are kept before all are forgotten. */
const SIZE_MAX = 500;

/** The facts known about recent texts. */
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
