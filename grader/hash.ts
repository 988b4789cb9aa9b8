/**
 * Hashes of texts.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** The number of digits of a hash that reports show. */
const SHOWN_DIGITS = 12;

/** Returns the SHA-256 of a text in hexadecimal digits. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Returns the first digits of the hash of a text, as reports show them. */
export function shortHashOf(text: string): string {
  return hashOf(text).slice(0, SHOWN_DIGITS);
}
