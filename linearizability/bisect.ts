/**
 * Binary search.
 *
 * @module
 */

/** Returns the first whole number from 0 for which a condition holds, or `end` if it holds for
 * none below. It has to hold for all greater numbers as well. */
export function bisect(end: number, holds: (i: number) => boolean): number {
  let [low, high] = [0, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
