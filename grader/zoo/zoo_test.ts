/**
 * What `deno test` says of a program, grading says, test by test: mistakes run all seven tests, and
 * most honest programs those three that do what the others do.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { layOver, type Overlay, writeSubmission } from "../../explore/overlay.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { stopBundler } from "../realm/mod.ts";
import { DEFAULT_RUBRIC } from "../result/rubric.ts";
import { runJudged } from "./judged_run.ts";
import { filesOf, HONEST, MISTAKES, type Program } from "./mod.ts";
import { type Outcome, runPlainly } from "./plain_run.ts";

const ignore = !mayRunProcesses;
const LAB = new URL("../../", import.meta.url);
const ALL_TESTS = DEFAULT_RUBRIC.parts.flatMap((part) => Object.keys(part.tests));
/** The tests that do together what all seven do with an honest program. */
const MAIN_TESTS = ["TestBasic", "TestStaticShards", "TestUnreliableShards"];
/** Honest programs that run all tests: their machines are loaded ahead, as many as a test
 * makes. */
const THOROUGH = /^the reference$|top-level await/;

/** The tests that a program runs: all of them unless it passes all. */
function testsOf({ name, fails }: Program): readonly string[] {
  return fails.length === 0 && !THOROUGH.test(name) ? MAIN_TESTS : ALL_TESTS;
}

/** How many processes run at the same time. */
const JOBS = 2;
/** How many programs share a process, to start fewer of them; one that spins has its own. */
const BATCH = 8;

/** The two outcomes of one program. */
interface Outcomes {
  plain: PromiseWithResolvers<Outcome>;
  judged: PromiseWithResolvers<Outcome>;
}

const outcomes = new Map<Program, Outcomes>();

/** Runs all programs both ways, once. */
async function beginAll(): Promise<void> {
  if (outcomes.size > 0) return;
  const programs = [...HONEST, ...MISTAKES];
  for (const program of programs) {
    outcomes.set(program, { plain: Promise.withResolvers(), judged: Promise.withResolvers() });
  }
  const texts = ["client.ts", "server.ts"].map(async (file): Promise<[string, string]> => {
    return [file, await Deno.readTextFile(new URL(file, LAB))];
  });
  const reference = new Map(await Promise.all(texts));
  const groups = Map.groupBy(programs, (program) => program.spins ? "spins" : testsOf(program));
  const batches = [...groups].flatMap(([kind, group]) => {
    return batchesOf(group, kind === "spins" ? 1 : BATCH);
  });
  for (let job = 0; job < JOBS; job++) void runAllPlainly(batches, reference);
  void judgeAll(programs, reference);
}

function batchesOf(programs: readonly Program[], size: number): Program[][] {
  const starts = Array.from({ length: Math.ceil(programs.length / size) }, (_, i) => i * size);
  return starts.map((start) => programs.slice(start, start + size));
}

/** Takes batches until none is left. */
async function runAllPlainly(
  batches: Program[][],
  reference: ReadonlyMap<string, string>,
): Promise<void> {
  await using made = new AsyncDisposableStack();
  const overlays: Overlay[] = [];
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    try {
      while (overlays.length < batch.length) overlays.push(made.use(await layOver(LAB)));
      const used = overlays.slice(0, batch.length);
      for (const [i, { path }] of used.entries()) {
        await writeSubmission(filesOf(batch[i]!, reference), path);
      }
      const found = await runPlainly(used, testsOf(batch[0]!));
      batch.forEach((program, i) => outcomes.get(program)!.plain.resolve(found[i]!));
    } catch (error) {
      for (const program of batch) outcomes.get(program)!.plain.reject(error);
    }
  }
}

async function judgeAll(
  programs: readonly Program[],
  reference: ReadonlyMap<string, string>,
): Promise<void> {
  // What a run leaves behind must not end the runs after it.
  const ignoreEvent = (event: Event) => event.preventDefault();
  globalThis.addEventListener("unhandledrejection", ignoreEvent);
  for (const program of programs) {
    const { resolve, reject } = outcomes.get(program)!.judged;
    const spins = program.spins ?? false;
    await Promise.try(() => runJudged(filesOf(program, reference), testsOf(program), spins))
      .then(resolve, reject);
  }
  globalThis.removeEventListener("unhandledrejection", ignoreEvent);
}

const options = { ignore, sanitizeOps: false, sanitizeResources: false };

for (const program of [...HONEST, ...MISTAKES]) {
  const { name, fails, says } = program;
  const what = fails === "refused" ? "refuse" : fails.length > 0 ? "fail" : "pass";
  Deno.test(`deno test and grading ${what} ${name}`, options, async () => {
    await beginAll();
    const { plain, judged } = outcomes.get(program)!;
    const { passed, failed, output } = await plain.promise;
    assertEquals(passed.length + failed.length, testsOf(program).length, output);
    if (fails === "refused") assertEquals(passed, []);
    else assertEquals(failed, fails.toSorted(), output);
    const graded = await judged.promise;
    assertEquals(graded.passed, passed, graded.output);
    assertEquals(graded.failed, failed, graded.output);
    if (says === undefined) return;
    assertMatch(output, says);
    assertMatch(graded.output, says);
  });
}

Deno.test("the zoo holds forty honest programs and forty mistakes", () => {
  assert(HONEST.length >= 40 && MISTAKES.length >= 40);
});

Deno.test.afterAll(stopBundler);
