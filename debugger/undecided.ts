/**
 * The time of travel of a message of which nobody has decided yet when it arrives: it travels for
 * so long that no run sees it arrive.
 *
 * @module
 */

/** The time of travel of a message that stays where it is, in milliseconds. */
export const UNDECIDED_MS = 1e9;

/** Returns true if a time of travel means that nobody has decided it yet. */
export function isUndecided(travelMs: number): boolean {
  return travelMs >= UNDECIDED_MS;
}
