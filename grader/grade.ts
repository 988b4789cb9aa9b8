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
import { type Facts, notGraded, scored } from "./facts.ts";
import { gradeSubmission } from "./grade_submission.ts";
import { singleError, writeReports } from "./outputs.ts";
import { footLines, linesOf, tableOf } from "./reports/terminal.ts";
import { joinedProvenance, labHash, provenanceOf } from "./provenance.ts";
import { readJson } from "./read_json.ts";
import { GradeReport, type SubmissionResult } from "./result.ts";
import { enrolled, readRoster } from "./roster.ts";
import { DEFAULT_RUBRIC, type Rubric } from "./rubric.ts";
import { readRubric } from "./rubric_file.ts";
import { stopBundler } from "./realm/bundle.ts";
import { NotGradedError } from "./judge/run.ts";
import { takeSubmission } from "./take.ts";
import { seedsFor } from "./seeds.ts";
import { sweepTemporary, TEMPORARY } from "./temporary.ts";
import { findSubmissions, Root, Shard, type Submission } from "./submissions.ts";
import { gradescopeOf } from "./reports/gradescope.ts";

const LAB = fileURLToPath(new URL("../", import.meta.url));

/** Ctrl-C, and what a machine sends that is about to stop; Windows has only the first. */
const ENDING_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

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
  roster: file("Lists everybody of this CSV file, also who handed nothing in"),
  root: Root.optional().meta({
    description: "Grades this folder inside each submission",
    value: "NAME",
  }),
  explain: flag().meta({
    description: "Adds the smallest run that fails to the JSON, Markdown and HTML of each test",
  }),
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
  const rubric = options.rubric === undefined ? DEFAULT_RUBRIC : await readRubric(options.rubric);
  if (options.roster !== undefined && options.shard !== undefined) {
    throw new CommandError("Cannot use --roster with --shard; give it to --merge, which has all");
  }
  const roster = options.roster === undefined ? undefined : await readRoster(options.roster);
  const startMs = performance.now();
  await sweepTemporary();
  if (options.merge) checkMerge(options);
  const troubles: string[] = [];
  const report = options.merge
    ? await merged(operands)
    : await graded(options, operands, rubric, troubles);
  if (roster !== undefined) {
    const { provenance, submissions } = report;
    report.submissions = enrolled(submissions, roster, provenance?.rubric ?? rubric);
  }
  const { submissions } = report;
  if (submissions.length === 1) linesOf(submissions[0]!, rubric).forEach((line) => print(line));
  else tableOf(report).forEach((line) => print(line));
  if (!options.merge && submissions.length > 1) {
    const seconds = (performance.now() - startMs) / 1000;
    const each = (seconds / submissions.length).toFixed(2);
    print(`${submissions.length} submissions in ${seconds.toFixed(1)} s, ${each} s each`);
  }
  for (const line of footLines(report)) print(line);
  await writeReports(report, options);
  const missing = submissions.filter(({ notGraded }) => notGraded !== undefined);
  if (missing.length > 0) throw new CommandError(notGradedText(missing, submissions.length));
  if (troubles.length > 0) throw new CommandError(troubles.join("; "));
  const allPassed = submissions.every(({ tests }) => tests.every(({ passed }) => passed));
  return allPassed ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

/** How many submissions a message names. */
const NAMES_MAX = 10;

function notGradedText(missing: readonly SubmissionResult[], total: number): string {
  const names = missing.slice(0, NAMES_MAX).map(({ submission }) => `"${submission}"`);
  const more = missing.length > NAMES_MAX ? ` and ${missing.length - NAMES_MAX} more` : "";
  const reasons = [...new Set(missing.map(({ notGraded }) => notGraded))].join("; ");
  return `This machine could not grade ${missing.length} of ${total} submissions, which says ` +
    `nothing about them; run it again for ${names.join(", ")}${more}. ${reasons}`;
}

/** Reports that hold exactly one submission. */
const FOR_ONE = ["gradescope", "classroom", "classroom50"] as const;

function isForOne(options: GradeOptions): boolean {
  return FOR_ONE.some((name) => options[name] !== undefined);
}

/** Refuses, before the work, reports that hold exactly one submission. */
function checkSingle(count: number, options: GradeOptions): void {
  for (const name of FOR_ONE) {
    if (options[name] !== undefined && count !== 1) throw singleError(name, count);
  }
}

