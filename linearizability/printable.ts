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
