/**
 * An error whose message says everything. It has no stack: that would show the
 * inside of the harness, which helps nobody, and costs more than the rest of it.
 *
 * @module
 */

/** Base of the errors whose place does not matter. */
export abstract class PlainError extends Error {
  /** @param message The whole report. */
  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
