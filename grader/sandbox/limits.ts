/**
 * What a submission may use up.
 *
 * @module
 */

/** The limits of one submission. */
export interface Limits {
  /** How long one test may take with all its seeds, in real milliseconds. */
  testMsMax: number;
  /** How long all tests may take together, in real milliseconds. */
  submissionMsMax: number;
  /** How large the heap may grow, in megabytes. */
  heapMbMax: number;
  /** How much memory the process may hold, on the heap and off it, in megabytes. */
  residentMbMax: number;
  /** How much of what it prints is kept, in bytes; it is ended when it prints ten times
   * as much. */
  outputBytesMax: number;
}

/** What holds unless something else is said. */
export const LIMITS: Limits = {
  testMsMax: 60_000,
  submissionMsMax: 300_000,
  heapMbMax: 1024,
  residentMbMax: 1536,
  outputBytesMax: 1_000_000,
};
