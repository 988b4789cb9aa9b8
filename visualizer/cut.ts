/**
 * Values of any length and content, as text that can be shown.
 *
 * @module
 */

import { cleanText, cutMiddle } from "../linearizability/mod.ts";

/** The approximate number of characters that all values of one kind may have together. */
const CHARACTERS_MAX = 1_500_000;

/** The number of characters of one value that are shown, at least and at most. */
const VALUE_LENGTH_MIN = 120;
export const VALUE_LENGTH_MAX = 4_000;

/** The number of characters of a name that are shown. */
const NAME_LENGTH_MAX = 200;

/** Returns the number of characters that can be kept of each of so many values. */
export function lengthFor(count: number): number {
  const share = Math.floor(CHARACTERS_MAX / Math.max(count, 1));
  return Math.min(Math.max(share, VALUE_LENGTH_MIN), VALUE_LENGTH_MAX);
}

/** A name, cut to a readable length. */
export function cutName(name: string): string {
  return cleanText(cutMiddle(name, NAME_LENGTH_MAX));
}

/** A value in JSON, cut to a readable length. */
export function showValue(value: unknown, lengthMax: number): string {
  const cut = typeof value === "string" ? cutMiddle(value, lengthMax) : value;
  return cleanText(cutMiddle(JSON.stringify(cut) ?? String(cut), 2 * lengthMax));
}
