/**
 * Makes texts that students may have written harmless for the readers of reports.
 *
 * A text can pretend to be more than a text in four ways. Control characters steer a
 * terminal, and XML forbids them. Bidirectional controls show characters in another order.
 * A line that begins with `::`, or holds `##[`, is a command to the runner of GitHub Actions,
 * whichever program printed it; the reporters of course services print reports in steps of
 * their own, so pausing commands in ours would not help. And a line break, where one line is
 * expected, lets a text forge the next line.
 *
 * Each report quotes for Markdown, HTML or a spreadsheet by itself.
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";
import { cutEnd } from "../../linearizability/mod.ts";

/** The characters that neither a terminal nor XML takes, except tabs and line ends. */
const CONTROLS = /[^\P{Cc}\t\n]|\p{Bidi_Control}|[\ufffe\uffff]/gu;

/** The start of a line that the runner of GitHub Actions, which trims it first, takes for
 * a command. */
const COMMAND_START = /^([^\p{L}\p{N}\p{P}\p{S}\n]*):(?=:)/gmu;

/** The older form of a command counts anywhere in a line. */
const OLD_COMMAND = /##(?=\[)/g;

/** The number of characters of a line that are kept. */
const LINE_LENGTH_MAX = 500;

/** Removes colors, control characters (except tabs and line breaks) and bidirectional controls,
 * and breaks commands to GitHub Actions.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clean } from "./text.ts";
 *
 * assertEquals(clean("\x1b[32mpassed\x1b[0m\x07\n"), "passed\n");
 * assertEquals(clean("  ::error::no"), "  : :error::no");
 * ```
 */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n?/g, "\n").replace(CONTROLS, "")
    .toWellFormed().replace(COMMAND_START, "$1: ").replace(OLD_COMMAND, "## ");
}

/** Puts a text on one line, such as a note or the name of a folder.
 *
 * @param lengthMax The number of characters that are kept.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { oneLine } from "./text.ts";
 *
 * assertEquals(oneLine("ada\nTotal: 100"), "ada Total: 100");
 * ```
 */
export function oneLine(text: string, lengthMax = LINE_LENGTH_MAX): string {
  return clean(cut(text, lengthMax)).replace(/\s+/g, " ");
}

/** Cuts off the end of a long text and says so.
 *
 * @param lengthMax The number of characters that are kept at most, with an ellipsis.
 */
export function cut(text: string, lengthMax: number): string {
  const shown = cutEnd(text, lengthMax);
  return shown === text ? text : `${shown} (${text.length - shown.length + 1} more characters)`;
}

/** Returns a value as JSON that a terminal or a runner can print without harm. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(CONTROLS, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }).replaceAll("##[", "##\\u005b");
}
