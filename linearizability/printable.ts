/**
 * Makes text from histories safe and short enough for terminals, XML and pages.
 *
 * @module
 */

/** Characters that act on a terminal, are invisible, change the direction of text, or are not
 * allowed in XML, except line feeds and tabs. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffe\uffff]/gu;

/** Replaces unprintable characters with their escapes in JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cleanText } from "./printable.ts";
 *
 * assertEquals(cleanText("a\u202eb\u009b\n"), "a\\u202eb\\u009b\n");
 * ```
 */
export function cleanText(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    return character.split("").map((unit) => {
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
    }).join("");
  });
}

/** Cuts off the end of a long text.
 *
 * @param lengthMax The maximum length of the result, with the ellipsis.
 */
export function cutEnd(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, endBefore(text, lengthMax - 1))}…`;
}

/** Cuts the middle out of a long text.
 *
 * @param lengthMax The number of characters to keep, half of them on each side.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cutMiddle } from "./printable.ts";
 *
 * assertEquals(cutMiddle("abcdefghij", 4), "ab…[6 characters]…ij");
 * ```
 */
export function cutMiddle(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const half = Math.floor(lengthMax / 2);
  const end = endBefore(text, half);
  const tail = text.length - half;
  const start = isLowSurrogate(text, tail) ? tail + 1 : tail;
  const missing = (start - end).toLocaleString("en");
  return `${text.slice(0, end)}…[${missing} characters]…${text.slice(start)}`;
}

/** Returns the last index up to `at` that does not split a surrogate pair. */
function endBefore(text: string, at: number): number {
  return isLowSurrogate(text, at) ? at - 1 : at;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000;
}
