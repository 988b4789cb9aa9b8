/**
 * An error whose message says everything. It has no stack: that would show the
 * inside of the harness, which helps nobody.
 *
 * @module
 */

/** Base of the errors that are written for people. */
export abstract class PlainError extends Error {
  /** @param message The whole report. */
  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
