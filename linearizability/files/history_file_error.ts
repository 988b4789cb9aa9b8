/**
 * The error for a history that cannot be read.
 *
 * @module
 */

/** A mistake in a history file, in one line. */
export class HistoryFileError extends Error {
  override readonly name = "HistoryFileError";
}
