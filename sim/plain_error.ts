/**
 * An error without a stack: a stack would show only the inside of the harness, and cost
 * more than the rest of the error.
 *
 * @module
 */

/** The base class of errors whose message says everything. */
export abstract class PlainError extends Error {
  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
