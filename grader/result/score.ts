/**
 * The points of a submission, by the rubric: from its findings and the time of the hand-in.
 *
 * @module
 */

import { type RequirementName, UNMET } from "../../testing/requirements.ts";
import { daysText, type HandIn, type Lateness, latenessOf } from "./late.ts";
import { type Findings, findingsWith, type SubmissionResult, type TestFindings } from "./result.ts";
import { REQUIREMENTS_PART, type Rubric } from "./rubric.ts";

/** The times that points depend on. */
export interface Timing {
  /** The time when submissions were due. */
  due?: Date | undefined;
  handIn?: HandIn | undefined;
  /** True if tests are still running. */
  isRunning?: boolean;
}

/** Returns the result of a submission.
 *
 * @param submission Its name.
 * @param findings The findings about it. A test of the rubric that they lack has failed.
 * @param rubric The rubric that gives points.
 */
export function scored(
  submission: string,
  findings: Findings,
  rubric: Rubric,
  { due, handIn, isRunning = false }: Timing = {},
): SubmissionResult {
  const tests = rubric.parts.flatMap((part) => {
    return Object.entries(part.tests).map(([name, maxScore]) => {
      const found = findings.tests.find((test) => test.name === name) ??
        unreported(name, reasonOf(findings, isRunning));
      return { ...found, part: part.name, score: found.passed ? maxScore : 0, maxScore };
    });
  });
  for (const [name, maxScore] of Object.entries(rubric.requirements ?? {})) {
    const found = requirementFindings(name, findings, isRunning);
    tests.push({ ...found, part: REQUIREMENTS_PART, score: found.passed ? maxScore : 0, maxScore });
  }
  const late = due && handIn && latenessOf(handIn, due, rubric.late);
  const sum = (points: number[]) => points.reduce((total, each) => total + each, 0);
  return {
    ...findings,
    submission,
    tests,
    score: Math.max(0, sum(tests.map(({ score }) => score)) - (late?.points ?? 0)),
    maxScore: sum(tests.map(({ maxScore }) => maxScore)),
    lateDays: late?.days ?? findings.lateDays,
    ...late && { late },
    notes: [...findings.notes, ...lateNotes(findings.lateDays, late, due !== undefined, rubric)],
  };
}

/** Returns notes on late days that are unknown or that differ from those declared. */
function lateNotes(
  declared: number,
  late: Lateness | undefined,
  isDue: boolean,
  rubric: Rubric,
): string[] {
  if (late === undefined) {
    const cost = rubric.late === undefined ? "" : ", so late days cost nothing";
    return isDue ? [`The time of the hand-in is not known${cost}`] : [];
  }
  const { days } = late;
  if (days === null || declared === 0 || declared === days) return [];
  const declares = `late.txt declares ${daysText(declared, "late day")}`;
  return [`${declares}, but it was handed in ${daysText(days)} late`];
}

/** Returns the result of a submission that this machine could not grade.
 *
 * @param submission Its name.
 * @param reason The reason, in one line.
 * @param rubric The rubric, which gives the points of each test.
 */
export function notGraded(submission: string, reason: string, rubric: Rubric): SubmissionResult {
  const result = scored(submission, findingsWith({}), rubric);
  const tests = result.tests.map((test) => ({ ...test, message: `Not graded: ${reason}` }));
  return { ...result, tests, notGraded: reason };
}

function reasonOf({ problems }: Findings, isRunning: boolean): string {
  if (problems.length > 0) return "Not run, because of the submission's problems";
  return isRunning ? "Not run yet" : "The test did not report, which counts as failed";
}

/** Returns the findings about a requirement in the form of a test. */
function requirementFindings(name: string, findings: Findings, isRunning: boolean): TestFindings {
  const isMet = findings.requirements?.find((each) => each.name === name)?.isMet;
  const isWorking = findings.tests.some(({ passed }) => passed);
  const reason = findings.problems.length > 0 || isRunning
    ? reasonOf(findings, isRunning)
    : isWorking
    ? "It could not be measured: the submission fails when a server is cut off for a second"
    : "It was not measured, since no test passed";
  const message = isMet
    ? null
    : isMet === undefined
    ? reason
    : `Not met: ${name}: ${UNMET[name as RequirementName]}`;
  return {
    ...unreported(wordOf(name), ""),
    title: "a requirement that no test sees",
    passed: isMet === true,
    seedsRun: isMet === undefined ? 0 : 1,
    message,
  };
}

/** Returns the name of a requirement in the form of the name of a test. */
function wordOf(name: string): string {
  return name.replace(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function unreported(name: string, message: string): TestFindings {
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
