/**
 * Writes the results to wherever the command line and the surroundings ask for them.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { CommandError, STDOUT, writeResult } from "../../cli/mod.ts";
import { classroomOf } from "./classroom.ts";
import {
  checkClassroom50,
  CLASSROOM50_VARIABLES,
  classroom50Of,
  releaseBodyOf,
} from "./classroom50.ts";
import { csvOf } from "./csv.ts";
import { type CsvFormat, gradebookOf } from "./gradebook.ts";
import { gradescopeOf } from "./gradescope.ts";
import { htmlOf } from "./html.ts";
import { junitOf } from "./junit.ts";
import { annotationsOf, SUMMARY_BYTES_MAX, summaryOf } from "./markdown.ts";
import { jsonOf, provenanceText } from "./text.ts";
import type { GradeReport, SubmissionResult } from "../result/result.ts";

/** The place of each report: a path, `-` for the standard output, or nowhere. */
export type OutputFiles =
  & Partial<
    Record<
      "json" | "junit" | "classroom" | "classroom50" | "gradescope" | "csv" | "html",
      string | undefined
    >
  >
  & {
    /** The system that imports the table, and how it calls the assignment. */
    "csv-format"?: CsvFormat | undefined;
    "csv-column"?: string | undefined;
  };

/** Writes reports, each of them whatever comes of the others.
 *
 * @param report The results.
 * @param files Where they go.
 * @throws {CommandError} Some cannot be written, or are for a single submission.
 */
export async function writeReports(report: GradeReport, files: OutputFiles): Promise<void> {
  const { json, junit, csv, html, gradescope, classroom, classroom50 } = files;
  const { "csv-format": format, "csv-column": column } = files;
  const writers = [
    () => writeResult(json, () => jsonOf(report)),
    () => writeResult(junit, () => junitOf(report)),
    () =>
      writeResult(
        csv,
        () => format === undefined ? csvOf(report) : gradebookOf(report, format, column),
      ),
    () => writeResult(html, () => htmlOf(report)),
    () =>
      writeResult(
        gradescope,
        () => gradescopeOf(only(report, "gradescope"), provenanceText(report)),
      ),
    () =>
      writeClassroom(
        classroom,
        () => classroomOf(only(report, "classroom"), provenanceText(report)),
      ),
    async () => {
      if (classroom50 !== undefined) await writeClassroom50(report, files);
    },
    () => tellGitHub(report),
  ];
  const problems: string[] = [];
  for (const write of writers) {
    try {
      await write();
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (problems.length > 0) throw new CommandError(problems.join("; "));
}

/** Adds the results to what a file holds: the outputs of a step may hold others. */
async function writeClassroom(file: string | undefined, text: () => string): Promise<void> {
  if (file === undefined || file === STDOUT) return await writeResult(file, text);
  const isFile = await Deno.lstat(file).then((stat) => stat.isFile, () => false);
  const before = isFile ? await Deno.readTextFile(file) : "";
  const start = before === "" || before.endsWith("\n") ? before : `${before}\n`;
  await writeResult(file, () => start + text());
}

async function writeClassroom50(
  report: GradeReport,
  { classroom50 }: OutputFiles,
): Promise<void> {
  const result = only(report, "classroom50");
  const json = withEnvironment((environment) => {
    return jsonOf(classroom50Of(result, environment, new Date()));
  });
  await writeResult(classroom50, () => json);
  if (classroom50 === undefined || classroom50 === STDOUT) return;
  await writeResult(join(dirname(classroom50), "release-body.md"), () => releaseBodyOf(report));
}

/** Refuses, before the work, what could not be written after it.
 *
 * @throws {CommandError} Classroom 50's result is wanted, and its runner did not start this.
 */
export function checkOutputs({ classroom50 }: Pick<OutputFiles, "classroom50">): void {
  if (classroom50 !== undefined) withEnvironment(checkClassroom50);
}

/** Uses the variables that Classroom 50 sets. */
function withEnvironment<T>(use: (environment: Record<string, string | undefined>) => T): T {
  const names = [...Object.values(CLASSROOM50_VARIABLES), "OWNER", "USERNAME"];
  try {
    return use(Object.fromEntries(names.map((name) => [name, Deno.env.get(name)])));
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

/** Shows the results on the page of a run of GitHub Actions, if this is one. */
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

/** The error for a report that holds exactly one submission. */
export function singleError(option: string, count: number): CommandError {
  return new CommandError(
    `Cannot write --${option} for ${count} submissions; expected exactly one`,
  );
}
