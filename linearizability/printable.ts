/**
 * Text of a history in messages: keys and values may hold anything, and messages go to
 * terminals, into XML and onto pages.
 *
 * @module
 */

/** Characters that act on a terminal, are invisible, turn the direction of what follows,
 * or may stand in no XML: controls, format characters, parts of a pair, no characters.
 * Line feeds and tabs stay. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffe\uffff]/gu;

/** Replaces what cannot be shown by its escape in JSON, such as `\u202e`.
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

/** Cuts the end off a text that is too long to read.
 *
 * @param lengthMax The number of characters that it has at most then, with the ellipsis.
 */
export function cutEnd(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, endBefore(text, lengthMax - 1))}…`;
}

/** Cuts the middle out of a text that is too long to read.
 *
 * @param lengthMax The number of characters that are kept, half of them on each side.
 *
 * @example What is missing is counted
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

/** Returns where to cut a text at the latest: a pair of surrogates is one character, and must not
 * be parted. */
function endBefore(text: string, at: number): number {
  return isLowSurrogate(text, at) ? at - 1 : at;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000;
}
