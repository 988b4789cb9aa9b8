/**
 * Tests that grading and `deno test` give a program the same verdict, in the same words.
 *
 * Each program that the rules allow runs in the realm of the tests and in its own realms.
 * Some programs also run in a child process of `deno test`.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { LAB } from "../../explore/overlay.ts";
import { submissionViolation } from "../../testing/submission_check.ts";
import { stopBundler } from "../realm/mod.ts";
import { runInDenoTest } from "./child_process.ts";
import { type Outcome, runInOwnRealms, runInTestRealm } from "./in_process.ts";
import { ALL, filesOf, type Program } from "./program.ts";

const ignore = !mayRunProcesses;

/** The tests of the child process, and of programs that never yield. */
const BRIEF_TESTS = ["TestBasic", "TestUnreliable"];

/** The limit of one turn of a program that never yields, in real milliseconds. */
const TURN_MS_MAX = 200;

/** Returns the tests that a program runs in this process. A mistake runs the first and the last
 * that it fails, and the first that it passes. */
function testsOf({ runs, fails, spins }: Program): readonly string[] {
  if (runs !== undefined) return runs;
  if (spins) return BRIEF_TESTS;
  if (fails.length === 0) return ["TestBasic", "TestUnreliableOneKey"];
  const passing = ALL.filter((test) => !fails.includes(test)).slice(0, 1);
  return [...new Set([fails[0]!, fails.at(-1)!, ...passing])];
}

/** Asserts that a program fails the tests that it has to fail, and no others. */
function assertOutcome(
  { fails, says }: Program,
  tests: readonly string[],
  { passed, failed, output }: Outcome,
): void {
  const failing = tests.filter((test) => fails === "refused" || fails.includes(test));
  assertEquals(new Set(failed), new Set(failing), output);
  assertEquals(passed.length, tests.length - failing.length, output);
  if (says !== undefined && failing.length > 0) assertMatch(output, says);
}

/** Returns the lines of the failure reports, except for positions in files. */
function linesOf({ output }: Outcome): string[] {
  return output.split("\n").filter((line) => !/^ +(?:where:|\S+:\d+:\d+)/.test(line));
}

/** Returns the words with which the rules refuse a program; `undefined` if they allow it. */
function refusalOf(files: ReadonlyMap<string, string>): string | undefined {
  const refusal = submissionViolation(Object.fromEntries(files));
  return refusal && [refusal.what, ...refusal.where ?? [], refusal.hint].join("\n");
}

const texts = ignore ? [] : await Promise.all(["client.ts", "server.ts"].map(
  async (file): Promise<[string, string]> => [file, await Deno.readTextFile(new URL(file, LAB))],
));
const reference = new Map(texts);

/** Registers a test for each program.
 *
 * @param programs The programs of one kind.
 * @param inChild The names of those that also run in the child process. Only the child shows
 * the loader of `deno test`, the rules that it applies after loading, its limits, and what it
 * does with errors and with what is printed. */
export function testPrograms(programs: readonly Program[], inChild: readonly string[]): void {
  const chosen = programs.filter(({ name }) => inChild.includes(name));
  assertEquals(chosen.length, inChild.length);
  let child: Promise<Map<Program, Outcome>> | undefined;
  // A rejection of one run must not end the process for the next.
  const ignoreEvent = (event: Event) => event.preventDefault();
  Deno.test.beforeAll(() => {
    globalThis.addEventListener("unhandledrejection", ignoreEvent);
    if (!ignore) child = runInDenoTest(chosen, BRIEF_TESTS, reference);
    child?.catch(() => {});
  });
  Deno.test.afterAll(async () => {
    globalThis.removeEventListener("unhandledrejection", ignoreEvent);
    await stopBundler();
  });
  const options = { ignore, sanitizeOps: false, sanitizeResources: false };
  for (const program of programs) {
    const { name, fails, says, spins } = program;
    const what = fails === "refused" ? "refuse" : fails.length > 0 ? "fail" : "pass";
    Deno.test(`deno test and grading ${what} ${name}`, options, async () => {
      const files = filesOf(program, reference);
      const refusal = refusalOf(files);
      assertEquals(refusal !== undefined, fails === "refused", refusal);
      if (refusal !== undefined) assertMatch(refusal, says!);
      else {
        const tests = testsOf(program);
        const turnMsMax = spins && TURN_MS_MAX;
        const inOwn = await runInOwnRealms(files, tests, turnMsMax);
        const inTests = await runInTestRealm(files, tests, turnMsMax);
        assertOutcome(program, tests, inOwn);
        assertEquals(linesOf(inOwn), linesOf(inTests));
      }
      const outcome = chosen.includes(program) && (await child!).get(program);
      if (outcome) assertOutcome(program, BRIEF_TESTS, outcome);
    });
  }
}
