/**
 * Values of any length and content, as readable text.
 *
 * @module
 */

import { cleanText, cutMiddle } from "../linearizability/mod.ts";

/** The approximate total length of all values of one kind. */
const CHARACTERS_MAX = 1_500_000;

/** The limits of the length of one value. */
const VALUE_LENGTH_MIN = 120;
export const VALUE_LENGTH_MAX = 4_000;

const NAME_LENGTH_MAX = 200;

/** Returns the number of characters of each value that a page can hold. */
export function lengthFor(count: number): number {
  const share = Math.floor(CHARACTERS_MAX / Math.max(count, 1));
  return Math.min(Math.max(share, VALUE_LENGTH_MIN), VALUE_LENGTH_MAX);
}

/** Cuts a name to a readable length. */
export function cutName(name: string): string {
  return cleanText(cutMiddle(name, NAME_LENGTH_MAX));
}

/** Returns a value in JSON, cut to a readable length. */
export function showValue(value: unknown, lengthMax: number): string {
  const cut = typeof value === "string" ? cutMiddle(value, lengthMax) : value;
  return cleanText(cutMiddle(JSON.stringify(cut) ?? String(cut), 2 * lengthMax));
}
