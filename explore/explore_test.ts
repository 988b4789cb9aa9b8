import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { HINTS } from "../testing/hints.ts";
import type { ExploreSettings } from "./explore.ts";
import { findTest, openLab } from "./run/lab.ts";
import { measure, measuredLines } from "./run/measurements.ts";
import { Runner } from "./run/runner.ts";
import { violationOf } from "./run/seed_run.ts";
import {
  type Edit,
  LAB,
  makeSubmission,
  MISTAKES,
  processTest,
  runTask,
} from "./command_fixture.ts";

const ONE_KEY = "--test=TestUnreliableOneKey";

/** The format of `--json`. */
const Result = z.strictObject({
  tests: z.array(z.strictObject({
    name: z.string().regex(/^Test\w+$/),
    seedsRun: z.int(),
    failures: z.int(),
    firstFailedSeed: z.int().nullable(),
    seedsPerSecond: z.number().positive(),
    minimal: z.strictObject({
      clerks: z.int().min(1),
      servers: z.int().min(1),
      operations: z.int().min(1),
      faults: z.int(),
      summary: z.string(),
      schedule: z.looseObject({}),
    }).optional(),
    nondeterministic: z.string().optional(),
  })),
  requirements: z.array(z.strictObject({ name: z.string(), isMet: z.boolean() })).optional(),
});

/** Explores a submission with a mistake. */
async function exploreMistaken(edits: Edit[], options: string[], settings: ExploreSettings = {}) {
  await using submission = await makeSubmission(...edits);
  return await runTask(["explore", `--submission=${submission.path}`, ...options], settings);
}

/** Expects that a command says in one line why it could not tell. */
function assertRefused({ status, err }: { status: number; err: string }, line: RegExp) {
  assertEquals([status, err.trimEnd().split("\n").length], [2, 1], err);
  assertMatch(err, line);
}

processTest(
  "explore runs every test with every seed, and prints a table beside --json=-",
  async () => {
    const args = ["explore", "--seeds=1", "--from=5", "--network=hostile", "--json=-"];
    const { status, out, err } = await runTask(args, { processes: 2 });
    assertEquals(status, 0, err);
    const [table, requirements, memory] = err.split("\n\n");
    const [title, heading, ...rows] = table!.split("\n");
    assertMatch(title!, /^TestBasic, .*, TestUnreliableShards: seeds 5 to 5, in 2 processes$/);
    assertMatch(heading!, /^test +seeds +failures +share +RPCs +spread +seeds\/s$/);
    assertEquals(rows.length, 7);
    for (const row of rows) assertMatch(row, /^Test\w+ +1 +0 +0\.0 % +\d+ +± \d+ +[\d.]+$/);
    assertMatch(requirements!, /^Requirements of the assignment/);
    assertMatch(memory!, /100 KB: server 0: \d+ KB, server 1: /);
    const result = Result.parse(JSON.parse(out));
    const { seedsPerSecond: _, ...first } = result.tests[0]!;
    assertEquals(first, { name: "TestBasic", seedsRun: 1, failures: 0, firstFailedSeed: null });
    assert(result.requirements!.every(({ isMet }) => isMet), out);
  },
);

processTest("explore prints a command that replays the first failure", async () => {
  await using submission = await makeSubmission(...MISTAKES.executesCopies);
  const folder = `--submission=${submission.path}`;
  const { status, out, err } = await runTask(["explore", folder, ONE_KEY, "--seeds=4", "--json=-"]);
  assertEquals(status, 1, err);
  const { tests: [test] } = Result.parse(JSON.parse(out));
  assert(test!.failures > 0 && test!.nondeterministic === undefined, out);

  const { summary, schedule: _, ...counts } = test!.minimal!;
  assertEquals(counts, { clerks: 1, servers: 1, operations: 1, faults: 1 });
  assertStringIncludes(err, `  happened:  ${summary}\n`);

  const [, command] = err.match(/replay: +\S.* task (replay .*)/)!;
  assertEquals(command, `replay ${ONE_KEY} --seed=${test!.firstFailedSeed} ${folder}`);
});