/** Runs what the command line names. */
async function graded(
  options: GradeOptions,
  operands: string[],
  rubric: Rubric,
  troubles: string[],
): Promise<GradeReport> {
  const { seeds: count, salt, shard, root, gradescope } = options;
  const isSingle = operands.length <= 1 && isForOne(options);
  const folders = operands.length === 0 ? [LAB] : operands;
  const unpackInto = await Deno.makeTempDir({ prefix: TEMPORARY }).catch((error: Error) => {
    throw new CommandError(`Cannot make a temporary folder: ${error.message}`);
  });
  const seeds = await seedsFor(count, salt);
  const tests = rubric.parts.flatMap((part) => Object.keys(part.tests));
  const interrupt = new AbortController();
  const abort = () => interrupt.abort();
  for (const each of ENDING_SIGNALS) Deno.addSignalListener(each, abort);
  const plan: Plan = { seeds, tests, rubric, signal: interrupt.signal, troubles };
  try {
    const lab = await labHash();
    const found = await findSubmissions(folders, { shard, root, isSingle, unpackInto });
    const { submissions, ungraded } = found;
    checkSingle(submissions.length, options);
    const [one, ...others] = submissions;
    const results = one !== undefined && others.length === 0 && gradescope !== undefined
      ? [await gradeStepwise(one, plan, gradescope, options.explain)]
      : await gradeAll(submissions, lab, plan, options);
    const provenance = await provenanceOf({ lab, seeds: count, salt, rubric, shard });
    return { provenance, submissions: results, ...ungraded.length === 0 ? {} : { ungraded } };
  } finally {
    await Deno.remove(unpackInto, { recursive: true });
    for (const each of ENDING_SIGNALS) Deno.removeSignalListener(each, abort);
    await stopBundler();
  }
}

/** How submissions are graded. */
interface Plan {
  seeds: number[];
  tests: string[];
  rubric: Rubric;
  /** Ends it early. */
  signal: AbortSignal;
  /** What else went wrong, to be told at the end. */
  troubles: string[];
}

/** Grades submissions beside each other.
 *
 * @throws {CommandError} It was interrupted.
 */
async function gradeAll(
  submissions: readonly Submission[],
  lab: string,
  { rubric, ...plan }: Plan,
  { jobs, fresh, explain, shard }: GradeOptions,
): Promise<SubmissionResult[]> {
  const resume = !fresh && (submissions.length > 1 || shard !== undefined);
  const folders = submissions.map(({ folder }) => folder);
  const onUnkept = (reason: string) => void (plan.troubles[0] ??= `Cannot keep results: ${reason}`);
  const found = await gradeClass(folders, { ...plan, lab, jobs, resume, explain, onUnkept });
  const finished = found.filter((each) => each !== undefined).length;
  if (finished < found.length) {
    const again = resume && plan.troubles.length === 0 ? "go on" : "begin anew";
    throw new CommandError(
      `Interrupted after ${finished} of ${found.length} submissions; run it again to ${again}`,
    );
  }
  return submissions.map(({ name }, i) => {
    const facts = found[i]!;
    if (facts instanceof NotGradedError) return notGraded(name, facts.message, rubric);
    return scored(name, facts, rubric);
  });
}

/** Grades one submission test after test, and writes down what is known before the first
 * and after each. */
async function gradeStepwise(
  { name, folder }: Submission,
  { seeds, tests, rubric, signal }: Plan,
  output: string,
  explain: boolean,
): Promise<SubmissionResult> {
  const onTest = async (facts: Facts) => {
    if (output === "-") return;
    await writeResult(output, () => gradescopeOf(scored(name, facts, rubric, true)));
  };
  const taken = await takeSubmission(folder);
  const { problems, notes } = taken;
  await onTest({ lateDays: 0, sources: [], notes, problems, tests: [], durationMs: 0 });
  try {
    const options = { seeds, tests, signal, onTest, explain };
    return scored(name, await gradeSubmission(taken, options), rubric);
  } catch (error) {
    if (!signal.aborted) return notGraded(name, (error as Error).message.split("\n")[0]!, rubric);
    throw new CommandError("Interrupted before all tests were run; run it again to begin anew");
  }
}

/** What says how submissions are run, which is over where reports are joined. */
const OF_RUNS = ["salt", "shard", "root", "explain", "fresh"] as const;

/** Refuses options that would do nothing. */
function checkMerge(options: GradeOptions): void {
  const idle = OF_RUNS.find((name) => options[name] !== undefined && options[name] !== false);
  if (idle === undefined) return;
  throw new CommandError(`Cannot use --${idle} with --merge, which runs nothing; take it out`);
}

/** Joins the reports of shards. */
async function merged(files: readonly string[]): Promise<GradeReport> {
  if (files.length === 0) {
    throw new CommandError("No report was given; expected --merge and files that --json wrote");
  }
  const parts = await Promise.all(files.map(async (file) => {
    return { file, report: await readJson(file, GradeReport) };
  }));
  const provenance = joinedProvenance(parts);
  const submissions = parts.flatMap(({ report }) => report.submissions);
  const ungraded = new Set(parts.flatMap(({ report }) => report.ungraded ?? []));
  submissions.sort((a, b) => a.submission < b.submission ? -1 : 1);
  const twice = submissions.find((each, i) => submissions[i - 1]?.submission === each.submission);
  if (twice === undefined) {
    return {
      ...provenance === undefined ? {} : { provenance },
      submissions,
      ...ungraded.size === 0 ? {} : { ungraded: [...ungraded].toSorted() },
    };
  }
  throw new CommandError(`Cannot merge: "${twice.submission}" stands in more than one report`);
}

if (import.meta.main) await main(gradeCommand);
