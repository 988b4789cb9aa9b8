/**
 * What is expected of an entry of the corpus: its `expect.json`.
 *
 * ```json
 * {
 *   "idea": "The clerk never asks another replica than the first",
 *   "intended": "TestStaticShards",
 *   "pass": ["TestBasic", "TestConcurrent", "TestUnreliable", "TestUnreliableOneKey"],
 *   "fail": ["TestStaticShards", "TestUnreliableShards"],
 *   "either": ["TestRejection"]
 * }
 * ```
 *
 * A wrong entry names the test that is meant to catch it. That one must fail with (nearly)
 * every seed, not only with the default one; with how many it does, is measured elsewhere.
 * An entry that passes all tests but misses requirements of the assignment names these in
 * `"unmet"`.
 *
 * @module
 */

import { z } from "zod";
import { REQUIREMENTS } from "../testing/requirements.ts";

/** The seven tests, in their order. */
export const TestName = z.enum([
  "TestBasic",
  "TestConcurrent",
  "TestUnreliable",
  "TestUnreliableOneKey",
  "TestStaticShards",
  "TestRejection",
  "TestUnreliableShards",
]);
/** The name of one of the seven tests. */
export type TestName = z.infer<typeof TestName>;

/** The schema of an `expect.json`. Every test stands in exactly one of its lists. */
export const Expectation = z.strictObject({
  /** What is wrong, or what is special about a right one, in one sentence. */
  idea: z.string().min(1),
  /** The test that is meant to catch a wrong entry; absent from a right one. */
  intended: TestName.optional(),
  /** The tests that pass, whatever the seed. */
  pass: z.array(TestName),
  /** The tests that fail, whatever the seed. */
  fail: z.array(TestName).default([]),
  /** The tests whose outcome depends on the seed. */
  either: z.array(TestName).default([]),
  /** The requirements of the assignment that a right entry does not meet. */
  unmet: z.array(z.enum(REQUIREMENTS)).default([]),
}).superRefine(({ intended, pass, fail, either }, context) => {
  const issue = (message: string) => context.addIssue({ code: "custom", message });
  const listed = [...pass, ...fail, ...either];
  for (const name of TestName.options) {
    const times = listed.filter((each) => each === name).length;
    if (times !== 1) issue(`expected ${name} in one of the lists, found it in ${times}`);
  }
  if (intended === undefined && pass.length < listed.length) {
    issue('expected "intended" to name the test that catches this entry');
  }
  if (intended !== undefined && !fail.includes(intended)) {
    issue(`expected ${intended}, which is intended to catch this entry, in "fail"`);
  }
});
/** What is expected of an entry. */
export type Expectation = z.infer<typeof Expectation>;

/** The folder that holds the entries. */
export const CORPUS = new URL("./", import.meta.url);

/** The names of the entries, in order. */
export function corpusEntries(): string[] {
  return Array.from(Deno.readDirSync(CORPUS))
    .filter(({ isDirectory }) => isDirectory).map(({ name }) => name).toSorted();
}

/** What is expected of an entry. */
export async function expectationOf(entry: string): Promise<Expectation> {
  return Expectation.parse(
    JSON.parse(await Deno.readTextFile(new URL(`${entry}/expect.json`, CORPUS))),
  );
}
