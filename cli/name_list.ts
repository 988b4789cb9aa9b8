/**
 * Lists of names in messages.
 *
 * @module
 */

/** The number of names in a list. */
const NAMES_MAX = 5;

/** Returns names as a list, which ends with the number of those that are left out. */
export function nameList(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return names.slice(0, NAMES_MAX).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
