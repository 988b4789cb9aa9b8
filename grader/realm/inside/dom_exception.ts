/**
 * `DOMException`: an error with a name, as the platform throws it.
 *
 * @module
 */

/** An error of the platform. */
export class DOMException extends Error {
  override readonly name: string;

  /** @param message What went wrong.
   * @param name The kind of error, for example "AbortError". */
  constructor(message = "", name = "Error") {
    super(message);
    this.name = name;
  }
}
