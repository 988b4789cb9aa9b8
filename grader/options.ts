/**
 * The options of `deno task grade`.
 *
 * @module
 */

import { isAbsolute, normalize } from "node:path";
import { z } from "zod";
import { flag, wholeNumber } from "../cli/mod.ts";
import { DueDate } from "./result/late.ts";
import { CSV_FORMATS } from "./reports/gradebook.ts";

/** The schema of `--root`. */
const Root = z.string().refine((text) => {
  return text !== "" && !isAbsolute(text) && !normalize(text).startsWith("..");
}, { error: "expected a folder inside each submission, for example --root=lab" });

/** The schema of `--shard`, which selects every n-th submission of a class. */
export const Shard = z.string().regex(/^\d+\/\d+$/, "expected I/N, for example --shard=1/4")
  .transform((text) => {
    const [index, count] = text.split("/").map(Number);
    return { index: index!, count: count! };
  }).refine(({ index, count }) => index >= 1 && index <= count, {
    error: "expected I/N with I from 1 to N, for example --shard=1/4",
  });
/** A part of a class: its index, counted from 1, and the number of parts. */
export type Shard = z.infer<typeof Shard>;

const file = (description: string) => z.string().optional().meta({ description, value: "FILE" });

/** The schema of the options. */
export const GradeOptions = z.strictObject({
  seeds: wholeNumber("seeds", 1).optional().meta({
    description: "Number of seeds that each test runs with (25)",
    value: "N",
  }),
  salt: z.string().optional().meta({
    description: "Text that decides the seeds; keep it secret, so that nobody knows them",
    value: "TEXT",
  }),
  rubric: file("Points for each test and requirement, as JSON"),
  due: DueDate.optional().meta({
    description: "When submissions were due; late days are counted from then",
    value: "DATE",
  }),
  jobs: wholeNumber("jobs", 1).optional().meta({
    description: "Number of submissions graded at the same time (one a core)",
    value: "N",
  }),
  shard: Shard.optional().meta({
    description: "Grades part I of N of the class",
    value: "I/N",
  }),
  merge: flag().meta({ description: "Joins --json reports, which take the place of folders" }),
  roster: file("Lists all students of this CSV file, with or without a hand-in"),
  metadata: file("Gradescope's submission_metadata.json, for one submission"),
  root: Root.optional().meta({
    description: "Grades this folder inside each submission",
    value: "NAME",
  }),
  explain: flag().meta({
    description: "Adds the smallest failing run of each failed test to the JSON, Markdown and HTML",
  }),
  fresh: flag().meta({
    description: "Ignores the results that earlier runs have kept",
  }),
  json: file("Writes the results as JSON"),
  junit: file("Writes JUnit XML"),
  classroom: file("Appends a result per test for GitHub Classroom, as to GITHUB_OUTPUT"),
  classroom50: file("Writes Classroom 50's result.json, with release-body.md beside it"),
  gradescope: file("Writes Gradescope's results.json after each test"),
  csv: file("Writes the class as a table"),
  "csv-format": z.enum(CSV_FORMATS).optional().meta({
    description: "Gives the table the columns that Canvas or Moodle imports",
    value: CSV_FORMATS.join("|"),
  }),
  "csv-column": z.string().optional().meta({
    description: "Name of the assignment there, and of the column of points (Key/value lab)",
    value: "NAME",
  }),
  html: file("Writes the class as a page"),
});
/** The options of the command. */
export type GradeOptions = z.infer<typeof GradeOptions>;
