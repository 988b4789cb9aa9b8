/**
 * The students' repository works, and holds no solution.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { parse } from "yaml";
import { runInProcess } from "../cli/command_fixture.ts";
import { CommandError } from "../cli/mod.ts";
import { makeFolder } from "../cli/folder_fixture.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { DEFAULT_RUBRIC, type Rubric } from "../grader/result/rubric.ts";
import { runTests } from "../testing/deno_test_fixture.ts";
import { handout as handoutCommand } from "./handout.ts";
import { handoutFiles, type HandoutOptions, LAB, STUDENT_FILES } from "./files.ts";
import { solutionLines } from "./handout_fixture.ts";
import { classroom50Workflow, classroomWorkflow } from "./workflows.ts";

const ignore = !mayRunProcesses;

/** The points of each test. */
const POINTS: Record<string, number> = Object.assign(
  {},
  ...DEFAULT_RUBRIC.parts.map(({ tests }) => tests),
);

/** Words that tell of the solution, the grader or its seeds. */
const TELLING_WORDS = /corpus|grader|\.grades|salt|solution begin|begin solution/i;

interface Result {
  status: number;
  out: string;
  err: string;
}

async function runDeno(args: string[], cwd: string | URL): Promise<Result> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { status: code, out: out!, err: err! };
}

async function succeed(args: string[], cwd: string | URL): Promise<void> {
  const { status, out, err } = await runDeno(args, cwd);
  assertEquals(status, 0, `deno ${args.join(" ")}\n${out}${err}`);
}

const handout = (...args: string[]) => runInProcess(handoutCommand, args);

Deno.test("handout writes a lab that is clean, fails with hints and can be solved", {
  ignore,
}, async (t) => {
  await using folder = await makeFolder();
  const { path } = folder;
  assertEquals((await handout(path)).status, 0);

  await t.step("formatting, lint and types are fine", async () => {
    await succeed(["fmt", "--check"], path);
    await succeed(["lint"], path);
    await succeed(["check"], path);
  });

  await t.step("every test fails, and says that code is missing", async () => {
    const { outcomes } = await runTests(path);
    assertEquals(outcomes.map(({ name }) => name), Object.keys(POINTS));
    for (const { name, passed, message } of outcomes) {
      assert(!passed, name);
      assertStringIncludes(message!, "Your code here");
      assertStringIncludes(message!, "hint:");
    }
  });

  await t.step("explore says so, also for files in another folder", async () => {
    await Deno.mkdir(`${path}/other`);
    for (const file of STUDENT_FILES) {
      await Deno.copyFile(`${path}/${file}`, `${path}/other/${file}`);
    }
    const args = ["task", "-q", "explore", "--seeds=1", "--test=TestBasic", "--submission=other"];
    const explored = await runDeno(args, path);
    assertEquals(explored.status, 1, explored.err);
    assertStringIncludes(explored.out, "Your code here");
  });

  await t.step("with the solution put in, every test passes without a permission", async () => {
    for (const file of STUDENT_FILES) {
      await Deno.copyFile(new URL(file, LAB), `${path}/${file}`);
    }
    const { status, out, err } = await runDeno(["test", "--no-prompt", "--no-check"], path);
    assertEquals(status, 0, out + err);
    assertMatch(out, /^ok \| 7 passed \| 0 failed/m);
    const replay = ["task", "-q", "replay", "--test=TestUnreliable", "--seed=1", "--html=run.html"];
    await succeed(replay, path);
  });
});

Deno.test("handoutFiles() holds nothing of the solution or the grader", {
  ignore,
}, async () => {
  const files = await handoutFiles();
  const lines = await solutionLines();
  assert(lines.length > 40);
  for (const [path, text] of files) {
    for (const line of lines) assert(!text.includes(line), `${path} holds: ${line}`);
    const inWords = path === ".github/workflows/classroom.yml"
      ? text.replaceAll("autograding-command-grader", "")
      : text;
    const word = `${path}\n${inWords}`.match(TELLING_WORDS)?.[0];
    assertEquals(word, undefined, path);
    assert(!/_(?:test|fixture)\.ts$/.test(path) || path === "test_test.ts", path);
  }
});

