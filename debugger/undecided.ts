/**
 * The travel time of a message whose arrival is not decided yet: so long that no run sees it
 * arrive.
 *
 * @module
 */

/** The travel time of a message whose arrival is not decided, in milliseconds. */
export const UNDECIDED_MS = 1e9;

/** Returns true if the arrival is not decided. */
export function isUndecided(travelMs: number): boolean {
  return travelMs >= UNDECIDED_MS;
}
