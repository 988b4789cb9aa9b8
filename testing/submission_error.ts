/**
 * The error for a submission that lacks what every submission has.
 *
 * @module
 */

import { PlainError } from "../sim/mod.ts";

/** A part that a submission lacks before anything can run. */
export class SubmissionError extends PlainError {
  override readonly name = "SubmissionError";
}
