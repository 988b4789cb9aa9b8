/**
 * What a measurement of memory comes to.
 *
 * @module
 */

/** What one server keeps of clerks that have gone on. */
export interface Retained {
  server: number;
  bytesPerClerk: number;
}

/** How large the values are that the clerks write, in bytes. */
export const VALUE_BYTES = 100_000;
