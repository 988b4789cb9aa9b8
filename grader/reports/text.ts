/**
 * Makes texts of students harmless for the readers of reports.
 *
 * A text can do harm in four ways. Control characters steer a terminal, and XML forbids them.
 * Bidirectional controls change the order of characters. A line that begins with `::` or contains
 * `##[` is a command to the runner of GitHub Actions; reporters of course services print reports in
 * other steps, so pausing commands would not help. And a line break can forge the next line.
 *
 * Each report adds its own quoting for Markdown, HTML or a spreadsheet.
 *
 * @module
 */

import { stripVTControlCharacters } from "node:util";
import { cutEnd } from "../../linearizability/mod.ts";

/** Control characters other than tabs and line ends, bidirectional controls, and characters that XML
 * forbids. */
const CONTROLS = /[^\P{Cc}\t\n]|\p{Bidi_Control}|[\ufffe\uffff]/gu;

/** The beginning of a command to GitHub Actions, whose runner trims each line. */
const COMMAND_START = /^([^\p{L}\p{N}\p{P}\p{S}\n]*):(?=:)/gmu;

/** The older form of a command, anywhere in a line. */
const OLD_COMMAND = /##(?=\[)/g;

/** The number of characters of a line that are kept. */
const LINE_LENGTH_MAX = 500;

/** Removes colors and controls, and breaks commands to GitHub Actions.
 */
export function sanitize(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n?/g, "\n").replace(CONTROLS, "")
    .toWellFormed().replace(COMMAND_START, "$1: ").replace(OLD_COMMAND, "## ");
}

/** Returns a harmless text on one line.
 *
 * @param lengthMax The number of characters that are kept.
 */
export function oneLine(text: string, lengthMax = LINE_LENGTH_MAX): string {
  return sanitize(cut(text, lengthMax)).replace(/\s+/g, " ");
}

/** Cuts the end of a long text off and says so.
 *
 * @param lengthMax The number of characters that are kept, including an ellipsis.
 */
export function cut(text: string, lengthMax: number): string {
  const shown = cutEnd(text, lengthMax);
  return shown === text ? text : `${shown} (${text.length - shown.length + 1} more characters)`;
}

/** Returns a value as JSON that is harmless to print. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(CONTROLS, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }).replaceAll("##[", "##\\u005b");
}
