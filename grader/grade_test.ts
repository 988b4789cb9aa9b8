import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { runInProcess } from "../cli/command_fixture.ts";
import { parseOptions } from "../cli/mod.ts";
import { gradeCommand } from "./grade.ts";
import { gradeSubmission } from "./grade_submission.ts";
import { GradeOptions } from "./options.ts";
import { makeFolder } from "../cli/folder_fixture.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { htmlOf } from "./reports/html.ts";
import { summaryOf } from "./reports/markdown.ts";
import { stopBundler } from "./realm/bundle.ts";
import { GradeReport } from "./result/result.ts";
import { scored } from "./result/score.ts";
import { BOTH, inside, zip } from "./take/folder_fixture.ts";
import { takeSubmission } from "./take/take_submission.ts";

const ignore = !mayRunProcesses;
const lab = new URL("../", import.meta.url);

Deno.test("grade names what it refuses and gives no point", { ignore }, async () => {
  const rubric = { parts: [{ name: "Part", tests: { TestBasic: 100 } }] };
  await using folder = await makeFolder({
    "client.ts": "",
    "server.ts": '\nimport "node:fs";\n',
    "late.txt": "seven",
    "rubric.json": JSON.stringify(rubric),
  });
  const { path } = folder;
  const args = [path, "--seeds=1", `--rubric=${path}/rubric.json`];
  const { status, out } = await runInProcess(gradeCommand, args);
  assertEquals(status, 1);
  assertMatch(out, /server\.ts:2: The import of "node:fs" is not allowed; keep the data in fields/);
  assertMatch(out, /Total: 0 of 100 points/);
  assertMatch(out, /Note: late\.txt holds "seven"; expected a whole number from 0 to 9/);
});

Deno.test("gradeSubmission() returns the compiler's messages and no test if types are wrong", {
  ignore,
}, async () => {
  const { files, ...taken } = await takeSubmission(new URL("corpus/terse", lab).pathname);
  files.set("client.ts", `${files.get("client.ts")}\nexport const n: number = "";\n`);
  const options = { seeds: [1], tests: ["TestBasic"], checked: false };
  const { problems, tests } = await gradeSubmission({ files, ...taken }, options);
  await stopBundler();
  assertEquals([problems.length, problems[0]!.file, tests], [1, "client.ts", []]);
  assertMatch(problems[0]!.message, /^TS2322 \[ERROR\]: Type 'string' is not assignable/);
});

Deno.test("gradeSubmission() adds the story of a failed test, which reports show", {
  ignore,
}, async () => {
  const taken = await takeSubmission(new URL("corpus/no_retry", lab).pathname);
  const tests = { TestBasic: 20, TestUnreliable: 40, TestUnreliableShards: 40 };
  const options = { seeds: [1], tests: Object.keys(tests), checked: true, explain: true };
  const rubric = { parts: [{ name: "Part", requires: [], tests }] };
  const ada = scored("ada", await gradeSubmission(taken, options), rubric);
  await stopBundler();
  assertEquals(ada.score, 20);
  const [basic, unreliable, shards] = ada.tests;
  assertEquals(basic!.story, undefined);
  assertMatch(
    unreliable!.story![0]!,
    /^The smallest run that fails in this way: 1 clerk, 1 server/,
  );
  const reference = "The smallest run that fails for this reason is that of TestUnreliable, above";
  assertEquals(shards!.story, [reference]);
  const report = { submissions: [ada] };
  assertStringIncludes(htmlOf(report), "<pre>The smallest run that fails in this way");
  assertStringIncludes(summaryOf(report), "The smallest run that fails");
});

Deno.test("grade takes no --root outside the submission", () => {
  const message = "expected a folder inside each submission";
  assertThrows(() => parseOptions(GradeOptions, ["--root=../lab"]), Error, message);
});

const REFUSED: [args: string[], line: string][] = [
  [["nowhere"], 'There is no folder "nowhere"; expected one with a client.ts and a server.ts'],
  [["--merge", "--fresh"], "Cannot use --fresh with --merge, which runs nothing; take it out"],
  [
    ["--merge", "--due=2026-11-20"],
    "Cannot use --due with --merge, which runs nothing; take it out",
  ],
  [["--merge", "--roster=a"], 'Cannot read "a": no such file or directory'],
];

for (const [args, line] of REFUSED) {
  Deno.test(`grade ${args.join(" ")} prints one line and ends with status 2`, {
    ignore,
  }, async () => {
    const { status, err } = await runInProcess(gradeCommand, args);
    assertEquals([status, err], [2, `grade: ${line}\n`]);
  });
}

Deno.test("grade writes every report, without a verdict, if there is no temporary folder", {
  ignore,
}, async () => {
  const files = { ...inside("ada"), ...inside("bob"), "eve.zip": zip(BOTH) };
  await using folder = await makeFolder(files);
  // In a process of its own, since the environment is that of all tests.
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--no-check",
      "grader/grade.ts",
      folder.path,
      "--fresh",
      "--json=-",
    ],
    cwd: lab,
    env: { NO_COLOR: "1", TMPDIR: `${folder.path}/none` },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(code, 2);
  for (const { notGraded } of GradeReport.parse(JSON.parse(out!)).submissions) {
    assertMatch(
      notGraded!,
      /^(?:It cannot be opened: )?Cannot make a temporary folder: no such file/,
    );
  }
  assertMatch(
    err!,
    /^grade: This machine could not grade 3 of 3 submissions, which says nothing about them; run it again for "ada", "bob", "eve"\. Cannot make/m,
  );
});
