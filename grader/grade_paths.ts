/**
 * Grades what a command line of `deno task grade` names.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { CommandError, STDOUT, writeResult } from "../cli/mod.ts";
import { gradeClass } from "./grade_class.ts";
import { notGraded, scored } from "./result/score.ts";
import { autograderMetadata } from "./take/gradescope_metadata.ts";
import { handedOutLikeness, withLikeness } from "./result/likeness.ts";
import { NotGradedError } from "./judge/run.ts";
import type { GradeOptions } from "./options.ts";
import { FOR_ONE, singleError } from "./reports/write_reports.ts";
import { labHash, provenanceOf } from "./result/provenance.ts";
import { stopBundler } from "./realm/bundle.ts";
import { handInOf, TAG_VARIABLE } from "./reports/classroom50.ts";
import { gradescopeOf } from "./reports/gradescope.ts";
import {
  type Findings,
  findingsWith,
  type GradeReport,
  type SubmissionResult,
} from "./result/result.ts";
import type { Rubric } from "./result/rubric.ts";
import { seedsFor } from "./seeds.ts";
import { findSubmissions, type Submission } from "./take/find_submissions.ts";
import { makeTemporary } from "../cli/temporary.ts";

const LAB = fileURLToPath(new URL("../", import.meta.url));

/** With how many seeds each test runs if nobody says so. */
export const SEEDS_DEFAULT = 25;

/** Ctrl-C, and what a machine sends that is about to stop; Windows has only the first. */
const ENDING_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** The settings that all submissions of a command line share. */
interface Plan {
  seeds: number[];
  tests: string[];
  rubric: Rubric;
  due: Date | undefined;
  /** Ends it early. */
  signal: AbortSignal;
}

/** Grades submissions.
 *
 * @param options How.
 * @param paths Where they are; this lab if there are none.
 * @param rubric What points are given for.
 * @returns The results, and what else went wrong.
 * @throws {CommandError} It was interrupted, or there is nothing to grade.
 */
export async function gradePaths(
  options: GradeOptions,
  paths: readonly string[],
  rubric: Rubric,
): Promise<{ report: GradeReport; troubles: string[] }> {
  const { seeds: count = SEEDS_DEFAULT, salt, shard, root } = options;
  const isForOne = FOR_ONE.some((name) => options[name] !== undefined);
  const interrupt = new AbortController();
  const abort = () => interrupt.abort();
  for (const each of ENDING_SIGNALS) Deno.addSignalListener(each, abort);
  let unpacked: Promise<string> | undefined;
  try {
    const lab = await labHash();
    const metadata = options.metadata && await autograderMetadata(options.metadata);
    const due = options.due ?? (metadata || undefined)?.due;
    const { submissions, ungraded } = await findSubmissions(paths.length === 0 ? [LAB] : paths, {
      ...{ shard, root, isSingle: paths.length <= 1 && isForOne, isTimed: due !== undefined },
      unpackInto: () => unpacked ??= makeTemporary(),
    });
    checkSingle(submissions.length, options);
    if (metadata) submissions[0]!.handIn = metadata.handIn;
    if (options.classroom50 !== undefined) {
      const tag = Deno.env.get(TAG_VARIABLE);
      submissions[0]!.handIn = handInOf(tag) ?? submissions[0]!.handIn;
    }
    const plan: Plan = {
      seeds: await seedsFor(count, salt),
      tests: rubric.parts.flatMap((part) => Object.keys(part.tests)),
      ...{ rubric, due, signal: interrupt.signal },
    };
    const troubles: string[] = [];
    const results = await gradeAll(submissions, lab, plan, options, troubles);
    const provenance = await provenanceOf({ lab, seeds: count, salt, rubric, due, shard });
    // Of a part of a class, the others are not known: that is told where parts are joined.
    const classResults = shard === undefined && results.length > 1
      ? withLikeness(results, await handedOutLikeness())
      : results;
    const report = { provenance, submissions: classResults };
    return { report: ungraded.length === 0 ? report : { ...report, ungraded }, troubles };
  } finally {
    await unpacked?.then((folder) => Deno.remove(folder, { recursive: true })).catch(() => {});
    for (const each of ENDING_SIGNALS) Deno.removeSignalListener(each, abort);
    await stopBundler();
  }
}

/** Refuses, before the work, what is for exactly one submission. */
function checkSingle(count: number, options: GradeOptions): void {
  for (const name of [...FOR_ONE, "metadata"] as const) {
    if (options[name] !== undefined && count !== 1) throw singleError(name, count);
  }
}

/** The result of one submission. */
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

/** Grades submissions beside each other; one for Gradescope is written down as far as it is
 * known before the first test and after each.
 *
 * @throws {CommandError} It was interrupted.
 */
async function gradeAll(
  submissions: readonly Submission[],
  lab: string,
  plan: Plan,
  { jobs = navigator.hardwareConcurrency, fresh, explain, shard, gradescope }: GradeOptions,
  troubles: string[],
): Promise<SubmissionResult[]> {
  const resume = !fresh && (submissions.length > 1 || shard !== undefined);
  const readable = submissions.filter(({ unread, damage }) => (unread ?? damage) === undefined);
  const { seeds, tests, signal } = plan;
  const onUnkept = (reason: string) => void (troubles[0] ??= `Cannot keep results: ${reason}`);
  const onTest = gradescope === undefined ? undefined : async (findings: Findings) => {
    if (gradescope === STDOUT) return;
    const result = resultOf(readable[0]!, findings, plan, true);
    await writeResult(gradescope, () => gradescopeOf(result));
  };
  const found = await gradeClass(readable.map(({ folder }) => folder), {
    ...{ seeds, tests, signal, lab, jobs, resume, explain, onTest, onUnkept },
  });
  const finished = found.filter((each) => each !== undefined).length;
  if (finished < found.length) {
    const again = resume && troubles.length === 0 ? "go on" : "begin anew";
    const when = gradescope === undefined
      ? `after ${finished} of ${found.length} submissions`
      : "before all tests were run";
    throw new CommandError(`Interrupted ${when}; run it again to ${again}`);
  }
  return submissions.map((submission) => {
    const { unread, damage } = submission;
    if (unread !== undefined) return resultOf(submission, new NotGradedError(unread), plan);
    const outcome = damage === undefined
      ? found[readable.indexOf(submission)]!
      : findingsWith({ problems: [{ message: damage, file: null, line: null }] });
    return resultOf(submission, outcome, plan);
  });
}