processTest("the hostile network shows what the graded one does not", async () => {
  await using submission = await makeSubmission(...MISTAKES.executesOutdatedCopies);
  await using lab = await openLab(submission.path);
  using runner = new Runner(lab.url);
  const test = findTest("TestUnreliable", await runner.tests);
  const hintOn = async (network: "unreliable" | "hostile") => {
    const { failure } = await runner.run({ test, seed: 1, network });
    return failure && violationOf(failure).hint;
  };
  assertEquals(await hintOn("unreliable"), undefined);
  assertEquals(await hintOn("hostile"), HINTS.executedTwice);
});

processTest("explore prints its results so far when interrupted", async () => {
  await using process = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "explore", ONE_KEY, "--seeds=9000000"],
    cwd: LAB,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let out = "";
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    if (out === "") setTimeout(() => process.kill("SIGINT"), 500);
    out += text;
  }
  const { code } = await process.status;
  assertMatch(out, /\nTestUnreliableOneKey +\d+ +0 +0\.0 %/);
  const err = await new Response(process.stderr).text();
  assertMatch(err, /^explore: Interrupted after \d+ of 9000000 runs$/m);
  assertEquals(code, 2);
});

processTest("explore shows how runs of a nondeterministic submission differ", async () => {
  const { status, out, err } = await exploreMistaken(MISTAKES.keepsState, [ONE_KEY, "--seeds=3"]);
  assertEquals(status, 2, out);
  assertMatch(err, /^explore: client\.ts:\d+: "\w+" may not change/m);
  assertStringIncludes(out, "TestUnreliableOneKey is not deterministic");
  assertStringIncludes(out, "A run of seed 1 after other runs differs");
  const one = /one run: +0\.000 ms: sent, .*"clerk":"clerk \d+"/;
  assertMatch(out, new RegExp(`${one.source}.*\\n +the other: .*"clerk":"clerk 0"`));
});

processTest("explore refuses bad input in one line, with status 2", async () => {
  const broken = await exploreMistaken(MISTAKES.isBroken, []);
  assertRefused(broken, /^explore: Cannot load .* Expected ident at client\.ts:\d+/);
  const reads = await exploreMistaken(MISTAKES.readsFiles, []);
  assertRefused(reads, /^explore: Cannot load .* read access to "deno\.json"/);
  const cases: [args: string[], line: RegExp][] = [
    [["--submission=nowhere"], /^explore: .* "nowhere": there is no client\.ts/],
    [["--test=TestBsic"], /^explore: .* did you mean "TestBasic"\?/],
    [["--sedes=3"], /^explore: Unknown option .* did you mean --seeds\?/],
    [["--operations=2"], /--operations does nothing without --systematic; add that/],
    [["--systematic", ONE_KEY], /--test does nothing with --systematic; leave it out/],
    [["--systematic", "--clerks=0"], /--clerks/],
  ];
  for (const [args, line] of cases) assertRefused(await runTask(["explore", ...args]), line);
});

processTest(
  "explore --systematic finds no counterexample for the solution",
  async () => {
    const bounds = ["--operations=1", "--keys=1"];
    const { status, out, err } = await runTask(["explore", "--systematic", ...bounds]);
    assertEquals([status, err], [0, ""]);
    assertMatch(
      out,
      /^No counterexample among 105 schedules with up to 2 clerks, 1 operation, 1 key, 1 fault, on 1 and 3 servers$/m,
    );
  },
);

processTest(
  "explore --systematic reports the same first failing schedule with any number of processes",
  async () => {
    const settings = { processes: 2 };
    const { status, out } = await exploreMistaken(
      MISTAKES.executesCopies,
      ["--systematic", "--operations=2"],
      settings,
    );
    assertEquals(status, 1);
    assertMatch(out, /^Schedule \d+ of \d+ with .* fails$/m);
    assertStringIncludes(
      out,
      "The smallest run that fails: 1 clerk, 1 server, 1 operation, 1 fault",
    );
  },
);

processTest(
  "measurements show the memory that servers keep for a clerk, with a hint if they never free it",
  async () => {
    for (const entry of ["", "corpus/never_frees/"]) {
      await using lab = await openLab(
        entry === "" ? undefined : fileURLToPath(new URL(entry, LAB)),
      );
      const text = measuredLines((await measure(lab.url))!).join("\n");
      const kb = Array.from(text.matchAll(/server \d: (\d+) KB/g), ([, figure]) => Number(figure));
      assertEquals(kb.length, 3);
      assert(kb.every((each) => entry === "" ? each < 30 : each > 70), text);
      assertEquals(text.includes(HINTS.neverFrees), entry !== "");
    }
  },
);
