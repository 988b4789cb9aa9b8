/**
 * `deno task grade`: grades this folder, or the submissions in other folders.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { z } from "zod";
import {
  type Command,
  CommandError,
  EXIT_STATUS,
  type ExitStatus,
  flag,
  main,
  reporter,
  wholeNumber,
  writeResult,
} from "../cli/mod.ts";
import { gradeClass } from "./class.ts";
import { type Facts, scored } from "./facts.ts";
import { gradeSubmission } from "./grade_submission.ts";
import { writeReports } from "./outputs.ts";
import { linesOf, tableOf } from "./reports/terminal.ts";
import { readJson } from "./read_json.ts";
import { GradeReport, type SubmissionResult } from "./result.ts";
import { DEFAULT_RUBRIC, Rubric } from "./rubric.ts";
import { takeSubmission } from "./take.ts";
import { seedsFor } from "./seeds.ts";
import { findSubmissions, Shard, type Submission } from "./submissions.ts";
import { gradescopeOf } from "./reports/gradescope.ts";

const LAB = fileURLToPath(new URL("../", import.meta.url));

/** Ctrl-C, and what a machine sends that is about to stop; Windows has only the first. */
const ENDING_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

const file = (description: string) => z.string().optional().meta({ description, value: "FILE" });

const GradeOptions = z.strictObject({
  seeds: wholeNumber("seeds", 1).default(25).meta({
    description: "With how many seeds each test runs (25)",
    value: "N",
  }),
  salt: z.string().optional().meta({
    description: "Decides which seeds, so that nobody knows them before",
    value: "TEXT",
  }),
  rubric: file("Points for each test, as JSON"),
  jobs: wholeNumber("jobs", 1).default(navigator.hardwareConcurrency).meta({
    description: "How many submissions run at the same time (one a core)",
    value: "N",
  }),
  shard: Shard.optional().meta({ description: "Grades one of N parts of the class", value: "I/N" }),
  merge: flag().meta({ description: "Takes --json reports instead of folders, and joins them" }),
  fresh: flag().meta({ description: "Runs again what an earlier run has finished" }),
  json: file("Writes the results as JSON"),
  junit: file("Writes JUnit XML"),
  classroom: file("Appends GitHub Classroom's results, one a test, as for GITHUB_OUTPUT"),
  classroom50: file("Writes Classroom 50's result.json, with release-body.md beside it"),
  gradescope: file("Writes Gradescope's results.json, again after every test"),
  csv: file("Writes a table of the class"),
  html: file("Writes a page of the class"),
});
/** The options of the command. */
export type GradeOptions = z.infer<typeof GradeOptions>;

/** `deno task grade`. */
export const gradeCommand: Command<typeof GradeOptions> = {
  name: "grade",
  summary: "Grades this folder, or each folder that holds a client.ts and a server.ts",
  operands: { name: "DIR", min: 0 },
  options: GradeOptions,
  run: grade,
};

async function grade(options: GradeOptions, operands: string[]): Promise<ExitStatus> {
  const { json, junit, classroom, classroom50, gradescope, csv, html } = options;
  const print = reporter(
    [json, junit, classroom, classroom50, gradescope, csv, html],
    options.merge ? operands : [],
  );
  const rubric = await readRubric(options.rubric);
  const startMs = performance.now();
  const report = options.merge ? await merged(operands) : await graded(options, operands, rubric);
  const { submissions } = report;
  if (submissions.length === 1) linesOf(submissions[0]!, rubric).forEach((line) => print(line));
  else tableOf(report).forEach((line) => print(line));
  if (!options.merge && submissions.length > 1) {
    const seconds = (performance.now() - startMs) / 1000;
    const each = (seconds / submissions.length).toFixed(2);
    print(`${submissions.length} submissions in ${seconds.toFixed(1)} s, ${each} s each`);
  }
  await writeReports(report, options);
  const allPassed = submissions.every(({ tests }) => tests.every(({ passed }) => passed));
  return allPassed ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

/** Runs what the command line names. */
async function graded(
  options: GradeOptions,
  operands: string[],
  rubric: Rubric,
): Promise<GradeReport> {
  const { seeds: count, salt, shard, jobs, fresh, gradescope } = options;
  const submissions = await findSubmissions(operands.length === 0 ? [LAB] : operands, shard);
  const seeds = await seedsFor(count, salt);
  const tests = rubric.parts.flatMap((part) => Object.keys(part.tests));
  const one = submissions.length === 1 ? submissions[0] : undefined;
  if (one !== undefined && gradescope !== undefined) {
    return { submissions: [await gradeStepwise(one, { seeds, tests }, rubric, gradescope)] };
  }
  const interrupt = new AbortController();
  const abort = () => interrupt.abort();
  for (const each of ENDING_SIGNALS) Deno.addSignalListener(each, abort);
  const resume = !fresh && submissions.length > 1;
  try {
    const { signal } = interrupt;
    const folders = submissions.map(({ folder }) => folder);
    const facts = await gradeClass(folders, { seeds, tests, jobs, resume, signal });
    const finished = facts.filter((each) => each !== undefined).length;
    if (finished < facts.length) {
      throw new CommandError(
        `Interrupted after ${finished} of ${facts.length} submissions; run it again to ` +
          (resume ? "go on" : "begin anew"),
      );
    }
    return {
      submissions: submissions.map(({ name }, i) => scored(name, facts[i] as Facts, rubric)),
    };
  } finally {
    for (const each of ENDING_SIGNALS) Deno.removeSignalListener(each, abort);
  }
}

/** Grades one submission test after test, and writes down what is known before the first
 * and after each. */
async function gradeStepwise(
  { name, folder }: Submission,
  { seeds, tests }: { seeds: number[]; tests: string[] },
  rubric: Rubric,
  output: string,
): Promise<SubmissionResult> {
  const onTest = async (facts: Facts) => {
    if (output === "-") return;
    await writeResult(output, () => gradescopeOf(scored(name, facts, rubric, true)));
  };
  const taken = await takeSubmission(folder);
  const { problems, notes } = taken;
  await onTest({ lateDays: 0, sources: [], notes, problems, tests: [], durationMs: 0 });
  return scored(name, await gradeSubmission(taken, { seeds, tests, onTest }), rubric);
}

/** Joins the reports of shards. */
async function merged(files: readonly string[]): Promise<GradeReport> {
  if (files.length === 0) {
    throw new CommandError("No report was given; expected --merge and files that --json wrote");
  }
  const submissions: SubmissionResult[] = [];
  for (const name of files) {
    submissions.push(...(await readJson(name, GradeReport)).submissions);
  }
  submissions.sort((a, b) => a.submission < b.submission ? -1 : 1);
  const twice = submissions.find((each, i) => submissions[i - 1]?.submission === each.submission);
  if (twice === undefined) return { submissions };
  throw new CommandError(`Cannot merge: "${twice.submission}" stands in more than one report`);
}

async function readRubric(name: string | undefined): Promise<Rubric> {
  return name === undefined ? DEFAULT_RUBRIC : await readJson(name, Rubric);
}

if (import.meta.main) await main(gradeCommand);
