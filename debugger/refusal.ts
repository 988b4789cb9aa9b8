/**
 * The reason why a command of the page is not carried out, in one line.
 *
 * @module
 */

import { PlainError } from "../sim/mod.ts";

/** A command that is not carried out. */
export class Refusal extends PlainError {
  override readonly name = "Refusal";
}
