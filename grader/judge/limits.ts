/**
 * What a submission may use up.
 *
 * Times are those that {@linkcode ChargedClock} counts: a machine that is busy with other
 * things, or asleep, costs nobody a point.
 *
 * @module
 */

/** The limits of one submission. */
export interface Limits {
  /** The time in which the submission has to be loaded, in charged milliseconds. */
  loadMsMax: number;
  /** The time for which the judge may hear nothing of its process, in charged milliseconds: then
   * the submission holds the processor and never yields. */
  silentMsMax: number;
  /** The same for everything after the first test that was ended so. */
  silentAgainMsMax: number;
  /** The time that one seed of one test may take, in charged milliseconds. */
  seedMsMax: number;
  /** The time that one test may take with all its seeds, in charged milliseconds. It grows with the
   * number of seeds, and so does the next one: see {@linkcode limitsFor}. */
  testMsMax: number;
  /** The time that all tests may take together, in charged milliseconds. */
  submissionMsMax: number;
  /** The largest size of the heap, in megabytes. */
  heapMbMax: number;
  /** The memory that the process may hold, on the heap and off it, in megabytes. */
  residentMbMax: number;
  /** The number of printed characters that are kept. The rest is dropped. */
  printedLengthMax: number;
}

/** The limits that apply to up to {@linkcode USUAL_SEEDS} seeds if no others are given. */
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

/** The number of seeds that the limits of a test and of a submission are made for. */
const USUAL_SEEDS = 25;

/** Returns the limits for a number of seeds: with more of them than usual, a submission gets
 * more time, so that a right one never runs out of it. */
export function limitsFor(seeds: number): Limits {
  const share = Math.max(1, seeds / USUAL_SEEDS);
  const { testMsMax, submissionMsMax } = LIMITS;
  return {
    ...LIMITS,
    testMsMax: testMsMax * share,
    submissionMsMax: submissionMsMax * share,
  };
}
