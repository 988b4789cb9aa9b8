/**
 * The wording that all reports share: the parts of a result as harmless texts.
 *
 * @module
 */

import { requirementsLine } from "../../testing/requirements.ts";
import { daysText, latenessText, minuteOf } from "../result/late.ts";
import type { GradeReport, Problem, SubmissionResult, TestResult } from "../result/result.ts";
import { shortHashOf } from "../hash.ts";
import { cut, oneLine, sanitize } from "./text.ts";

/** The number of characters of each text that are kept. */
const MESSAGE_LENGTH_MAX = 4000;
const STORY_LENGTH_MAX = 20_000;
const HINT_LENGTH_MAX = 1000;

/** Returns the names of all tests in a class, in the order of the rubric. */
export function testNamesOf(
  submissions: readonly { tests: readonly { name: string }[] }[],
): string[] {
  return [...new Set(submissions.flatMap(({ tests }) => tests.map(({ name }) => name)))];
}

/** The totals of the submissions of a class that were graded. */
export interface Totals {
  graded: number;
  /** The average of their points; `null` if there are none. */
  mean: string | null;
  /** The number of submissions that pass each test, in the order of the names. */
  passes: number[];
}

/** Returns the totals of a class.
 *
 * @param names The names of the tests. */
export function totalsOf(
  submissions: readonly SubmissionResult[],
  names: readonly string[],
): Totals {
  const graded = submissions.filter(({ notGraded }) => notGraded === undefined);
  const total = graded.reduce((sum, { score }) => sum + score, 0);
  return {
    graded: graded.length,
    mean: graded.length === 0 ? null : (total / graded.length).toFixed(1),
    passes: names.map((name) => {
      return graded.filter(({ tests }) => tests.some((test) => test.name === name && test.passed))
        .length;
    }),
  };
}

/** Returns the points of a submission, such as `85/100`; `not graded` if it has none. */
export function pointsOf({ score, maxScore, notGraded }: SubmissionResult): string {
  return notGraded === undefined ? `${score}/${maxScore}` : "not graded";
}

/** Returns the number of late days; `undefined` if there is a due date but no time of the hand-in. */
export function lateDaysOf(
  { late, lateDays }: SubmissionResult,
  { provenance }: GradeReport,
): number | undefined {
  const isDue = provenance !== undefined && provenance.due !== null;
  const isUnknown = late === undefined ? isDue : late.days === null;
  return isUnknown && lateDays === 0 ? undefined : lateDays;
}

/** Returns the outcome of a test. */
export function outcomeOf(test: TestResult | undefined): "passed" | "failed" | "not run" {
  if (test?.passed) return "passed";
  return test !== undefined && test.seedsRun > 0 ? "failed" : "not run";
}

/** Returns a duration, such as `1.2 s`. */
export function secondsOf({ durationMs }: { durationMs: number }): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}

/** Returns the name of a test with its title. */
export function nameOf({ name, title }: { name: string; title: string }): string {
  return title === "" ? name : `${name}: ${oneLine(title)}`;
}

/** Returns a problem with its place, as a text of several lines. */
export function problemText({ message, file, line }: Problem): string {
  const text = sanitize(cut(message, MESSAGE_LENGTH_MAX));
  if (file === null) return text;
  const place = line === null ? oneLine(file) : `${oneLine(file)}:${line}`;
  // Some messages begin with the name of the file.
  return text.startsWith(`${file} `) ? place + text.slice(file.length) : `${place}: ${text}`;
}

/** Returns the reasons that the tests were not run, each as a text of several lines. */
export function reasonsOf({ problems, notGraded }: SubmissionResult): string[] {
  if (notGraded === undefined) return problems.map(problemText);
  return [`Not graded, because of this machine: ${oneLine(notGraded)}`];
}

/** Returns a line about late days and a line about the requirements, as far as they are known. */
export function lateAndRequirementLines(
  { late, lateDays, requirements }: SubmissionResult,
): string[] {
  const declared = lateDays > 0 ? `late.txt declares ${daysText(lateDays, "late day")}` : undefined;
  const lateness = late && latenessText(late) || declared;
  return [
    ...lateness === undefined ? [] : [lateness],
    ...requirements === undefined ? [] : [requirementsLine(requirements)],
  ];
}

/** Returns the remarks on a submission and its notes as lines. */
export function notesOf(result: SubmissionResult): string[] {
  return [
    ...lateAndRequirementLines(result),
    ...result.notes.map((note) => `Note: ${oneLine(note)}`),
  ];
}

/** Returns the failure of a test as lines; none if it passed. */
export function failureLines(
  { message, hint, replay }: Pick<TestResult, "message" | "hint" | "replay">,
): string[] {
  const lines = message === null ? [] : sanitize(cut(message, MESSAGE_LENGTH_MAX)).split("\n");
  if (hint !== null) lines.push(`hint:    ${oneLine(hint, HINT_LENGTH_MAX)}`);
  if (replay !== null) lines.push(`replay:  ${oneLine(replay)}`);
  return lines;
}

/** Returns the story of a failed test as a text of several lines, which is empty if there is none. */
export function storyText({ story = [] }: Pick<TestResult, "story">): string {
  return sanitize(cut(story.join("\n"), STORY_LENGTH_MAX));
}

/** Returns the provenance of grades as a line, or nothing if it is not known. */
export function provenanceText({ provenance }: GradeReport): string[] {
  if (provenance === undefined) return [];
  const { lab, deno, date, seeds, salt, rubric, due } = provenance;
  const points = [...rubric.parts.map(({ tests }) => tests), rubric.requirements ?? {}]
    .flatMap((each) => Object.values(each)).reduce((sum, each) => sum + each, 0);
  const hash = shortHashOf(JSON.stringify(rubric));
  const ofRubric = `rubric ${hash} (${points} points)`;
  const ofDue = due === null ? "" : `, due ${minuteOf(due)}`;
  const ofSalt = salt === null ? "no salt" : `salt ${salt}`;
  const ofSeeds = seeds === 1 ? "1 seed" : `${seeds} seeds`;
  const day = date.slice(0, 10);
  return [`Graded ${day}: lab ${lab}, Deno ${deno}, ${ofSeeds}, ${ofSalt}, ${ofRubric}${ofDue}`];
}
