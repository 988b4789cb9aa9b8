/**
 * The seeds that submissions are graded with: the same for a whole class, and unpredictable without
 * the salt.
 *
 * @module
 */

/** The number of hexadecimal digits of a hash that make a seed: seeds stay below 2^48, so that
 * they are exact as numbers. */
const SEED_DIGITS = 12;

/** Returns the seeds to grade with.
 *
 * @param count The number of seeds.
 * @param salt The text that decides them; without one they are 1, 2, 3 and so on, the seeds that
 * students try first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seedsFor } from "./seeds.ts";
 *
 * assertEquals(await seedsFor(3), [1, 2, 3]);
 * assertEquals(await seedsFor(2, "autumn"), await seedsFor(2, "autumn"));
 * ```
 */
export async function seedsFor(count: number, salt?: string): Promise<number[]> {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  if (salt === undefined) return numbers;
  return await Promise.all(numbers.map(async (number) => {
    return parseInt((await hashOf(JSON.stringify([salt, number]))).slice(0, SEED_DIGITS), 16);
  }));
}

/** Returns the SHA-256 of a text in hexadecimal digits. */
export async function hashOf(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes).toHex();
}
