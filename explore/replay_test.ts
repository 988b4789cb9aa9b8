import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { runTests } from "../testing/deno_test_fixture.ts";
import { report } from "./outcome.ts";
import { LAB, makeSubmission, MISTAKES, processTest, runTask } from "./command_fixture.ts";

const ONE_KEY = "--test=TestUnreliableOneKey";

/** The format of `--json`. */
const Outcome = z.strictObject({
  test: z.string().regex(/^Test\w+$/),
  seed: z.int(),
  passed: z.boolean(),
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  events: z.int(),
  virtualMs: z.number(),
  message: z.string().optional(),
});

processTest("replay has the digest of the test, in another process", async () => {
  const digestOf = async (...options: string[]) => {
    const args = ["replay", ONE_KEY, "--seed=3", ...options, "--json=-"];
    const { status, out, err } = await runTask(args);
    assertEquals(status, 0, err);
    const { test, seed, passed, digest } = Outcome.parse(JSON.parse(out));
    assertEquals([test, seed, passed], ["TestUnreliableOneKey", 3, true]);
    return digest;
  };
  const digest = await digestOf();
  const tested = await runTests(LAB, {
    filter: "TestUnreliableOneKey:",
    args: ["--seed=3"],
  });
  assertStringIncludes(tested.output, `digest ${digest}`);
  assert(await digestOf("--network=hostile") !== digest, "the hostile network is another one");
});

processTest("replay prints the last messages and the outcome", async () => {
  const { out } = await runTask(["replay", ONE_KEY, "--seed=3"]);
  const lines = out.trimEnd().split("\n");
  assertMatch(lines[1]!, /^\(\d+ lines before these are left out; --all prints them, /);
  const [outcome, digest] = lines.slice(-2);
  assertEquals(outcome, "passed");
  assertMatch(digest!, /^digest [0-9a-f]{16}, \d+ events, \d+\.\d ms of virtual time$/);
});

processTest("replay shows the output of a submission, and which machine printed it", async () => {
  await using submission = await makeSubmission(...MISTAKES.prints);
  const args = ["replay", "--test=TestRejection", "--seed=1", `--submission=${submission.path}`];
  const { out } = await runTask([...args, "--all"]);
  assertMatch(out, /clerk 0: put\("0", .*\n +0\.0 {2}clerk 0 printed: puts 1 \{\n? +key: "0",/);
  assert(!out.includes("Passed"), "what the test prints of itself is left out");
});

processTest(
  "replay fails as the test does, and writes a page, a history and a schedule",
  async () => {
    await using submission = await makeSubmission(...MISTAKES.executesCopies);
    const folder = `--submission=${submission.path}`;
    const [page, history, schedule, json] = ["run.html", "history.json", "story.json", "out.json"]
      .map((name) => `${submission.path}/${name}`) as [string, string, string, string];
    const outputs = [`--html=${page}`, `--history=${history}`, `--json=${json}`];
    const args = ["replay", ONE_KEY, "--seed=1", folder, `--schedule-out=${schedule}`];
    const { status, out, err } = await runTask([...args, ...outputs]);
    assertEquals([status, err], [1, ""]);
    const { passed, message } = Outcome.parse(JSON.parse(await Deno.readTextFile(json)));
    assertEquals(passed, false);
    assertMatch(message!, /^append\("0", .*\) took effect twice/);
    for (const label of ["expected", "actual", "hint", "replay", "page"]) {
      assertMatch(message!, new RegExp(`^  ${label}: `, "m"));
    }
    const title = "The smallest run that fails in this way: 1 clerk, 1 server";
    assert(out.indexOf(title) > out.indexOf("digest "), "the story is printed after the run");
    const html = await Deno.readTextFile(page);
    for (const text of ["TestUnreliableOneKey, seed 1", title]) assertStringIncludes(html, text);
    const checked = await runTask(["lincheck", history]);
    assertEquals(checked.status, 1, checked.err);
    assertMatch(checked.out, /not linearizable, \d+ operations/);

    const [, story] = out.split(/The run that failed: .*\n/);
    const failed = await runTask(["replay", `--schedule=${schedule}`, folder]);
    assertEquals([failed.status, failed.err], [1, ""]);
    assertStringIncludes(failed.out, story!.trim());
    const right = await runTask(["replay", `--schedule=${schedule}`, "--json=-"]);
    assertEquals([right.status, JSON.parse(right.out).passed], [0, true], right.err);
    assertMatch(JSON.parse(right.out).digest, /^[0-9a-f]{16}$/);
  },
);

processTest("replay --json has null for unknown figures of a run that never ended", async () => {
  const json = await Deno.makeTempFile();
  const run = { heading: "", title: "", result: {}, message: "It hung", fields: { seed: 3 } };
  const explain = () => Promise.resolve(undefined);
  assertEquals(await report({ ...run, explain }, { all: false, json }, () => {}), 1);
  const outcome = JSON.parse(await Deno.readTextFile(json));
  await Deno.remove(json);
  const nothing = { digest: null, events: null, virtualMs: null };
  assertEquals(outcome, { seed: 3, passed: false, ...nothing, message: "It hung" });
});

processTest("replay refuses bad input in one line, with status 2", async () => {
  const cases: [args: string[], line: string][] = [
    [["--seed=1"], "replay: Option --test is missing: expected --test and --seed"],
    [[ONE_KEY, "--sed=1"], 'replay: Unknown option "--sed=1"; did you mean --seed?'],
    [["--test=TestX", "--seed=1"], 'replay: There is no test "TestX"'],
    [[ONE_KEY, "--seed=1", "--network=x"], "expected --network=unreliable or --network=hostile"],
    [["--schedule=deno.json"], "replay: Cannot read the schedule deno.json: nservers: "],
    [["--schedule=nowhere.json"], "replay: Cannot read the schedule nowhere.json: No such file"],
    [["--schedule=deno.json", "--seed=1"], "Option --seed does nothing with --schedule"],
  ];
  for (const [args, line] of cases) {
    const { status, err } = await runTask(["replay", ...args]);
    assertEquals([status, err.trimEnd().split("\n").length], [2, 1], err);
    assertStringIncludes(err, line);
  }
  await using submission = await makeSubmission(...MISTAKES.keepsState);
  const schedule = `${submission.path}/story.json`;
  await Deno.writeTextFile(schedule, '{ "nservers": 1, "nreplicas": 1, "seed": 1, "steps": [] }');
  for (const run of [[ONE_KEY, "--seed=1"], [`--schedule=${schedule}`]]) {
    const { status, err } = await runTask(["replay", ...run, `--submission=${submission.path}`]);
    assertEquals(status, 2);
    assertMatch(err, /^replay: client\.ts:\d+: "\w+" may not change/);
  }
});