Deno.test("the assignment and the workflow give the points of the rubric", { ignore }, async () => {
  const assignment = await Deno.readTextFile(new URL("handout/assignment.md", LAB));
  const rows = assignment.matchAll(/\| `(Test\w+)` *\| *(\d+) \|/g);
  assertEquals(Object.fromEntries(Array.from(rows, ([, test, n]) => [test, Number(n)])), POINTS);
  const workflow = classroomWorkflow(DEFAULT_RUBRIC);
  const steps = workflow.matchAll(/test-name: (\w+)\n(?:.*\n){3} +max-score: (\d+)/g);
  assertEquals(Object.fromEntries(Array.from(steps, ([, test, n]) => [test, Number(n)])), POINTS);
  const runners = workflow.match(/runners: (.*)/)![1]!.split(",");
  assertEquals(runners, Array.from(workflow.matchAll(/ id: (.*)/g), ([, id]) => id));
  for (const id of runners) {
    const variable = `${id.toUpperCase()}_RESULTS: "\${{steps.${id}.outputs.result}}"`;
    assertStringIncludes(workflow, variable);
  }
});

Deno.test("handout gives the points of another rubric", { ignore }, async () => {
  const rubric: Rubric = {
    parts: [{ name: "All", requires: [], tests: { TestBasic: 40, TestRejection: 100 } }],
    late: { freeDays: 5, pointsPerDay: 10 },
  };
  const files = await handoutFiles({ rubric });
  const assignment = files.get("README.md")!;
  const rows = assignment.matchAll(/^\|.*\| `(Test\w+)` *\| *(\S+) \|/gm);
  assertEquals(
    Array.from(rows, ([, test, points]) => `${test} ${points}`).slice(0, 6),
    [
      ...["TestBasic 40", "TestConcurrent –", "TestUnreliable –", "TestUnreliableOneKey –"],
      ...["TestStaticShards –", "TestRejection 100"],
    ],
  );
  assertMatch(
    assignment,
    /whole number from 0 to 5, the\n.*\n {2}Each day beyond 5 costs 10 points\./,
  );
  const workflow = files.get(".github/workflows/classroom.yml")!;
  assertEquals(workflow.match(/max-score: \d+/g), ["max-score: 40", "max-score: 100"]);
  // The steps in GitHub Classroom are tests.
  const more = { ...rubric, requirements: { "frees memory": 5 } };
  await assertRejects(() => handoutFiles({ rubric: more }), CommandError, "use --classroom50=ORG");
  const other = await handoutFiles({ rubric: more, classroom50: "a" });
  assertStringIncludes(other.get("README.md")!, "no test sees: _frees memory_ (5).\n`deno task");
});

Deno.test("the generated workflows are valid GitHub Actions files", { ignore }, () => {
  const { steps } = parse(classroomWorkflow(DEFAULT_RUBRIC)).jobs["run-autograding-tests"];
  for (const { uses, with: inputs = {}, env = {} } of steps) {
    if (uses.includes("command-grader")) {
      const known = ["test-name", "setup-command", "command", "timeout", "max-score"];
      assertEquals(Object.keys(inputs), known);
      assertMatch(String(inputs["command"]), /--filter "Test\w+:"$/);
    }
    // A variable whose name holds a hyphen does not reach the reporter.
    for (const name of Object.keys(env)) assertMatch(name, /^[A-Z]\w*_RESULTS$/);
  }
  assertEquals(
    parse(classroom50Workflow("my-course")).jobs.grade.uses,
    "my-course/classroom50/.github/workflows/autograde-runner.yaml@main",
  );
});

Deno.test("handout has the workflow of one classroom", { ignore }, async () => {
  const workflows = async (options: HandoutOptions) => {
    return [...(await handoutFiles(options)).keys()].filter((path) => path.startsWith(".github"));
  };
  assertEquals(await workflows({}), [".github/workflows/classroom.yml"]);
  assertEquals(await workflows({ classroom50: "a" }), [".github/workflows/autograde.yaml"]);
  const { status, err } = await handout("nowhere", "--classroom50=a/b");
  assertEquals(status, 2);
  assertMatch(
    err,
    /^handout: Cannot use --classroom50=a\/b: expected the name of an organization [^\n]*\n$/,
  );
});

Deno.test("the workflows name GitHub's and Deno's actions by commit and have time limits", {
  ignore,
}, async () => {
  const files = ["grader/github/grade.yml", ".github/workflows/ci.yml"];
  const read = (file: string) => Deno.readTextFile(new URL(file, LAB));
  for (const text of [...await Promise.all(files.map(read)), classroomWorkflow(DEFAULT_RUBRIC)]) {
    const { permissions, jobs } = parse(text);
    assert(permissions !== undefined);
    for (const job of Object.values<Record<string, unknown>>(jobs)) {
      assertEquals(typeof job["timeout-minutes"], "number");
    }
    for (const [, action] of text.matchAll(/uses: ((?:actions|denoland)\/.*)/g)) {
      assertMatch(action!, /@[\da-f]{40} # v\d+\.\d+\.\d+$/);
    }
  }
});
