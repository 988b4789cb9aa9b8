/**
 * `DOMException`, the error of the platform's functions.
 *
 * @module
 */

/** An error with a name that tells its kind. */
export class DOMException extends Error {
  override readonly name: string;

  /** @param name The kind of error, for example "AbortError". */
  constructor(message = "", name = "Error") {
    super(message);
    this.name = name;
  }
}
