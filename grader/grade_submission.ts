/**
 * Grades one submission: checks its imports and types, has the judge run the tests, and adds the
 * other findings.
 *
 * @module
 */

import { refusedImports } from "./checks/imports.ts";
import { typeProblems } from "./checks/types.ts";
import { withRightTypes } from "./checks/types_together.ts";
import { judgeFiles } from "./judge/judge_files.ts";
import type { JudgedTest, Judgement } from "./judge/run.ts";
import { BundleError } from "./realm/bundle.ts";
import type { Circumstances } from "./findings_cache.ts";
import { partsOfFailure, replayOf } from "./result/failure_text.ts";
import { declaredLateDays } from "./result/late.ts";
import { likenessOf } from "./result/likeness.ts";
import { type Findings, findingsWith, type Problem, type TestFindings } from "./result/result.ts";
import { tellStories } from "./result/stories.ts";
import { citedSources } from "./take/cited_sources.ts";
import type { Taken } from "./take/take_submission.ts";
import { retainedHint } from "../testing/memory.ts";

/** The settings of the grading of a submission. */
export interface SubmissionOptions extends Pick<Circumstances, "seeds" | "tests"> {
  /** Ends it early. */
  signal?: AbortSignal;
  /** True if a check together with others found its imports and types right, false if it did not. */
  checked?: boolean;
  /** True if the smallest failing run of each failed test is searched for. */
  explain?: boolean;
  /** Receives the findings so far after each test, one call after the other. */
  onTest?: (findings: Findings) => Promise<void>;
}

/** Grades a submission.
 *
 * @param taken Its files.
 * @throws {DOMException} The signal ended it.
 * @throws {NotGradedError} This machine could not grade it.
 */
export async function gradeSubmission(
  taken: Taken,
  { seeds, tests, signal, checked, explain = false, onTest }: SubmissionOptions,
): Promise<Findings> {
  const { files, problems, notes } = taken;
  const startMs = performance.now();
  const { lateDays, note } = declaredLateDays(files.get("late.txt"));
  const allNotes = [...notes, ...note === undefined ? [] : [note]];
  const sources = citedSources(files);
  const findings = findingsWith({ lateDays, notes: allNotes, sources, problems });
  const finish = () => ({ ...findings, durationMs: performance.now() - startMs });
  // A file that was refused may break a parser.
  if (problems.length === 0 && !checked) findings.problems = await refusedImports(files, signal);
  if (findings.problems.length > 0) return finish();
  // Types are checked while tests run. With `onTest` they are checked before, since code with type
  // errors has no results.
  const checking = checked ? Promise.resolve([]) : typeProblemsOf(taken, checked, signal);
  checking.catch(() => {});
  if (onTest !== undefined) findings.problems = await checking;
  if (findings.problems.length > 0) return finish();
  const refusal = new AbortController();
  // Two processes run tests, so calls may overlap.
  let telling = Promise.resolve();
  const judging = judgeFiles(files, {
    seeds,
    tests,
    signal: AbortSignal.any([refusal.signal, ...signal === undefined ? [] : [signal]]),
    onTest: async (test) => {
      findings.tests.push(findingsOf(test));
      if (onTest !== undefined) await (telling = telling.then(() => onTest(finish())));
    },
  });
  judging.catch(() => {});
  try {
    findings.problems = await checking;
    signal?.throwIfAborted();
    if (findings.problems.length > 0) return { ...finish(), tests: [] };
    const judgement = await judging;
    // So far, they are in the order in which they ended.
    findings.tests = judgement.tests.map(findingsOf);
    findings.notes.push(...judgement.notes);
    addRequirements(judgement, findings);
    findings.likeness = await likenessOfFiles(files);
    if (explain) {
      const ended = judgement.tests.filter(({ excess }) => excess === null);
      const names = ended.map(({ name }) => name);
      await tellStories(files, findings.tests, names, signal);
    }
    return finish();
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    return { ...finish(), problems: error.problems };
  } finally {
    refusal.abort();
    await judging.catch(() => {});
  }
}

/** Returns the type errors of a submission. Most have none, which the check without the lab finds in
 * half the time.
 *
 * @param checked False if that check did not find its types right. */
async function typeProblemsOf(
  taken: Taken,
  checked: false | undefined,
  signal?: AbortSignal,
): Promise<Problem[]> {
  const right = checked === undefined && (await withRightTypes([taken], signal)).has(taken);
  return right ? [] : await typeProblems(taken.files, signal);
}

/** Adds the requirements if they could be measured. */
function addRequirements({ measured }: Judgement, findings: Findings): void {
  if (measured === undefined) return;
  findings.requirements = measured.requirements;
  if (retainedHint(measured.retained) === undefined) return;
  findings.notes.push(
    "Its servers keep data of every clerk forever, so they run out of memory in the end",
  );
}

/** Returns the hash of each file, except those that are nested too deeply. */
async function likenessOfFiles(
  files: ReadonlyMap<string, string>,
): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const file of ["client.ts", "server.ts"]) {
    const hash = await likenessOf(files.get(file)!).catch(() => undefined);
    if (hash !== undefined) hashes[file] = hash;
  }
  return hashes;
}

function findingsOf(test: JudgedTest): TestFindings {
  const { name, title, passed, seedsRun, failedSeed, message, durationMs } = test;
  return {
    ...{ name, title, passed, seedsRun, failedSeed, durationMs },
    ...message === null ? { message, hint: null } : partsOfFailure(message),
    replay: failedSeed === null ? null : replayOf(name, failedSeed),
  };
}
