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

import { createHash } from "node:crypto";
import { stripVTControlCharacters } from "node:util";
import { cutEnd } from "../../linearizability/mod.ts";
import { requirementsLine } from "../../testing/requirements.ts";
import { latenessText, minuteOf } from "../result/late.ts";
import type { GradeReport, SubmissionResult } from "../result/result.ts";

/** The characters that neither a terminal nor XML takes, except tabs and line ends. */
const CONTROLS = /[^\P{Cc}\t\n]|\p{Bidi_Control}|[\ufffe\uffff]/gu;

/** The start of a line that the runner of GitHub Actions, which trims it first, takes for
 * a command. */
const COMMAND_START = /^([^\p{L}\p{N}\p{P}\p{S}\n]*):(?=:)/gmu;

/** The older form of a command counts anywhere in a line. */
const OLD_COMMAND = /##(?=\[)/g;

/** The number of characters that are told of one failure or problem. */
const MESSAGE_LENGTH_MAX = 4000;
const STORY_LENGTH_MAX = 20_000;
const HINT_LENGTH_MAX = 1000;
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

/** The names of all tests in a class, in the order of the rubric. */
export function testNamesOf(
  submissions: readonly { tests: readonly { name: string }[] }[],
): string[] {
  return [...new Set(submissions.flatMap(({ tests }) => tests.map(({ name }) => name)))];
}

/** The number of digits of a hash that are shown. */
const DIGITS = 12;

/** Returns the provenance of grades as one line; none if it is not known. */
export function provenanceText({ provenance }: GradeReport): string[] {
  if (provenance === undefined) return [];
  const { lab, deno, date, seeds, salt, rubric, due } = provenance;
  const points = [...rubric.parts.map(({ tests }) => tests), rubric.requirements ?? {}]
    .flatMap((each) => Object.values(each)).reduce((sum, each) => sum + each, 0);
  const hash = createHash("sha256").update(JSON.stringify(rubric)).digest("hex").slice(0, DIGITS);
  const ofRubric = `rubric ${hash} (${points} points)`;
  const ofDue = due === null ? "" : `, due ${minuteOf(due)}`;
  const ofSalt = salt === null ? "no salt" : `salt ${salt}`;
  const ofSeeds = seeds === 1 ? "1 seed" : `${seeds} seeds`;
  const day = date.slice(0, 10);
  return [`Graded ${day}: lab ${lab}, Deno ${deno}, ${ofSeeds}, ${ofSalt}, ${ofRubric}${ofDue}`];
}

/** Returns how late a submission is as one line; none if it is not. */
export function lateText({ late, lateDays }: SubmissionResult): string[] {
  const text = late && latenessText(late);
  if (text !== undefined) return [text];
  return lateDays > 0 ? [`Late days: ${lateDays}`] : [];
}

/** Which requirements are met, as one line; none if they were not measured. */
export function requirementsText({ requirements }: SubmissionResult): string[] {
  return requirements === undefined ? [] : [requirementsLine(requirements)];
}

/** A test's name, and what it is about if that is known. */
export function nameOf({ name, title }: { name: string; title: string }): string {
  return title === "" ? name : `${name}: ${oneLine(title)}`;
}

/** Returns a problem as text, with its place. */
export function problemText(
  { message, file, line }: { message: string; file: string | null; line: number | null },
): string {
  const text = clean(cut(message, MESSAGE_LENGTH_MAX));
  if (file === null) return text;
  const place = line === null ? oneLine(file) : `${oneLine(file)}:${line}`;
  // Some messages begin with the name of the file.
  return text.startsWith(`${file} `) ? place + text.slice(file.length) : `${place}: ${text}`;
}

/** The story of a failed test as a text of several lines; empty if there is none. */
export function storyText({ story = [] }: { story?: readonly string[] | undefined }): string {
  return clean(cut(story.join("\n"), STORY_LENGTH_MAX));
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
  const lines = message === null ? [] : clean(cut(message, MESSAGE_LENGTH_MAX)).split("\n");
  if (hint !== null) lines.push(`hint:    ${oneLine(hint, HINT_LENGTH_MAX)}`);
  if (replay !== null) lines.push(`replay:  ${oneLine(replay)}`);
  return lines;
}
