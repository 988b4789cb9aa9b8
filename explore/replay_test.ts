import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { mayRunProcesses } from "../grader/permissions.ts";
import { runTests } from "../testing/deno_test_fixture.ts";
import { LAB, makeSubmission, MISTAKES, runTask } from "./command_fixture.ts";

const ignore = !mayRunProcesses;
const ONE_KEY = "--test=TestUnreliableOneKey";

/** The format of `--json`. */
const Outcome = z.strictObject({
  test: z.string(),
  seed: z.int(),
  passed: z.boolean(),
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  events: z.int(),
  virtualMs: z.number(),
  message: z.string().optional(),
});

async function replayJson(...options: string[]) {
  const { status, out, err } = await runTask(["replay", ...options, "--json=-"]);
  return { status, err, outcome: Outcome.parse(JSON.parse(out)) };
}

Deno.test("replay meets the digest that the test has, in another process", { ignore }, async () => {
  const one = await replayJson(ONE_KEY, "--seed=3");
  const other = await replayJson(ONE_KEY, "--seed=3", "--network=hostile");
  const tested = await runTests(LAB, {
    filter: "TestUnreliableOneKey:",
    args: ["--seed=3"],
    check: false,
  });
  assertEquals([one.status, one.outcome.passed, one.outcome.seed], [0, true, 3]);
  assertEquals(one.outcome.test, "TestUnreliableOneKey");
  assertStringIncludes(tested.output, `digest ${one.outcome.digest}`);
  assert(other.outcome.digest !== one.outcome.digest, "the hostile network is another one");
});

Deno.test("replay prints the last messages and the outcome, and all of them with --all", {
  ignore,
}, async () => {
  const args = ["replay", ONE_KEY, "--seed=3"];
  const some = await runTask(args);
  const all = await runTask([...args, "--all"]);
  const lines = some.out.trimEnd().split("\n");
  const [, left] = lines[1]!.match(
    /^\((\d+) lines before these are left out; --all prints them, /,
  )!;
  const outcome = lines.slice(-2);
  assertEquals(outcome[0], "passed");
  assertMatch(outcome[1]!, /^digest [0-9a-f]{16}, \d+ events, \d+\.\d ms of virtual time$/);
  const allLines = all.out.trimEnd().split("\n");
  assertEquals(allLines.length, lines.length - 1 + Number(left));
  assertEquals(allLines.slice(-60), lines.slice(-60));
  assertMatch(all.out, /0\.0 {2}clerk 0: append\("0", "x 0 0 y"\)\n/);
  assertMatch(all.out, / {2}clerk \d to server 0: KVServer\.get \{"key":"0",.*\}, answered after/);
  assertMatch(all.out, /, request lost, timed out after 100\.0 ms\n/);
  assertMatch(all.out, /, delivered after .* ms, replied with \{.*\}, reply lost, timed out/);
});

Deno.test("replay shows what a submission prints, where it printed it", { ignore }, async () => {
  await using submission = await makeSubmission(...MISTAKES.prints);
  const args = ["replay", "--test=TestRejection", "--seed=1", `--submission=${submission.path}`];
  const { out } = await runTask([...args, "--all"]);
  assertMatch(out, /clerk 0: put\("0", .*\n +0\.0 {2}clerk 0 printed: puts 1 \{\n? +key: "0",/);
  assert(!out.includes("Passed"), "what the test prints of itself is left out");
});

Deno.test("replay fails as the test does, with its message, its hint and its commands", {
  ignore,
}, async () => {
  await using submission = await makeSubmission(...MISTAKES.executesCopies);
  const options = ["--test=TestUnreliable", "--seed=1", `--submission=${submission.path}`];
  const { status, outcome } = await replayJson(...options);
  assertEquals([status, outcome.passed], [1, false]);
  assertMatch(outcome.message!, /^append\("0", .*\) took effect twice/);
  for (const label of ["expected", "actual", "hint", "replay", "page"]) {
    assertMatch(outcome.message!, new RegExp(`^  ${label}: `, "m"));
  }
});

Deno.test("replay says what it wants, in one line, with status 2", { ignore }, async () => {
  const cases: [args: string[], line: string][] = [
    [["--seed=1"], "replay: Option --test is missing: expected --test and --seed"],
    [[ONE_KEY, "--sed=1"], 'replay: Unknown option "--sed=1"; did you mean --seed?'],
    [["--test=TestX", "--seed=1"], 'replay: There is no test "TestX"'],
    [[ONE_KEY, "--seed=1", "--network=x"], "expected --network=unreliable or --network=hostile"],
  ];
  for (const [args, line] of cases) {
    const { status, err } = await runTask(["replay", ...args]);
    assertEquals([status, err.trimEnd().split("\n").length], [2, 1], err);
    assertStringIncludes(err, line);
  }
});

Deno.test("replay writes a page with the story, and a history that lincheck reads", {
  ignore,
}, async () => {
  await using submission = await makeSubmission(...MISTAKES.executesCopies);
  const [page, history] = ["run.html", "history.json"].map((name) => `${submission.path}/${name}`);
  const { status, out, err } = await runTask([
    "replay",
    ONE_KEY,
    "--seed=1",
    `--submission=${submission.path}`,
    `--html=${page}`,
    `--history=${history}`,
  ]);
  assertEquals([status, err], [1, ""]);
  const html = await Deno.readTextFile(page!);
  const story = "The smallest run that fails in this way: 1 clerk, 1 server";
  assertStringIncludes(html, "TestUnreliableOneKey, seed 1");
  assertStringIncludes(html, story);

  assert(out.indexOf(story) > out.indexOf("digest "), "the story is printed after the run");

  const checked = await runTask(["lincheck", history!]);
  assertEquals(checked.status, 1, checked.err);
  assertMatch(checked.out, /not linearizable, \d+ operations/);
});

Deno.test("replay performs the smallest failing run from a file, until the mistake is gone", {
  ignore,
}, async () => {
  await using submission = await makeSubmission(...MISTAKES.executesCopies);
  const file = `${submission.path}/story.json`;
  const folder = `--submission=${submission.path}`;
  const found = await runTask(["replay", ONE_KEY, "--seed=1", folder, `--schedule-out=${file}`]);
  assertEquals([found.status, found.err], [1, ""]);
  const [, story] = found.out.split(/The run that failed: .*\n/);

  const failed = await runTask(["replay", `--schedule=${file}`, folder]);
  assertEquals([failed.status, failed.err], [1, ""]);
  assertStringIncludes(failed.out, story!.trim());
  const passed = await runTask(["replay", `--schedule=${file}`, "--json=-"]);
  assertEquals(passed.status, 0, passed.err);
  const { passed: isRight, digest } = JSON.parse(passed.out);
  assertEquals(isRight, true);
  assertMatch(digest, /^[0-9a-f]{16}$/);
});

Deno.test("replay says what is wrong with a schedule, in one line, with status 2", {
  ignore,
}, async () => {
  const cases: [args: string[], line: string][] = [
    [["--schedule=deno.json"], "replay: Cannot read the schedule deno.json: nservers: "],
    [["--schedule=nowhere.json"], "replay: Cannot read the schedule nowhere.json: No such file"],
    [["--schedule=deno.json", "--seed=1"], "Option --seed does nothing with --schedule"],
  ];
  for (const [args, line] of cases) {
    const { status, err } = await runTask(["replay", ...args]);
    assertEquals([status, err.trimEnd().split("\n").length], [2, 1], err);
    assertStringIncludes(err, line);
  }
});
