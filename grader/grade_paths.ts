/**
 * Grades the submissions that a command line of `deno task grade` names.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { CommandError, STDOUT, writeResult } from "../cli/mod.ts";
import { makeTemporary } from "../cli/temporary.ts";
import { LAB } from "../explore/overlay.ts";
import { gradeClass } from "./grade_class.ts";
import { NotGradedError } from "./judge/run.ts";
import type { GradeOptions } from "./options.ts";
import { stopBundler } from "./realm/bundle.ts";
import { handInOf, TAG_VARIABLE } from "./reports/classroom50.ts";
import { gradescopeOf } from "./reports/gradescope.ts";
import { SINGLE_SUBMISSION_REPORTS, singleError } from "./reports/write_reports.ts";
import { handedOutLikeness, withLikeness } from "./result/likeness.ts";
import { labHash, provenanceOf } from "./result/provenance.ts";
import {
  type Findings,
  findingsWith,
  type GradeReport,
  type SubmissionResult,
} from "./result/result.ts";
import type { Rubric } from "./result/rubric.ts";
import { notGraded, scored } from "./result/score.ts";
import { seedsFor } from "./seeds.ts";
import { findSubmissions } from "./take/find_submissions.ts";
import { autograderMetadata } from "./take/gradescope_metadata.ts";
import type { Submission } from "./take/open_hand_ins.ts";

/** The number of seeds of each test without `--seeds`. */
const SEEDS_DEFAULT = 25;

/** The signals of Ctrl-C and of a machine that shuts down; Windows has only the first. */
const ENDING_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** The results of a command line. */
export interface Graded {
  report: GradeReport;
  /** The reason that results are not kept for the next run; `undefined` if they are. */
  unkept: string | undefined;
}

/** The settings that all submissions of a command line share. */
interface Plan {
  lab: string;
  seeds: number[];
  rubric: Rubric;
  due: Date | undefined;
  /** Ends it early. */
  signal: AbortSignal;
}

/** Grades submissions.
 *
 * @param options The options of the command line.
 * @param paths The paths of the submissions; this lab if there are none.
 * @param rubric The rubric that gives points.
 * @throws {CommandError} It was interrupted, or there is nothing to grade.
 */
export async function gradePaths(
  options: GradeOptions,
  paths: readonly string[],
  rubric: Rubric,
): Promise<Graded> {
  const { seeds = SEEDS_DEFAULT, salt, shard, root, metadata: file, classroom50 } = options;
  const isForOne = SINGLE_SUBMISSION_REPORTS.some((name) => options[name] !== undefined);
  const interrupt = new AbortController();
  const abort = () => interrupt.abort();
  for (const each of ENDING_SIGNALS) Deno.addSignalListener(each, abort);
  let unpacked: Promise<string> | undefined;
  try {
    const lab = await labHash();
    const metadata = file === undefined ? undefined : await autograderMetadata(file);
    const due = options.due ?? metadata?.due;
    const { submissions, ungraded } = await findSubmissions(
      paths.length === 0 ? [fileURLToPath(LAB)] : paths,
      {
        ...{ shard, root, isSingle: paths.length <= 1 && isForOne, isTimed: due !== undefined },
        unpackInto: () => unpacked ??= makeTemporary(),
      },
    );
    checkSingle(submissions.length, options);
    const tag = classroom50 === undefined ? undefined : Deno.env.get(TAG_VARIABLE);
    const handIn = handInOf(tag) ?? metadata?.handIn;
    if (handIn !== undefined) submissions[0]!.handIn = handIn;
    const plan = { lab, seeds: seedsFor(seeds, salt), rubric, due, signal: interrupt.signal };
    const { results, unkept } = await gradeAll(submissions, plan, options);
    const provenance = provenanceOf({ lab, seeds, salt, rubric, due, shard });
    // Equal programs of a part of a class are noted when the parts are joined.
    const classResults = shard === undefined && results.length > 1
      ? withLikeness(results, await handedOutLikeness())
      : results;
    const report = { provenance, submissions: classResults };
    return { report: ungraded.length === 0 ? report : { ...report, ungraded }, unkept };
  } finally {
    await unpacked?.then((folder) => Deno.remove(folder, { recursive: true })).catch(() => {});
    for (const each of ENDING_SIGNALS) Deno.removeSignalListener(each, abort);
    await stopBundler();
  }
}

/** Refuses options for exactly one submission, before the work. */
function checkSingle(count: number, options: GradeOptions): void {
  for (const name of [...SINGLE_SUBMISSION_REPORTS, "metadata"] as const) {
    if (options[name] !== undefined && count !== 1) throw singleError(name, count);
  }
}

/** Grades submissions in parallel. The result for Gradescope is written before the first test and
 * after each test.
 *
 * @throws {CommandError} It was interrupted.
 */
async function gradeAll(
  submissions: readonly Submission[],
  plan: Plan,
  { jobs = navigator.hardwareConcurrency, fresh, explain, shard, gradescope }: GradeOptions,
): Promise<{ results: SubmissionResult[]; unkept: string | undefined }> {
  const { lab, seeds, rubric, signal } = plan;
  const resume = !fresh && (submissions.length > 1 || shard !== undefined);
  const readable = submissions.filter(({ unread, damage }) => (unread ?? damage) === undefined);
  let unkept: string | undefined;
  const isTold = gradescope !== undefined && gradescope !== STDOUT;
  const found = await gradeClass(readable.map(({ folder }) => folder), {
    ...{ lab, seeds, tests: rubric.parts.flatMap((part) => Object.keys(part.tests)), signal },
    ...{ jobs, resume, explain },
    onTest: !isTold ? undefined : async (findings) => {
      const result = resultOf(readable[0]!, findings, plan, true);
      await writeResult(gradescope, () => gradescopeOf(result));
    },
    onUnkept: (reason) => unkept ??= `Cannot keep results: ${reason}`,
  });
  const finished = found.filter((each) => each !== undefined).length;
  if (finished < found.length) {
    const again = resume && unkept === undefined ? "resume" : "start over";
    const when = gradescope === undefined
      ? `after ${finished} of ${found.length} submissions`
      : "before all tests were run";
    throw new CommandError(`Interrupted ${when}; run it again to ${again}`);
  }
  const results = submissions.map((submission) => {
    const outcome = found[readable.indexOf(submission)];
    return resultOf(submission, outcome ?? unreadable(submission), plan);
  });
  return { results, unkept };
}

/** Returns the outcome of a submission that could not be opened. */
function unreadable({ unread, damage }: Submission): Findings | NotGradedError {
  if (unread !== undefined) return new NotGradedError(unread);
  return findingsWith({ problems: [{ message: damage!, file: null, line: null }] });
}

function resultOf(
  { name, identity, handIn }: Submission,
  outcome: Findings | NotGradedError,
  { rubric, due }: Plan,
  isRunning = false,
): SubmissionResult {
  const result = outcome instanceof NotGradedError
    ? notGraded(name, outcome.message, rubric)
    : scored(name, outcome, rubric, { due, handIn, isRunning });
  return identity.length === 0 ? result : { ...result, identity };
}
