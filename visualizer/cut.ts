/**
 * Values of any length and content, as text that can be shown.
 *
 * @module
 */

import { cleanText } from "../linearizability/mod.ts";

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

/** Cuts the middle out of a text that is too long to read.
 *
 * @param lengthMax The number of characters that are kept, half of them on each side.
 *
 * @example What is missing is counted
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cutText } from "./cut.ts";
 *
 * assertEquals(cutText("abcdefghij", 4), "ab…[6 characters]…ij");
 * ```
 */
export function cutText(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const half = Math.floor(lengthMax / 2);
  // A pair of surrogates is one character, and must not be parted.
  const end = isLowSurrogate(text, half) ? half - 1 : half;
  const tail = text.length - half;
  const start = isLowSurrogate(text, tail) ? tail + 1 : tail;
  const missing = (start - end).toLocaleString("en");
  return `${text.slice(0, end)}…[${missing} characters]…${text.slice(start)}`;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000;
}

/** A name, cut to a readable length. */
export function cutName(name: string): string {
  return cleanText(cutText(name, NAME_LENGTH_MAX));
}

/** A value in JSON, cut to a readable length. */
export function showValue(value: unknown, lengthMax: number): string {
  const cut = typeof value === "string" ? cutText(value, lengthMax) : value;
  return cleanText(cutText(JSON.stringify(cut) ?? String(cut), 2 * lengthMax));
}
