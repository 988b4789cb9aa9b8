/**
 * The seeds of grading: the same for the whole class, and unpredictable without the salt.
 *
 * @module
 */

import { hashOf } from "./hash.ts";

/** The number of hexadecimal digits of a seed, which is exact as a number below 2^53. */
const SEED_DIGITS = 12;

/** Returns the seeds to grade with.
 *
 * @param count Their number.
 * @param salt The text that decides them; without it they are 1, 2, 3 and so on.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seedsFor } from "./seeds.ts";
 *
 * assertEquals(seedsFor(3), [1, 2, 3]);
 * assertEquals(seedsFor(2, "autumn"), seedsFor(2, "autumn"));
 * ```
 */
export function seedsFor(count: number, salt?: string): number[] {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  if (salt === undefined) return numbers;
  return numbers.map((number) => {
    return parseInt(hashOf(JSON.stringify([salt, number])).slice(0, SEED_DIGITS), 16);
  });
}
