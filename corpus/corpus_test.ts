import { assertEquals } from "@std/assert";
import { z } from "zod";
import { layOver } from "../grader/overlay.ts";
import { runTests } from "../grader/test_run.ts";
import { mayRunProcesses } from "../grader/permissions.ts";

const TestName = z.enum([
  "TestBasic",
  "TestConcurrent",
  "TestUnreliable",
  "TestUnreliableOneKey",
  "TestStaticShards",
  "TestRejection",
  "TestUnreliableShards",
]);

/** What each entry's `expect.json` says. Every test is in one of the lists. */
const Expectation = z.strictObject({
  /** What is wrong, or what is special, in one sentence. */
  idea: z.string().min(1),
  /** The tests that must pass. */
  pass: z.array(TestName),
  /** The tests that must fail. */
  fail: z.array(TestName),
}).refine(({ pass, fail }) => {
  return new Set([...pass, ...fail]).size === pass.length + fail.length &&
    pass.length + fail.length === TestName.options.length;
}, "expected every test in one of the two lists");

const corpus = new URL("./", import.meta.url);
const entries = !mayRunProcesses ? ["(all entries)"] : Array.from(Deno.readDirSync(corpus))
  .filter(({ isDirectory }) => isDirectory).map(({ name }) => name).toSorted();

for (const entry of entries) {
  Deno.test({
    name: `corpus/${entry} passes and fails the tests that its expect.json names`,
    ignore: !mayRunProcesses,
    fn: () => holdToExpectation(new URL(`${entry}/`, corpus)),
  });
}

async function holdToExpectation(folder: URL): Promise<void> {
  const text = await Deno.readTextFile(new URL("expect.json", folder));
  const { pass, fail } = Expectation.parse(JSON.parse(text));
  await using overlay = await layOver(folder);
  const { outcomes, output } = await runTests(overlay.path);
  const passed = outcomes.filter((outcome) => outcome.passed).map(({ name }) => name);
  const failed = outcomes.filter((outcome) => !outcome.passed).map(({ name }) => name);
  assertEquals(passed.toSorted(), pass.toSorted(), output);
  assertEquals(failed.toSorted(), fail.toSorted(), output);
}
