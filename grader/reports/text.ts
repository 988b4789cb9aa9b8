/**
 * Texts that students had a hand in, made harmless for whoever reads them.
 *
 * @module
 */

const ESCAPES = /\p{Cc}\[[0-9;?]*[ -/]*[@-~]/gu;
const CONTROLS = /[^\P{Cc}\t\n]|\p{Bidi_Control}|[\ufffe\uffff]/gu;

/** Takes away colours, control characters and what turns the direction of a text, but for
 * tabs and ends of lines.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clean } from "./text.ts";
 *
 * assertEquals(clean("\x1b[32mpassed\x1b[0m\x07\n"), "passed\n");
 * ```
 */
export function clean(text: string): string {
  return text.replace(ESCAPES, "").replace(CONTROLS, "").toWellFormed();
}

/** Cuts the end of a long text off, and says so.
 *
 * @param lengthMax How many characters are kept.
 */
export function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return `${text.slice(0, lengthMax)}… (${text.length - lengthMax} more characters)`;
}

/** Where a problem is, and what it is. */
export function problemText(
  { message, file, line }: { message: string; file: string | null; line: number | null },
): string {
  const place = file === null ? "" : line === null ? `${file}: ` : `${file}:${line}: `;
  return place + cut(clean(message), 4000);
}

/** All that is to be said of a failed test, as lines.
 *
 * @returns Nothing if it passed. */
export function failureLines(
  { message, hint, replay }: {
    message: string | null;
    hint: string | null;
    replay: string | null;
  },
): string[] {
  const lines = message === null ? [] : cut(clean(message), 4000).split("\n");
  if (hint !== null) lines.push(`hint:    ${cut(clean(hint), 1000)}`);
  if (replay !== null) lines.push(`replay:  ${clean(replay)}`);
  return lines;
}
