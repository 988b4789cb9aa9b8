/**
 * Writes the reports that the command line and GitHub Actions ask for.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { CommandError, STDOUT, writeResult } from "../../cli/mod.ts";
import { classroomOf } from "./classroom.ts";
import { classroom50Fields, classroom50Of } from "./classroom50.ts";
import { csvOf } from "./csv.ts";
import { gradebookOf } from "./gradebook.ts";
import { gradescopeOf } from "./gradescope.ts";
import { htmlOf } from "./html.ts";
import { junitOf } from "./junit.ts";
import { annotationsOf, RELEASE_BYTES_MAX, SUMMARY_BYTES_MAX, summaryOf } from "./markdown.ts";
import { jsonOf } from "./text.ts";
import { provenanceText } from "./wording.ts";
import type { GradeOptions } from "../options.ts";
import type { GradeReport, SubmissionResult } from "../result/result.ts";

/** The options that name files of reports. */
export const OUTPUTS = [
  "json",
  "junit",
  "csv",
  "html",
  "gradescope",
  "classroom",
  "classroom50",
] as const;

/** The reports of exactly one submission. */
export const SINGLE_SUBMISSION_REPORTS = ["gradescope", "classroom", "classroom50"] as const;

/** The options about reports. */
type OutputOptions = Partial<GradeOptions>;

/** Returns the text of a report. */
type Writer = (report: GradeReport, options: OutputOptions) => string | Promise<string>;

const WRITERS: Record<typeof OUTPUTS[number], Writer> = {
  json: jsonOf,
  junit: junitOf,
  csv: (report, { "csv-format": format, "csv-column": column }) => {
    return format === undefined ? csvOf(report) : gradebookOf(report, format, column);
  },
  html: htmlOf,
  gradescope: (report) => gradescopeOf(only(report, "gradescope"), provenanceText(report)),
  classroom: async (report, { classroom }) => {
    return await textBefore(classroom!) +
      classroomOf(only(report, "classroom"), provenanceText(report));
  },
  classroom50: async (report, { classroom50 }) => {
    const one = only(report, "classroom50");
    const result = classroom50Of(one, classroom50Fields(environment), new Date());
    if (classroom50 !== STDOUT) {
      const body = join(dirname(classroom50!), "release-body.md");
      await writeResult(body, () => summaryOf(report, RELEASE_BYTES_MAX));
    }
    return jsonOf(result);
  },
};

/** Writes reports. If one cannot be written, the others still are.
 *
 * @throws {CommandError} Some cannot be written.
 */
export async function writeReports(report: GradeReport, options: OutputOptions): Promise<void> {
  const problems: string[] = [];
  const attempt = (work: Promise<void>) => {
    return work.catch((error: Error) => void problems.push(error.message));
  };
  for (const name of OUTPUTS) {
    await attempt(writeResult(options[name], () => WRITERS[name](report, options)));
  }
  await attempt(tellGitHub(report));
  if (problems.length > 0) throw new CommandError(problems.join("; "));
}

/** Returns the text of a file of outputs, to which other programs may have written before. */
async function textBefore(file: string): Promise<string> {
  const isFile = file !== STDOUT &&
    await Deno.lstat(file).then((stat) => stat.isFile, () => false);
  const text = isFile ? await Deno.readTextFile(file) : "";
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** Checks before the work that the environment has what reports need.
 *
 * @throws {CommandError} The runner of Classroom 50 did not start this process.
 */
export function checkOutputs({ classroom50 }: OutputOptions): void {
  if (classroom50 !== undefined) classroom50Fields(environment);
}

function environment(name: string): string | undefined {
  return Deno.env.get(name);
}

/** In GitHub Actions, adds the results to the summary of the step. */
async function tellGitHub(report: GradeReport): Promise<void> {
  const summary = Deno.env.get("GITHUB_STEP_SUMMARY");
  if (summary === undefined || summary === "") return;
  const { size = 0 } = await Deno.stat(summary).catch(() => ({ size: 0 }));
  const text = summaryOf(report, SUMMARY_BYTES_MAX - size);
  await Deno.writeTextFile(summary, `${text}\n`, { append: true });
  if (report.submissions.length > 1) return;
  for (const annotation of annotationsOf(report)) console.error(annotation);
}

function only({ submissions }: GradeReport, option: string): SubmissionResult {
  const [result, ...others] = submissions;
  if (result !== undefined && others.length === 0) return result;
  throw singleError(option, submissions.length);
}

/** Returns the error for a report of exactly one submission. */
export function singleError(option: string, count: number): CommandError {
  return new CommandError(
    `Cannot write --${option} for ${count} submissions; expected exactly one`,
  );
}
