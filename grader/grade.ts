/**
 * `deno task grade`: grades this folder or other submissions.
 *
 * @module
 */

import {
  type Command,
  CommandError,
  EXIT_STATUS,
  type ExitStatus,
  main,
  nameList,
  reporter,
} from "../cli/mod.ts";
import { gradePaths } from "./grade_paths.ts";
import { merged } from "./result/merge.ts";
import { GradeOptions } from "./options.ts";
import { checkOutputs, OUTPUTS, writeReports } from "./reports/write_reports.ts";
import { footLines, linesOf, tableOf } from "./reports/terminal.ts";
import type { GradeReport, SubmissionResult } from "./result/result.ts";
import { readRoster, resultsOfRoster } from "./result/roster.ts";
import { readJson } from "./result/read_json.ts";
import { DEFAULT_RUBRIC, Rubric } from "./result/rubric.ts";
import { sweepTemporary } from "../cli/temporary.ts";

/** `deno task grade`. */
export const gradeCommand: Command<typeof GradeOptions> = {
  name: "grade",
  summary: "Grades this folder, or every submission in the folders and archives that are named",
  operands: { name: "DIR", min: 0 },
  options: GradeOptions,
  run: grade,
};

async function grade(options: GradeOptions, operands: string[]): Promise<ExitStatus> {
  const print = reporter(
    OUTPUTS.map((name) => options[name]),
    [options.roster, options.rubric, options.metadata, ...options.merge ? operands : []]
      .filter((file) => file !== undefined),
  );
  checkOptions(options);
  checkOutputs(options);
  const rubric = options.rubric === undefined
    ? DEFAULT_RUBRIC
    : await readJson(options.rubric, Rubric);
  const roster = options.roster === undefined ? undefined : await readRoster(options.roster);
  const startMs = performance.now();
  await sweepTemporary();
  const { report, unkept } = options.merge
    ? { report: await merged(operands), unkept: undefined }
    : await gradePaths(options, operands, rubric);
  const count = report.submissions.length;
  const seconds = (performance.now() - startMs) / 1000;
  const usedRubric = report.provenance?.rubric ?? rubric;
  if (roster !== undefined) {
    report.submissions = resultsOfRoster(report.submissions, roster, usedRubric);
  }
  const { submissions } = report;
  const lines = submissions.length === 1 ? linesOf(submissions[0]!, usedRubric) : tableOf(report);
  for (const line of lines) print(line);
  if (!options.merge && count > 1) {
    const each = (seconds / count).toFixed(2);
    print(`${count} submissions in ${seconds.toFixed(1)} s, ${each} s each`);
  }
  for (const line of footLines(report)) print(line);
  if (submissions.length > 1 && OUTPUTS.every((name) => options[name] === undefined)) {
    print("Add --html=FILE to see why tests failed, and all notes");
  }
  await writeReports(report, options);
  return statusOf(report, unkept);
}

/** The options that have an effect beside `--merge`. */
const WITH_MERGE: readonly string[] = [...OUTPUTS, "csv-format", "csv-column", "roster", "merge"];

/** Refuses options that do nothing. */
function checkOptions(options: GradeOptions): void {
  const idle = Object.entries(options).find(([name, value]) => {
    return value !== undefined && value !== false && !WITH_MERGE.includes(name);
  });
  if (options.merge && idle !== undefined) {
    throw new CommandError(`Cannot use --${idle[0]} with --merge, which runs nothing; take it out`);
  }
  if (options.roster !== undefined && options.shard !== undefined) {
    throw new CommandError("Cannot use --roster with --shard; give it to --merge, which has all");
  }
  const { csv, "csv-format": format, "csv-column": column } = options;
  if (format !== undefined && csv === undefined) {
    throw new CommandError("Cannot use --csv-format without --csv=FILE, which says where it goes");
  }
  if (column !== undefined && format === undefined) {
    throw new CommandError("Cannot use --csv-column without --csv-format=canvas or moodle");
  }
}

/** Returns the exit status.
 *
 * @throws {CommandError} A submission was not graded, or results cannot be kept. */
function statusOf({ submissions }: GradeReport, unkept: string | undefined): ExitStatus {
  const missing = submissions.filter(({ notGraded }) => notGraded !== undefined);
  if (missing.length > 0) throw new CommandError(notGradedText(missing, submissions.length));
  if (unkept !== undefined) throw new CommandError(unkept);
  const allPassed = submissions.every(({ tests }) => tests.every(({ passed }) => passed));
  return allPassed ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

function notGradedText(missing: readonly SubmissionResult[], total: number): string {
  const names = nameList(missing.map(({ submission }) => `"${submission}"`));
  const reasons = [...new Set(missing.map(({ notGraded }) => notGraded))].join("; ");
  return `This machine could not grade ${missing.length} of ${total} submissions, which says ` +
    `nothing about them; run it again for ${names}. ${reasons}`;
}

if (import.meta.main) await main(gradeCommand);
