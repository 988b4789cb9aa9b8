import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { mayRunProcesses } from "../grader/permissions.ts";
import { type Edit, LAB, makeSubmission, MISTAKES, runTask } from "./command_fixture.ts";

const ignore = !mayRunProcesses;
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
async function exploreMistaken(edits: Edit[], ...options: string[]) {
  await using submission = await makeSubmission(...edits);
  const folder = `--submission=${submission.path}`;
  const { status, out, err } = await runTask(["explore", folder, ...options]);
  return { status, out, err, folder };
}

Deno.test("explore runs every test with every seed, and prints a table", { ignore }, async () => {
  const { status, out, err } = await runTask([
    "explore",
    "--seeds=2",
    "--from=5",
    "--network=hostile",
  ]);
  assertEquals([status, err], [0, ""]);
  const [table] = out.split("\n\n");
  const [title, heading, ...rows] = table!.split("\n");
  assertMatch(title!, /^TestBasic, .*, TestUnreliableShards: seeds 5 to 6, in \d+ processes$/);
  assertMatch(heading!, /^test +seeds +failures +share +RPCs +spread +seeds\/s$/);
  assertEquals(rows.length, 7);
  for (const row of rows) assertMatch(row, /^Test\w+ +2 +0 +0\.0 % +\d+ +± \d+ +[\d.]+$/);
});

Deno.test("explore writes only its result to the standard output when --json=-", {
  ignore,
}, async () => {
  const { status, out, err } = await runTask(["explore", ONE_KEY, "--seeds=3", "--json=-"]);
  const { tests } = Result.parse(JSON.parse(out));
  assertEquals(status, 0, err);
  assertEquals(
    tests.map(({ name, seedsRun, failures, firstFailedSeed }) => {
      return { name, seedsRun, failures, firstFailedSeed };
    }),
    [{ name: "TestUnreliableOneKey", seedsRun: 3, failures: 0, firstFailedSeed: null }],
  );
  assertStringIncludes(err, "TestUnreliableOneKey      3");
});

Deno.test("explore prints a command that replays the first failure", { ignore }, async () => {
  await using submission = await makeSubmission(...MISTAKES.executesCopies);
  const folder = `--submission=${submission.path}`;
  const args = ["explore", folder, ONE_KEY, "--seeds=4", "--json=-"];
  const { status, out, err } = await runTask(args);
  assertEquals(status, 1, err);
  const [test] = Result.parse(JSON.parse(out)).tests;
  assert(test!.failures > 0 && test!.nondeterministic === undefined, out);

  const { summary, schedule: _, ...counts } = test!.minimal!;
  assertEquals(counts, { clerks: 1, servers: 1, operations: 1, faults: 1 });
  assertStringIncludes(err, `  happened:  ${summary}\n`);

  const [, command] = err.match(/replay: +\S.* task (replay .*)/)!;
  const seed = `--seed=${test!.firstFailedSeed}`;
  assertEquals(command, `replay ${ONE_KEY} ${seed} ${folder}`);
  const [, message] = err.match(/failed first with seed \d+: (.*)/)!;
  const replayed = await runTask(command!.split(" "));
  assertEquals(replayed.status, 1);
  assertStringIncludes(replayed.out, `failed: ${message}`);
});

Deno.test("explore finds on the hostile network what the graded one does not show", {
  ignore,
}, async () => {
  const edits = MISTAKES.executesOutdatedCopies;
  const options = ["--test=TestUnreliable", "--seeds=6"];
  const graded = await exploreMistaken(edits, ...options);
  const hostile = await exploreMistaken(edits, ...options, "--network=hostile");
  assertEquals(graded.status, 0, graded.out);
  assertEquals(hostile.status, 1, hostile.out);
  assertMatch(hostile.out, /task replay --test=TestUnreliable --seed=\d+ --network=hostile/);
});

