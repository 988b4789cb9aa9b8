/**
 * What is known of a submission once it was run: everything but points. It is what is kept
 * between two runs of the command, so that a changed rubric needs no second run.
 *
 * @module
 */

import { z } from "zod";
import { Problem, SubmissionResult, TestResult } from "./result.ts";
import type { Rubric } from "./rubric.ts";

/** The schema of what is known of one test. */
export const TestFacts = TestResult.omit({ part: true, score: true, maxScore: true });
/** What is known of one test. */
export type TestFacts = z.infer<typeof TestFacts>;

/** The schema of what is known of a submission. */
export const Facts = z.strictObject({
  lateDays: z.int().min(0),
  notes: z.array(z.string()),
  sources: z.array(z.string()),
  requirements: SubmissionResult.shape.requirements,
  problems: z.array(Problem),
  tests: z.array(TestFacts),
  durationMs: z.number().min(0),
});
/** What is known of a submission. */
export type Facts = z.infer<typeof Facts>;

/** Gives points.
 *
 * @param submission What the submission is called.
 * @param facts What is known of it. A test of the rubric that is not there has failed.
 * @param rubric How many points each test is worth.
 * @param isRunning Whether there is more to come.
 */
export function scored(
  submission: string,
  facts: Facts,
  rubric: Rubric,
  isRunning = false,
): SubmissionResult {
  const tests = rubric.parts.flatMap((part) => {
    return Object.entries(part.tests).map(([name, maxScore]) => {
      const found = facts.tests.find((test) => test.name === name) ??
        unreported(name, reasonOf(facts, isRunning));
      return { ...found, part: part.name, score: found.passed ? maxScore : 0, maxScore };
    });
  });
  const sum = (points: number[]) => points.reduce((total, each) => total + each, 0);
  return {
    ...facts,
    submission,
    tests,
    score: sum(tests.map(({ score }) => score)),
    maxScore: sum(tests.map(({ maxScore }) => maxScore)),
  };
}

/** The result of a submission that this machine could not grade.
 *
 * @param submission What the submission is called.
 * @param reason Why not.
 * @param rubric How many points each test is worth.
 */
export function notGraded(submission: string, reason: string, rubric: Rubric): SubmissionResult {
  const notes = [`Not graded, because of this machine: ${reason}`];
  const facts = { lateDays: 0, notes, sources: [], problems: [], tests: [], durationMs: 0 };
  const result = scored(submission, facts, rubric);
  const tests = result.tests.map((test) => ({ ...test, message: `Not graded: ${reason}` }));
  return { ...result, tests, notGraded: reason };
}

function reasonOf({ problems }: Facts, isRunning: boolean): string {
  if (problems.length > 0) return "Not run, because of the submission's problems";
  return isRunning ? "Not run yet" : "The test did not report, which counts as failed";
}

function unreported(name: string, message: string): TestFacts {
  return {
    name,
    title: "",
    passed: false,
    seedsRun: 0,
    failedSeed: null,
    message,
    hint: null,
    replay: null,
    durationMs: 0,
  };
}
