/**
 * Grades one submission: checks its imports and types, lets the judge run the tests, and adds what
 * else there is to know about it.
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
  /** Ends it early; what was not run counts as failed. */
  signal?: AbortSignal;
  /** True if its imports and types are known to be right, false if a check together with others
   * has not found them right. */
  checked?: boolean;
  /** True if the smallest run that fails is searched for, for each failed test. */
  explain?: boolean;
  /** Receives the findings after each test; one call ends before the next begins. */
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
  // A file that may break a parser goes no further.
  if (problems.length === 0 && !checked) findings.problems = await refusedImports(files, signal);
  if (findings.problems.length > 0) return finish();
  // Types are checked while tests run, unless results are told test by test: those of code with
  // type errors must not be told.
  const checking = checked ? Promise.resolve([]) : typeProblemsOf(taken, checked, signal);
  checking.catch(() => {});
  if (onTest !== undefined) findings.problems = await checking;
  if (findings.problems.length > 0) return finish();
  const refusal = new AbortController();
  // Two processes may come to a result at the same moment.
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
    // They came in the order in which they ended.
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

/** Says what is wrong with the types of a submission. Most are right, which the check without the
 * lab around it finds in half the time.
 *
 * @param checked False if that check has not found them right. */
async function typeProblemsOf(
  taken: Taken,
  checked: false | undefined,
  signal?: AbortSignal,
): Promise<Problem[]> {
  const right = checked === undefined && (await withRightTypes([taken], signal)).has(taken);
  return right ? [] : await typeProblems(taken.files, signal);
}

/** Adds the requirements, if the submission got far enough for them to be measured. */
function addRequirements({ measured }: Judgement, findings: Findings): void {
  if (measured === undefined) return;
  findings.requirements = measured.requirements;
  if (retainedHint(measured.retained) === undefined) return;
  findings.notes.push(
    "Its servers keep something of every clerk forever, so a server that runs long enough runs out of memory",
  );
}

/** Returns the hash of each file but those that are nested too deeply to be read. */
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