Deno.test("explore prints what there is when it is interrupted", { ignore }, async () => {
  await using process = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "explore", ONE_KEY, "--seeds=9000000"],
    cwd: LAB,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const chunks: string[] = [];
  for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) {
    chunks.push(text);
    if (chunks.length > 1) continue;
    await new Promise((resolve) => setTimeout(resolve, 500));
    process.kill("SIGINT");
  }
  const { code } = await process.status;
  assertMatch(chunks.join(""), /\nTestUnreliableOneKey +\d+ +0 +0\.0 %/);
  const err = await new Response(process.stderr).text();
  assertMatch(err, /^explore: Interrupted after \d+ of 9000000 runs$/m);
  assertEquals(code, 2);
});

Deno.test("explore says how runs differ when a submission is not deterministic", {
  ignore,
}, async () => {
  const options = [ONE_KEY, "--seeds=3"];
  const outside = await exploreMistaken(MISTAKES.readsRealClock, ...options);
  const kept = await exploreMistaken(MISTAKES.keepsState, ...options);
  for (const { status, out } of [outside, kept]) {
    assertEquals(status, 2, out);
    assertStringIncludes(out, "TestUnreliableOneKey is not deterministic");
    const one = /one run: +0\.000 ms: sent, .*"clerk":"clerk [\d.]+"/;
    assertMatch(out, new RegExp(`${one.source}.*\\n +the other: .*"clerk":"clerk [\\d.]+"`));
  }
  assertStringIncludes(outside.out, "Two runs of seed 1, each in a new process, differ");
  assertStringIncludes(kept.out, "A run of seed 1 after other runs differs");
  assertStringIncludes(kept.out, '"clerk":"clerk 0"');
});

Deno.test("explore says in one line what is wrong with a submission, with status 2", {
  ignore,
}, async () => {
  const cases: [() => Promise<{ status: number; err: string }>, RegExp][] = [
    [
      () => exploreMistaken(MISTAKES.isBroken),
      /^explore: Cannot load .* Expected ident at client\.ts:\d+/,
    ],
    [
      () => exploreMistaken(MISTAKES.readsFiles),
      /^explore: Cannot load .* read access to "deno\.json"/,
    ],
    [
      () => runTask(["explore", "--submission=nowhere"]),
      /^explore: .* "nowhere": there is no client\.ts/,
    ],
    [() => runTask(["explore", "--test=TestBsic"]), /^explore: .* did you mean "TestBasic"\?/],
    [() => runTask(["explore", "--sedes=3"]), /^explore: Unknown option .* did you mean --seeds\?/],
  ];
  for (const [running, line] of cases) {
    const { status, err } = await running();
    assertEquals(status, 2, err);
    assertMatch(err, line);
    assertEquals(err.trimEnd().split("\n").length, 1, err);
  }
});

Deno.test(
  "explore --systematic finds nothing wrong with the solution, and says within which bounds",
  {
    ignore,
  },
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

Deno.test(
  "explore --systematic tells the first schedule that fails, whatever number of processes",
  {
    ignore,
  },
  async () => {
    const { status, out } = await exploreMistaken(MISTAKES.executesCopies, "--systematic");
    assertEquals(status, 1);
    assertMatch(out, /^Schedule \d+ of 71034 with .* fails$/m);
    assertStringIncludes(
      out,
      "The smallest run that fails: 1 clerk, 1 server, 1 operation, 1 fault",
    );
  },
);

Deno.test("explore refuses bounds without --systematic, and tests with it", {
  ignore,
}, async () => {
  const cases: [string[], RegExp][] = [
    [["--operations=2"], /--operations does nothing without --systematic; add that/],
    [["--systematic", ONE_KEY], /--test does nothing with --systematic; leave it out/],
    [["--systematic", "--clerks=0"], /--clerks/],
  ];
  for (const [args, line] of cases) {
    const { status, err } = await runTask(["explore", ...args]);
    assertEquals([status, err.trimEnd().split("\n").length], [2, 1], err);
    assertMatch(err, line);
  }
});
