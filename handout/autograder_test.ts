/**
 * The archive grades in Gradescope and Classroom 50, and holds no solution.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { copy } from "@std/fs/copy";
import { strFromU8, unzipSync } from "fflate";
import { runInProcess } from "../cli/command_fixture.ts";
import { makeFolder } from "../cli/folder_fixture.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { archiveOf, autograder } from "./autograder.ts";
import { autograderFiles } from "./autograder_files.ts";
import { LAB, STUDENT_FILES } from "./files.ts";
import { solutionLines } from "./handout_fixture.ts";

const ignore = !mayRunProcesses;

/** Unpacks an archive. */
async function unpack(archive: Uint8Array, folder: string): Promise<void> {
  for (const [path, bytes] of Object.entries(unzipSync(archive))) {
    const name = `${folder}/${path}`;
    await Deno.mkdir(name.slice(0, name.lastIndexOf("/")), { recursive: true });
    const mode = strFromU8(bytes).startsWith("#!") ? 0o755 : 0o644;
    await Deno.writeFile(name, bytes, { mode });
  }
}

async function run(
  command: string,
  args: string[],
  env: Record<string, string>,
  cwd: string,
): Promise<{ status: number; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    env: { NO_COLOR: "1", DENO: Deno.execPath(), ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { status: code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("archiveOf() is reproducible and makes scripts executable", () => {
  const files = [["setup.sh", "#!/bin/sh\n"], ["lab/labrpc.ts", "#"]] as const;
  const archive = archiveOf(new Map(files));
  assertEquals(archiveOf(new Map(files.toReversed())), archive);
  // The mode is in the upper half of the attributes of an entry in the directory.
  const directory = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const modes = new Map<string, number>();
  for (let at = 0; at + 46 < archive.length; at++) {
    if (directory.getUint32(at, true) !== 0x02014b50) continue;
    const nameLength = directory.getUint16(at + 28, true);
    const name = strFromU8(archive.subarray(at + 46, at + 46 + nameLength));
    modes.set(name, directory.getUint32(at + 38, true) >>> 16);
  }
  assertEquals([...modes], [["lab/labrpc.ts", 0o100644], ["setup.sh", 0o100755]]);
});

Deno.test(
  "autograder writes an archive, and replaces one only with --force",
  { ignore },
  async () => {
    await using folder = await makeFolder();
    const name = `${folder.path}/autograder.zip`;
    const first = await runInProcess(autograder, [name, "--seeds=10"]);
    assertMatch(first.out, /^Its seeds follow from --salt=[\da-f]{16}, which was drawn/m);
    assertEquals(first.status, 0, first.err);
    const files = unzipSync(await Deno.readFile(name));
    assertMatch(strFromU8(files["options.txt"]!), /^--seeds=10\n--salt=[\da-f]{16}\n$/);
    const second = await runInProcess(autograder, [name]);
    assertEquals(second.status, 2);
    assertMatch(second.err, /^autograder: ".*" exists; add --force to replace it\n$/);
    assertEquals((await runInProcess(autograder, [name, "--force"])).status, 0);
    assertMatch(
      (await runInProcess(autograder, ["a.tar"])).err,
      /^autograder: Cannot write "a.tar": expected/,
    );
  },
);

Deno.test("autograder holds no line of the solution", { ignore }, async () => {
  const text = [...(await autograderFiles({})).values()].join("\n");
  const found = (await solutionLines()).filter((line) => text.includes(line));
  assertEquals(found, []);
});

Deno.test("autograder grades in Gradescope, whatever was handed in", { ignore }, async () => {
  await using folder = await makeFolder();
  const { path } = folder;
  const rubric = {
    parts: [{ name: "All", requires: [], tests: { TestBasic: 4, TestUnreliable: 6 } }],
    requirements: { "frees memory": 5 },
    late: { freeDays: 0, pointsPerDay: 1 },
  };
  const assignment = { due_date: "2026-11-20T18:00:00.000000-07:00" };
  const created_at = "2026-11-21T17:00:00.123456-07:00";
  await Deno.writeTextFile(
    `${path}/submission_metadata.json`,
    JSON.stringify({ created_at, assignment }),
  );
  await unpack(archiveOf(await autograderFiles({ seeds: 1, salt: "s", rubric })), `${path}/source`);
  // The cache of this machine has the packages.
  const info = await run(Deno.execPath(), ["info", "--json"], {}, path);
  const env = { AUTOGRADER: path, DENO_DIR: JSON.parse(info.output).denoDir };
  const setup = await run(`${path}/source/setup.sh`, [], env, path);
  assertEquals(setup.status, 0, setup.output);
  const grade = async () => {
    await Deno.remove(`${path}/results`, { recursive: true }).catch(() => {});
    const { status, output } = await run(`${path}/source/run_autograder`, [], env, path);
    assertEquals(status, 0, output);
    return JSON.parse(await Deno.readTextFile(`${path}/results/results.json`));
  };
  await copy(new URL("corpus/no_retry", LAB), `${path}/submission`);
  const wrong = await grade();
  assertEquals(
    wrong.tests.map(({ score, max_score, status }: Record<string, unknown>) => {
      return [score, max_score, status];
    }),
    [[4, 4, "passed"], [0, 6, "failed"], [0, 5, "failed"]],
  );
  assertEquals(wrong.score, 4 - 1);
  assertMatch(
    wrong.output,
    /^Late by 1 day \(Gradescope, 2026-11-22 00:00 UTC\): 1 point taken off$/m,
  );
  assertMatch(
    wrong.output,
    /^Graded .*, 1 seed, salt \w+, rubric \w+ \(15 points\), due 2026-11-21/m,
  );
  await Deno.remove(`${path}/submission`, { recursive: true });
  await Deno.mkdir(`${path}/submission`);
  const nothing = await grade();
  assertEquals(nothing.score ?? 0, 0);
  assertMatch(JSON.stringify(nothing), /client\.ts/);
});

Deno.test("autograder reports in Gradescope that grading did not run", { ignore }, async () => {
  const files = Array.from(await autograderFiles({}), ([name, text]) => [`source/${name}`, text]);
  await using folder = await makeFolder(Object.fromEntries(files));
  const { path } = folder;
  // Nothing was set up.
  const { status } = await run("bash", ["source/run_autograder"], { AUTOGRADER: path }, path);
  assertEquals(status, 0);
  const results = JSON.parse(await Deno.readTextFile(`${path}/results/results.json`));
  assertEquals(results.score, undefined);
  assertMatch(results.output, /did not run/);
});

Deno.test("autograder grades in Classroom 50, in the student's checkout", { ignore }, async () => {
  const rubric = {
    parts: [{ name: "All", requires: [], tests: { TestBasic: 4 } }],
    late: { freeDays: 0, pointsPerDay: 1 },
  };
  const settings = { seeds: 1, rubric, due: new Date("2026-11-23T12:00Z") };
  const bundle = Array.from(
    await autograderFiles(settings),
    ([name, text]) => [`bundle/${name}`, text],
  );
  const checkout = STUDENT_FILES.map((name) => {
    return [`checkout/${name}`, Deno.readTextFileSync(new URL(name, LAB))];
  });
  await using folder = await makeFolder(Object.fromEntries([...bundle, ...checkout]));
  const { path } = folder;
  const env = {
    CLASSROOM: "systems",
    ASSIGNMENT: "kvlab",
    ASSIGNMENT_TYPE: "individual",
    USERNAME: "alice",
    SUBMISSION_TAG: "submit/2026-11-24T00-00-00Z-a1b2c3d",
    COMMIT_URL: "https://example.org/commit",
    RELEASE_URL: "https://example.org/release",
    REVIEW_URL: "https://example.org/review",
    PATH: `${Deno.execPath().replace(/[^/]*$/, "")}:${Deno.env.get("PATH")}`,
  };
  const script = `${path}/bundle/autograder.py`;
  const { status, output } = await run("python3", [script], env, `${path}/checkout`);
  assertEquals(status, 0, output);
  const text = await Deno.readTextFile(`${path}/checkout/result.json`);
  const result = JSON.parse(text);
  assertEquals([result.score, result["max-score"], result.owner], [3, 4, "alice"]);
  const body = await Deno.readTextFile(`${path}/checkout/release-body.md`);
  assertMatch(body, /4\/4/);
  assertMatch(body, /Late by 1 day &#40;Classroom 50, 2026-11-24 00&#58;00 UTC&#41;/);
  assertMatch(body, /^Graded .* due 2026-11-23/m);

  // A result that is in the repository does not pass for ours.
  const { COMMIT_URL: _, ...incomplete } = env;
  const bad = await run("python3", [script], incomplete, `${path}/checkout`);
  assert(bad.status !== 0, bad.output);
  assertMatch(bad.output, /COMMIT_URL is not set/);
  await assertGone(`${path}/checkout/result.json`);
});

async function assertGone(file: string): Promise<void> {
  const stat = await Deno.stat(file).catch(() => null);
  assertEquals(stat, null, file);
}
