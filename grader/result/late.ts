/**
 * Late days, and the points that they cost.
 *
 * Unpacking, copying and cloning change the times of files, so other sources tell the time of a
 * hand-in: Gradescope, Classroom 50, the last commit, or the file names of Canvas. Every report
 * names the source. If no source knows the time, no point is taken off, and reports show the number
 * that `late.txt` declares.
 *
 * @module
 */

import { z } from "zod";

/** The number of late days that can be declared; no policy has more free days. */
const LATE_DAYS_MAX = 9;

const DAY_MS = 24 * 60 * 60 * 1000;

const DAYS_EXPECTED = "expected a whole number of days from 0 to 9";
const POINTS_EXPECTED = "expected a whole number of points from 0 on";

/** The schema of the late policy in a rubric. */
export const LatePolicy = z.strictObject({
  /** The number of days that cost nothing. */
  freeDays: z.int(DAYS_EXPECTED).min(0, DAYS_EXPECTED).max(9, DAYS_EXPECTED),
  /** The points that each day after these costs. */
  pointsPerDay: z.int(POINTS_EXPECTED).min(0, POINTS_EXPECTED),
});
/** A late policy. */
export type LatePolicy = z.infer<typeof LatePolicy>;

/** The time of a hand-in. */
export interface HandIn {
  /** The time; `null` if it is only known to be late. */
  at: Date | null;
  /** The source of the time, for example `git commit 1a2b3c4`. */
  source: string;
}

/** The schema of the lateness of a submission. */
export const Lateness = z.strictObject({
  /** The time of the hand-in, in ISO 8601; `null` if it is not known. */
  handedIn: z.iso.datetime().nullable(),
  /** The source of the time. */
  source: z.string(),
  /** The number of days after it was due, rounded up; `null` if it is not known. */
  days: z.int().min(0).nullable(),
  /** The points that they cost. */
  points: z.int().min(0),
});
/** The lateness of a submission. */
export type Lateness = z.infer<typeof Lateness>;

/** The schema of a due date on the command line, in ISO 8601. Without a zone it is in local time;
 * without a time it is the midnight at the end of the day. */
export const DueDate = z.union([
  z.iso.date(),
  z.iso.datetime({ local: true, offset: true }),
  // Without seconds.
  z.iso.datetime({ local: true, offset: true, precision: -1 }),
], {
  error: "expected a date, for example --due=2026-11-20 or --due=2026-11-20T18:00+01:00",
}).transform((text) => new Date(text.includes("T") ? text : `${text}T24:00`));

/** Returns the number of late days that a `late.txt` declares, and a note if it holds anything else.
 *
 * @param text The text of the file; `undefined` if there is none.
 */
export function declaredLateDays(text: string | undefined): { lateDays: number; note?: string } {
  if (text === undefined) return { lateDays: 0 };
  const word = text.trim();
  if (/^\d$/.test(word) && Number(word) <= LATE_DAYS_MAX) return { lateDays: Number(word) };
  const found = word === "" ? "nothing" : JSON.stringify(word.slice(0, 40));
  return {
    lateDays: 0,
    note: `late.txt holds ${found}; expected a whole number from 0 to ${LATE_DAYS_MAX}`,
  };
}

/** Returns the lateness of a submission.
 *
 * @param handIn The time of the hand-in.
 * @param due The time when it was due.
 * @param policy The cost of late days; they cost nothing if it is absent.
 */
export function latenessOf({ at, source }: HandIn, due: Date, policy?: LatePolicy): Lateness {
  if (at === null) return { handedIn: null, source, days: null, points: 0 };
  const days = Math.max(0, Math.ceil((at.getTime() - due.getTime()) / DAY_MS));
  const { freeDays, pointsPerDay } = policy ?? { freeDays: 0, pointsPerDay: 0 };
  const points = Math.max(0, days - freeDays) * pointsPerDay;
  return { handedIn: at.toISOString(), source, days, points };
}

/** Returns the lateness of a submission in words; nothing if it is not late. */
export function latenessText({ handedIn, source, days, points }: Lateness): string | undefined {
  if (days === 0) return undefined;
  if (handedIn === null) {
    return `Late, but it is not known by how much (${source}): no points taken off`;
  }
  const time = minuteOf(handedIn);
  const cost = points === 1 ? "1 point" : points === 0 ? "no points" : `${points} points`;
  return `Late by ${daysText(days!)} (${source}, ${time}): ${cost} taken off`;
}

/** Returns a number of days in words, for example `2 days`. */
export function daysText(count: number, unit = "day"): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Formats a time in ISO 8601 for people, for example `2026-11-20 18:00 UTC`. */
export function minuteOf(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}
