/**
 * The rubric: the points of each test in the parts of the lab, and optionally those of the
 * requirements that no test sees, and the cost of late days.
 *
 * ```json
 * {
 *   "parts": [
 *     { "name": "Part 1: one server", "tests": { "TestBasic": 10, "TestConcurrent": 10 } },
 *     {
 *       "name": "Part 2: an unreliable network",
 *       "requires": ["Part 1: one server"],
 *       "tests": { "TestUnreliable": 70 }
 *     }
 *   ],
 *   "requirements": { "replicates": 10 },
 *   "late": { "freeDays": 3, "pointsPerDay": 10 }
 * }
 * ```
 *
 * Each test is credited by itself. If a part did not pass, the parts that require it are run and
 * credited anyway, and the report says so.
 *
 * @module
 */

import { closestString } from "@std/text/closest-string";
import { z } from "zod";
import { REQUIREMENTS } from "../../testing/requirements.ts";
import { LatePolicy } from "./late.ts";

const Points = z.int("expected a whole number of points")
  .min(0, "expected a whole number of points from 0 on");

const Part = z.strictObject({
  /** Its name in reports. */
  name: z.string().min(1, "expected a name"),
  /** The names of the parts that it builds on. */
  requires: z.array(z.string()).default([]),
  /** The points of each of its tests, by the name up to the colon. */
  tests: z.record(z.string().regex(/^\w+$/, "expected a name such as TestBasic"), Points),
});
/** One part of the lab. */
export type Part = z.infer<typeof Part>;

/** The schema of a rubric. */
export const Rubric = z.strictObject({
  parts: z.array(Part).min(1, "expected at least one part"),
  /** The points of each requirement that is worth some. */
  requirements: z.record(z.string(), Points).optional(),
  /** The cost of late days; nothing if absent. */
  late: LatePolicy.optional(),
}).superRefine(
  ({ parts, requirements = {} }, context) => {
    const issue = (message: string) => context.addIssue({ code: "custom", message });
    const seen = new Set<string>();
    const tests = new Set<string>();
    for (const part of parts) {
      for (const name of part.requires.filter((name) => !seen.has(name))) {
        issue(`expected "${part.name}" to require earlier parts, found "${name}"`);
      }
      if (seen.has(part.name)) issue(`expected one part "${part.name}", found two`);
      seen.add(part.name);
      for (const test of Object.keys(part.tests)) {
        if (tests.has(test)) issue(`expected ${test} in one part, found it in two`);
        tests.add(test);
      }
    }
    if (tests.size === 0) issue("expected at least one test");
    for (const name of unknownNames([...tests], TESTS)) issue(`There is no test ${name}`);
    for (const name of unknownNames(Object.keys(requirements), REQUIREMENTS)) {
      issue(`There is no requirement ${name}`);
    }
  },
);
/** A rubric. */
export type Rubric = z.infer<typeof Rubric>;

/** The default rubric, with 100 points. */
export const DEFAULT_RUBRIC: Rubric = {
  parts: [
    {
      name: "Part 1: one server, a reliable network",
      requires: [],
      tests: { TestBasic: 10, TestConcurrent: 10 },
    },
    {
      name: "Part 2: one server, an unreliable network",
      requires: ["Part 1: one server, a reliable network"],
      tests: { TestUnreliable: 20, TestUnreliableOneKey: 15 },
    },
    {
      name: "Part 3: shards and replicas",
      requires: ["Part 2: one server, an unreliable network"],
      tests: { TestStaticShards: 15, TestRejection: 15, TestUnreliableShards: 15 },
    },
  ],
};

const TESTS = DEFAULT_RUBRIC.parts.flatMap(({ tests }) => Object.keys(tests));

/** Returns the unknown names, each with the known name that may be meant. */
function unknownNames(names: readonly string[], known: readonly string[]): string[] {
  return names.filter((name) => !known.includes(name))
    .map((name) => `"${name}"; did you mean "${closestString(name, [...known])}"?`);
}

/** The name of the part of a report with the requirements that are worth points. */
export const REQUIREMENTS_PART = "Requirements";
