/**
 * Tests that grading says of a program what `deno test` says, test by test.
 *
 * Each program runs in the realm of the tests and in realms of its own. Mistakes run all seven
 * tests. Honest programs, and those that never yield, run four that need little time: one clerk
 * and many, an unreliable network, replicas. Some programs run in a process of `deno test`, too,
 * without a permission.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { layOver, type Overlay, writeSubmission } from "../../explore/overlay.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { stopBundler } from "../realm/mod.ts";
import { DEFAULT_RUBRIC } from "../result/rubric.ts";
import { runDenoTest } from "./deno_test_run.ts";
import { runJudged } from "./judged_run.ts";
import { filesOf, type Program } from "./mod.ts";
import type { Outcome } from "./outcome.ts";
import { runPlainly } from "./plain_run.ts";

const ignore = !mayRunProcesses;
const LAB = new URL("../../", import.meta.url);
const ALL_TESTS = DEFAULT_RUBRIC.parts.flatMap((part) => Object.keys(part.tests));
const QUICK_TESTS = ["TestBasic", "TestUnreliable", "TestUnreliableOneKey", "TestStaticShards"];
/** Honest programs that run all tests: the code that all have, machines that are loaded ahead,
 * as many as a test makes, and fields that replicas get. */
const THOROUGH = /^the reference$|top-level await|a record/;

/** The tests that a program runs. */
function testsOf({ name, fails, spins }: Program): readonly string[] {
  if (spins) return QUICK_TESTS;
  return fails.length === 0 && !THOROUGH.test(name) ? QUICK_TESTS : ALL_TESTS;
}

/** How long one event of a program that never yields may take, in real milliseconds. */
const TURN_MS_MAX = 500;

type Outcomes = PromiseWithResolvers<Outcome>;

/** The outcomes of the programs that a process of `deno test` runs. */
const inDenoTest = new Map<Program, Outcomes>();
let reference: ReadonlyMap<string, string>;

/** Lets the tests of an overlay wait less long for a loop. */
async function shortenPatience({ path }: Overlay): Promise<void> {
  const file = `${path}/testing/patience.ts`;
  const text = await Deno.readTextFile(file);
  const [from, to] = ["RUN_MS_MIN = 10_000", "RUN_MS_MIN = 4_000"];
  assert(text.includes(from));
  await Deno.writeTextFile(file, text.replace(from, to));
}

/** Begins to run some of the programs in processes, once. */
async function begin(all: readonly Program[], names: readonly string[]): Promise<void> {
  if (inDenoTest.size > 0) return;
  const programs = all.filter(({ name }) => names.includes(name));
  for (const program of programs) inDenoTest.set(program, Promise.withResolvers());
  assertEquals(inDenoTest.size, names.length);
  const texts = ["client.ts", "server.ts"].map(async (file): Promise<[string, string]> => {
    return [file, await Deno.readTextFile(new URL(file, LAB))];
  });
  reference = new Map(await Promise.all(texts));
  const isSame = (program: Program) => program.spins ? "spins" : testsOf(program);
  void runBatches([...Map.groupBy(programs, isSame).values()]);
}

/** Runs one batch after the other, each in one process. */
async function runBatches(batches: readonly Program[][]): Promise<void> {
  await using made = new AsyncDisposableStack();
  const overlays: Overlay[] = [];
  for (const batch of batches) {
    try {
      while (overlays.length < batch.length) overlays.push(made.use(await layOver(LAB)));
      const used = overlays.slice(0, batch.length);
      for (const [i, { path }] of used.entries()) {
        await writeSubmission(filesOf(batch[i]!, reference), path);
      }
      if (batch[0]!.spins) await shortenPatience(used[0]!);
      const found = await runDenoTest(used, testsOf(batch[0]!));
      batch.forEach((program, i) => inDenoTest.get(program)!.resolve(found[i]!));
    } catch (error) {
      for (const program of batch) inDenoTest.get(program)!.reject(error);
    }
  }
}

/** Runs a program in each way. */
async function outcomesOf(program: Program): Promise<Outcome[]> {
  const files = filesOf(program, reference);
  const tests = testsOf(program);
  // What a run leaves behind must not end the runs after it.
  const ignoreEvent = (event: Event) => event.preventDefault();
  globalThis.addEventListener("unhandledrejection", ignoreEvent);
  try {
    const turnMsMax = program.spins && TURN_MS_MAX;
    const outcomes = [await runJudged(files, tests, turnMsMax)];
    outcomes.push(await runPlainly(files, tests, turnMsMax));
    if (inDenoTest.has(program)) outcomes.push(await inDenoTest.get(program)!.promise);
    return outcomes;
  } finally {
    globalThis.removeEventListener("unhandledrejection", ignoreEvent);
  }
}

/** Registers a test of each program.
 *
 * @param programs The programs of one kind, of which there have to be forty.
 * @param inProcess The names of those whose outcome is up to the process of `deno test`, too: its
 * loader, the rules that it applies after loading, its limits, what it does with errors and with
 * what is printed. */
export function testPrograms(programs: readonly Program[], inProcess: readonly string[]): void {
  const options = { ignore, sanitizeOps: false, sanitizeResources: false };
  for (const program of programs) {
    const { name, fails, says } = program;
    const what = fails === "refused" ? "refuse" : fails.length > 0 ? "fail" : "pass";
    Deno.test(`deno test and grading ${what} ${name}`, options, async () => {
      await begin(programs, inProcess);
      const tests = testsOf(program).toSorted();
      const isFailing = (test: string) => fails === "refused" || fails.includes(test);
      const [failing, passing] = [
        tests.filter(isFailing),
        tests.filter((each) => !isFailing(each)),
      ];
      for (const { passed, failed, output } of await outcomesOf(program)) {
        assertEquals({ passed, failed }, { passed: passing, failed: failing }, output);
        if (says !== undefined) assertMatch(output, says);
      }
    });
  }
  Deno.test("the zoo holds forty programs of a kind", () => assert(programs.length >= 40));
  Deno.test.afterAll(stopBundler);
}
