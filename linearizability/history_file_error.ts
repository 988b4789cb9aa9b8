/**
 * The error for a history that cannot be read.
 *
 * @module
 */

/** What is wrong with a history, in one line. */
export class HistoryFileError extends Error {
  override readonly name = "HistoryFileError";
}
