/**
 * Grades one submission: takes its files, refuses what has no place in them, checks their
 * types, and runs the tests in a sandbox.
 *
 * @module
 */

import { lateDaysOf, sourcesOf } from "./declarations.ts";
import type { Facts, TestFacts } from "./facts.ts";
import { partsOfFailure, replayOf } from "./failure_text.ts";
import { layOver } from "./overlay.ts";
import type { Problem } from "./result.ts";
import { refusedImports } from "./sandbox/imports.ts";
import { runSandboxed, type SandboxRun } from "./sandbox/run.ts";
import type { Taken } from "./sandbox/take.ts";
import { typeProblems } from "./type_check.ts";

/** How a submission is graded. */
export interface GradeOptions {
  /** The seeds that each test runs with. */
  seeds: readonly number[];
  /** The names of the tests, up to the colon. */
  tests: readonly string[];
  /** Ends it early; what was not run counts as failed. */
  signal?: AbortSignal;
  /** Whether its imports and types are known to be right. */
  checked?: boolean;
  /** Gets what is known after each test. Each runs in a process of its own then. */
  onTest?: (facts: Facts) => Promise<void>;
}

/** Grades what was taken from a submission.
 *
 * @param taken Its files.
 * @throws {DOMException} The signal ended it.
 */
export async function gradeSubmission(
  { files, problems, notes }: Taken,
  { seeds, tests, signal, checked = false, onTest }: GradeOptions,
): Promise<Facts> {
  const startMs = performance.now();
  const { lateDays, note } = lateDaysOf(files.get("late.txt"));
  const facts: Facts = {
    lateDays,
    notes: [...notes, ...note === undefined ? [] : [note]],
    sources: sourcesOf(files),
    problems,
    tests: [],
    durationMs: 0,
  };
  const finish = () => ({ ...facts, durationMs: performance.now() - startMs });
  if (problems.length > 0) return finish();
  await using overlay = await layOver(files);
  if (!checked) facts.problems = await problemsOf(overlay.path, signal);
  signal?.throwIfAborted();
  if (facts.problems.length > 0) return finish();
  const add = (run: SandboxRun) => {
    facts.tests.push(...run.tests.map(factsOf));
    facts.notes.push(...run.notes.filter((each) => !facts.notes.includes(each)));
  };
  if (onTest === undefined) {
    add(await runSandboxed(overlay.path, { seeds, tests, ...signal && { signal } }));
  } else {
    for (const test of tests) {
      add(await runSandboxed(overlay.path, { seeds, tests: [test], ...signal && { signal } }));
      await onTest(finish());
    }
  }
  signal?.throwIfAborted();
  return finish();
}

/** Refuses imports before the compiler follows them. */
async function problemsOf(folder: string, signal?: AbortSignal): Promise<Problem[]> {
  const refused = await refusedImports(folder);
  return refused.length > 0 ? refused : await typeProblems(folder, signal);
}

function factsOf({ message, ...test }: SandboxRun["tests"][number]): TestFacts {
  const { passed, name, failedSeed } = test;
  if (passed) return { ...test, message: null, hint: null, replay: null };
  return {
    ...test,
    ...partsOfFailure(message ?? "The test did not report, which counts as failed"),
    replay: failedSeed === null ? null : replayOf(name, failedSeed),
  };
}
