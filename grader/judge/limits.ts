/**
 * The limits of time and memory of a submission.
 *
 * Times are charged milliseconds, as {@linkcode ChargedClock} counts them: a machine that is busy
 * or asleep costs a submission nothing.
 *
 * @module
 */

/** The limits of one submission. */
export interface Limits {
  /** The time until the submission is loaded. */
  loadMsMax: number;
  /** The time between two lines of the judge's process. After it, the submission counts as a loop
   * that never yields. */
  silentMsMax: number;
  /** The same after a first test that never yielded. */
  silentAgainMsMax: number;
  /** The time of one seed of one test. */
  seedMsMax: number;
  /** The time of all seeds of one test. This limit and the next grow with the number of seeds:
   * see {@linkcode limitsFor}. */
  testMsMax: number;
  /** The time of all tests. */
  submissionMsMax: number;
  /** The size of the heap, in megabytes. */
  heapMbMax: number;
  /** The memory of the process, on the heap and off it, in megabytes. */
  residentMbMax: number;
  /** The number of printed characters that are kept. */
  printedLengthMax: number;
}

/** The default limits for up to {@linkcode USUAL_SEEDS} seeds. */
export const LIMITS: Limits = {
  loadMsMax: 10_000,
  silentMsMax: 5_000,
  silentAgainMsMax: 1_000,
  seedMsMax: 10_000,
  testMsMax: 60_000,
  submissionMsMax: 180_000,
  heapMbMax: 1024,
  residentMbMax: 1536,
  printedLengthMax: 100_000,
};

/** The number of seeds for which the default limits are enough. */
const USUAL_SEEDS = 25;

/** Returns the limits for a number of seeds. With more seeds than usual, a submission gets more
 * time, so that a correct one never runs out of it. */
export function limitsFor(seeds: number): Limits {
  const share = Math.max(1, seeds / USUAL_SEEDS);
  const { testMsMax, submissionMsMax } = LIMITS;
  return {
    ...LIMITS,
    testMsMax: testMsMax * share,
    submissionMsMax: submissionMsMax * share,
  };
}
