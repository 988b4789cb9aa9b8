/**
 * The results of grading, which all reports are made of, and the JSON of `deno task grade --json`.
 *
 * @module
 */

import { z } from "zod";
import { Lateness } from "./late.ts";
import { Rubric } from "./rubric.ts";

const Points = z.int().min(0);

/** The schema of one test's result. */
export const TestResult = z.strictObject({
  /** Its name up to the colon, for example `"TestBasic"`, or the name of a requirement that is worth
   * points, for example `"FreesMemory"`. */
  name: z.string(),
  /** The rest of its name, for example `"one client"`; empty if the test never reported. */
  title: z.string(),
  /** The part of the rubric that it belongs to. */
  part: z.string(),
  passed: z.boolean(),
  score: Points,
  maxScore: Points,
  /** The number of seeds that it ran with, including the one that failed. */
  seedsRun: z.int().min(0),
  /** The seed that it failed with. */
  failedSeed: z.int().nullable(),
  /** The failure, without the hint and the commands. */
  message: z.string().nullable(),
  /** The idea that the submission lacks. */
  hint: z.string().nullable(),
  /** The command that replays the failure. */
  replay: z.string().nullable(),
  durationMs: z.number().min(0),
  /** The lines of the smallest run that fails in the same way; only with `--explain`. */
  story: z.array(z.string()).optional(),
});
/** One test's result. */
export type TestResult = z.infer<typeof TestResult>;

/** The schema of a reason that a submission was not run: a type error, an import that is not allowed,
 * a missing file. */
export const Problem = z.strictObject({
  message: z.string(),
  /** The file of the submission that it is in, for example `"server.ts"`. */
  file: z.string().nullable(),
  /** Counted from 1. */
  line: z.int().min(1).nullable(),
});
/** A reason that a submission was not run. */
export type Problem = z.infer<typeof Problem>;

/** The schema of a submission's result. */
export const SubmissionResult = z.strictObject({
  /** Its name: that of the folder, or of the student in an export. */
  submission: z.string(),
  /** Other identifiers of the student: e-mail addresses, numbers. */
  identity: z.array(z.string()).optional(),
  /** The points of all tests, less those for late days. */
  score: Points,
  maxScore: Points,
  /** The number of late days; the declared number if the time of the hand-in is not known. */
  lateDays: z.int().min(0),
  /** The time of the hand-in and its cost; only if it and the due date are known. */
  late: Lateness.optional(),
  /** Notes for the instructor. */
  notes: z.array(z.string()),
  /** Comment lines that declare sources. */
  sources: z.array(z.string()),
  /** Hashes of its normalized programs, by the names of the files. */
  likeness: z.record(z.string(), z.string()).optional(),
  /** The requirements that no test sees; absent if they could not be measured. */
  requirements: z.array(z.strictObject({ name: z.string(), isMet: z.boolean() })).optional(),
  /** Its row of the roster, by the names of the columns. */
  roster: z.record(z.string(), z.string()).optional(),
  /** The reasons that its tests were not run; none if they were. */
  problems: z.array(Problem),
  tests: z.array(TestResult),
  durationMs: z.number().min(0),
  /** The reason that this machine could not grade it; absent if it was graded. It then has no points,
   * which is not the same as zero. */
  notGraded: z.string().optional(),
});
/** A submission's result. */
export type SubmissionResult = z.infer<typeof SubmissionResult>;

/** The schema of the findings about one test. */
export const TestFindings = TestResult.omit({ part: true, score: true, maxScore: true });
/** The result of a test without points. */
export type TestFindings = z.infer<typeof TestFindings>;

/** The schema of the findings about a submission. They are cached, so that a changed rubric needs no
 * new run. */
export const Findings = SubmissionResult.pick({
  ...{ lateDays: true, notes: true, sources: true, likeness: true, requirements: true },
  ...{ problems: true, durationMs: true },
}).extend({ tests: z.array(TestFindings) });
/** The result of a submission without points. */
export type Findings = z.infer<typeof Findings>;

/** Returns findings, which are empty but for those that are given. */
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
  /** The time of grading, in ISO 8601. */
  date: z.iso.datetime(),
  /** The number of seeds of each test. */
  seeds: z.int().min(1),
  /** A hash of the salt; `null` if there was none. */
  salt: z.string().nullable(),
  rubric: Rubric,
  /** The due date, in ISO 8601; `null` if there is none. */
  due: z.iso.datetime().nullable(),
  /** The part of the class, for example `1/4`; `null` for a whole class. */
  shard: z.string().nullable(),
});
/** Everything that decided the grades besides the submissions. */
export type Provenance = z.infer<typeof Provenance>;

/** The schema of `deno task grade --json`. */
export const GradeReport = z.strictObject({
  provenance: Provenance.optional(),
  submissions: z.array(SubmissionResult),
  /** The files and folders beside the submissions, each with its kind. */
  ungraded: z.array(z.string()).optional(),
});
/** The results of grading. */
export type GradeReport = z.infer<typeof GradeReport>;
