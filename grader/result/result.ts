/**
 * The results of grading, from which every report is written, and the JSON
 * that `deno task grade --json` writes.
 *
 * @module
 */

import { z } from "zod";
import { Lateness } from "./late.ts";
import { Rubric } from "./rubric.ts";

const Points = z.int().min(0);

/** The schema of one test's result. */
export const TestResult = z.strictObject({
  /** Its name up to the colon, for example `"TestBasic"`; of a requirement that is worth
   * points, its words as one, for example `"FreesMemory"`. */
  name: z.string(),
  /** The rest of its name, for example `"one client"`; empty if the test never reported. */
  title: z.string(),
  /** The part of the rubric that it belongs to. */
  part: z.string(),
  passed: z.boolean(),
  score: Points,
  maxScore: Points,
  /** The number of seeds that it ran with, the one that failed included. */
  seedsRun: z.int().min(0),
  /** The seed that it failed with. */
  failedSeed: z.int().nullable(),
  /** The reason that it failed, without the hint and the commands. */
  message: z.string().nullable(),
  /** The idea that is missing. */
  hint: z.string().nullable(),
  /** The command that replays the failure. */
  replay: z.string().nullable(),
  durationMs: z.number().min(0),
  /** The smallest run that fails in the same way, line by line; only if it was asked for. */
  story: z.array(z.string()).optional(),
});
/** One test's result. */
export type TestResult = z.infer<typeof TestResult>;

/** The schema of a problem that kept a submission from being run: a type error, an import that is
 * not allowed, a missing file. */
export const Problem = z.strictObject({
  message: z.string(),
  /** The file of the submission that it is in, for example `"server.ts"`. */
  file: z.string().nullable(),
  /** Counted from 1. */
  line: z.int().min(1).nullable(),
});
/** A problem that kept a submission from being run. */
export type Problem = z.infer<typeof Problem>;

/** The schema of a submission's result. */
export const SubmissionResult = z.strictObject({
  /** The name of the submission: that of its folder. */
  submission: z.string(),
  /** Other identifiers of the student: e-mail addresses, numbers. */
  identity: z.array(z.string()).optional(),
  /** The points of all tests, without those for late days. */
  score: Points,
  maxScore: Points,
  /** The number of days that it is late; the number that it declares if that is not known. */
  lateDays: z.int().min(0),
  /** When it was handed in, and what that costs; only if it is known when it was due. */
  late: Lateness.optional(),
  /** Notes for the instructor: what was refused, what could not be read. */
  notes: z.array(z.string()),
  /** Comment lines that declare where code came from. */
  sources: z.array(z.string()),
  /** Hashes of its programs, whatever their names and layout; equal ones are told. */
  likeness: z.record(z.string(), z.string()).optional(),
  /** The requirements that no test sees, as far as they could be measured. */
  requirements: z.array(z.strictObject({ name: z.string(), isMet: z.boolean() })).optional(),
  /** The row of the roster that it belongs to, by the names of its columns. */
  roster: z.record(z.string(), z.string()).optional(),
  /** If there are any, the tests were not run. */
  problems: z.array(Problem),
  tests: z.array(TestResult),
  durationMs: z.number().min(0),
  /** The reason that this machine could not grade it, which says nothing about it: its points
   * are none, not zero. Absent from what was graded. */
  notGraded: z.string().optional(),
});
/** A submission's result. */
export type SubmissionResult = z.infer<typeof SubmissionResult>;

/** The schema of the findings about one test. */
export const TestFindings = TestResult.omit({ part: true, score: true, maxScore: true });
/** The findings about one test: everything but points. */
export type TestFindings = z.infer<typeof TestFindings>;

/** The schema of the findings about a submission. They are what a cache keeps between two runs
 * of the command, so that a changed rubric needs no second run. */
export const Findings = SubmissionResult.pick({
  ...{ lateDays: true, notes: true, sources: true, likeness: true, requirements: true },
  ...{ problems: true, durationMs: true },
}).extend({ tests: z.array(TestFindings) });
/** The findings about a submission: everything but points. */
export type Findings = z.infer<typeof Findings>;

/** Returns findings about a submission that was not run.
 *
 * @param known What is known of it. */
export function findingsWith(known: Partial<Findings>): Findings {
  const nothing = { lateDays: 0, notes: [], sources: [], problems: [], tests: [], durationMs: 0 };
  return { ...nothing, ...known };
}

/** The schema of the provenance of grades. */
export const Provenance = z.strictObject({
  /** A hash of everything in the lab that a grade depends on. */
  lab: z.string(),
  /** The version of Deno. */
  deno: z.string(),
  /** When it was graded, in ISO 8601. */
  date: z.iso.datetime(),
  /** The number of seeds of each test. */
  seeds: z.int().min(1),
  /** A hash of the salt; `null` if there was none. */
  salt: z.string().nullable(),
  rubric: Rubric,
  /** When submissions were due, in ISO 8601; `null` if that is not known. */
  due: z.iso.datetime().nullable(),
  /** The part of the class that this is, for example `1/4`; `null` if it is all of it. */
  shard: z.string().nullable(),
});
/** Everything that decided the grades besides the submissions. */
export type Provenance = z.infer<typeof Provenance>;

/** The schema of `deno task grade --json`. */
export const GradeReport = z.strictObject({
  provenance: Provenance.optional(),
  submissions: z.array(SubmissionResult),
  /** The files and folders beside the submissions that were not graded, each with the reason. */
  ungraded: z.array(z.string()).optional(),
});
/** The results of grading. */
export type GradeReport = z.infer<typeof GradeReport>;
