/**
 * Texts that students had a hand in, made harmless for whoever reads them: every report
 * takes them from here.
 *
 * A text can pretend to be more than a text in four ways. Control characters steer a
 * terminal, and XML forbids them. Characters that turn the direction show another order
 * than there is. A line that begins with `::`, or holds `##[`, is a command to the runner
 * of GitHub Actions, whichever program printed it: the reporters of course services print
 * what stands here in steps of their own, so that pausing commands in ours would not do.
 * And the end of a line, where one line is expected, lets a text write the next line.
 *
 * How to quote for Markdown, HTML or a spreadsheet is each report's own business.
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

/** Takes away colours, control characters and what turns the direction of a text, but for
 * tabs and ends of lines, and breaks what would be a command to GitHub Actions.
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

/** A text that stands in one line, such as a note or the name of a folder.
 *
 * @param lengthMax How many characters are kept.
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

/** Cuts the end of a long text off, and says so.
 *
 * @param lengthMax The number of characters that are kept at most, with an ellipsis.
 */
export function cut(text: string, lengthMax: number): string {
  const shown = cutEnd(text, lengthMax);
  return shown === text ? text : `${shown} (${text.length - shown.length + 1} more characters)`;
}

/** JSON that says the same to every reader of JSON, and nothing to a terminal or a runner
 * that it is printed to. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(CONTROLS, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }).replaceAll("##[", "##\\u005b");
}
