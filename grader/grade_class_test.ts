/**
 * An interrupted class can be resumed, and no submission affects the grade of another.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { copy } from "@std/fs/copy";
import type { ServerConfig, ShardConfig } from "../config.ts";
import type { ClientEnd, RpcClasses } from "../labrpc.ts";
import { Random } from "../sim/mod.ts";
import { runInProcess } from "../cli/command_fixture.ts";
import { gradeCommand } from "./grade.ts";
import { type ClassSteps, gradeClass } from "./grade_class.ts";
import { gradeSubmission, type SubmissionOptions } from "./grade_submission.ts";
import { cacheKey } from "./findings_cache.ts";
import { NotGradedError } from "./judge/run.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { stopBundler } from "./realm/bundle.ts";
import { type Findings, findingsWith, GradeReport } from "./result/result.ts";
import { type Taken, takeSubmission } from "./take/take_submission.ts";
import { rightTogether } from "./checks/types_together.ts";

const ignore = !mayRunProcesses;
const LAB = new URL("../", import.meta.url);
const KEPT = new URL(".grades/", LAB);

/** A salt that no other run has used, so that nothing is kept for it. */
const SALT = `class_test ${crypto.randomUUID()}`;

/** A rubric of two tests, which are enough here. */
const RUBRIC = {
  parts: [{ name: "Part", requires: [], tests: { TestBasic: 20, TestUnreliable: 80 } }],
};

/** Returns the names of the files of kept findings. */
async function kept(): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(KEPT))).map(({ name }) => name)
      .filter((name) => name.endsWith(".json"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function makeClass(...names: string[]): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "kvlab-" });
  for (const name of names) await copy(new URL(`corpus/${name}`, LAB), `${path}/${name}`);
  await Deno.writeTextFile(`${path}/rubric.json`, JSON.stringify(RUBRIC));
  const before = await kept();
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await Deno.remove(path, { recursive: true });
      for (const name of await kept()) {
        if (!before.includes(name)) await Deno.remove(new URL(name, KEPT));
      }
    },
  };
}

/** Returns the processes of the judge that a process has started, also indirectly. */
async function judgesBelow(root: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid=,ppid=,args="] }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n").map((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!;
    return { pid: Number(pid), parent: Number(parent), isJudge: args!.includes("judge/judge.ts") };
  });
  const found = [root];
  for (const each of found) {
    found.push(...lines.filter(({ parent }) => parent === each).map(({ pid }) => pid));
  }
  return lines.filter(({ pid, isJudge }) => isJudge && found.includes(pid)).map(({ pid }) => pid);
}

Deno.test("grade resumes after an interruption and leaves no process behind", {
  ignore: ignore || Deno.build.os === "windows",
}, async () => {
  await using submissions = await makeClass("skeleton", "terse");
  const { path } = submissions;
  // One is refused before anything runs, and the other never ends.
  const append = (file: string, text: string) => {
    return Deno.writeTextFile(`${path}/${file}`, text, { append: true });
  };
  await append("skeleton/client.ts", 'import "node:fs";\n');
  await append("terse/client.ts", "for (;;);\n");
  const args = [path, "--seeds=1", "--jobs=1", `--salt=${SALT}`, "--json=-"];
  args.push(`--rubric=${path}/rubric.json`);
  const before = await kept();
  const first = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "grade", ...args],
    cwd: LAB,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let files: string[] = [];
  let judges: number[] = [];
  while (files.length === 0 || judges.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    files = (await kept()).filter((name) => !before.includes(name));
    if (files.length > 0) judges = await judgesBelow(first.pid);
  }
  first.kill("SIGTERM");
  const { code, stdout, stderr } = await first.output();
  assertEquals([code, stdout.length], [2, 0]);
  const said = new TextDecoder().decode(stderr);
  assertMatch(said, /^grade: Interrupted after 1 of 2 submissions; run it again to resume$/m);
  const { stdout: alive } = await new Deno.Command("ps", { args: ["-eo", "pid="] }).output();
  const left = new TextDecoder().decode(alive).trim().split(/\s+/).map(Number);
  assertEquals(judges.filter((pid) => left.includes(pid)), []);

  // Kept findings are used without a look at the submission.
  const file = new URL(files[0]!, KEPT);
  const findings = JSON.parse(await Deno.readTextFile(file));
  findings.notes.push("kept");
  await Deno.writeTextFile(file, JSON.stringify(findings));
  await Deno.remove(`${path}/terse/client.ts`);
  const { out } = await runInProcess(gradeCommand, args);
  const report = GradeReport.parse(JSON.parse(out));
  assertEquals(report.submissions.map(({ submission, notes }) => [submission, notes]), [
    ["skeleton", ["kept"]],
    ["terse", []],
  ]);
});

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;
type KVServer = InstanceType<RpcClasses["KVServer"]>;
type OwnServerConfig = ShardConfig & { me: number; peers: ClientEnd<KVServer>[] };

/** True if `config.ts` gives these types to a submission. */
const TYPES: [
  Same<ShardConfig, { nservers: number; nreplicas: number }>,
  Same<ServerConfig, OwnServerConfig>,
] = [true, true];

/** The same, at the end of a `server.ts`. */
const SAME_TYPES = `
import type { ServerConfig as Server, ShardConfig as Shard } from "./config.ts";
import type { ClientEnd as End } from "./labrpc.ts";
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;
type Own = Shard & { me: number; peers: End<KVServer>[] };
export const types: [
  Same<Shard, { nservers: number; nreplicas: number }>,
  Same<Server, Own>,
] = [true, true];
`;

Deno.test("rightTogether() finds the right submissions beside wrong ones", { ignore }, async () => {
  const names = ["terse", "no_retry", "backs_off"];
  await using submissions = await makeClass(...names);
  const { path } = submissions;
  const append = (file: string, text: string) => {
    return Deno.writeTextFile(`${path}/${file}`, text, { append: true });
  };
  assert(TYPES.every(Boolean));
  await append("terse/server.ts", SAME_TYPES);
  await append("no_retry/client.ts", '\nexport const n: number = "";\n');
  await append("backs_off/client.ts", "\ndeclare global { interface Array<T> { own: T } }\n");
  const taken = await Promise.all(names.map((name) => takeSubmission(`${path}/${name}`)));
  const right = await rightTogether(taken, new AbortController().signal);
  // A submission that changes global types is checked alone.
  assertEquals(taken.map((each) => right.has(each)), [true, false, false]);
});

Deno.test("a score depends on nothing but the submission, its seeds and its tests", {
  ignore,
}, async () => {
  const names = ["terse", "no_retry"];
  await using submissions = await makeClass(...names);
  // Types decide nothing here.
  const steps = {
    rightTogether: (taken: readonly Taken[]) => Promise.resolve(new Set(taken)),
    gradeSubmission: (taken: Taken, options: SubmissionOptions) => {
      return gradeSubmission(taken, { ...options, checked: true });
    },
  };
  const folders = names.map((name) => `${submissions.path}/${name}`);
  const { signal } = new AbortController();
  const plan = { seeds: [1], tests: ["TestBasic", "TestUnreliable"], explain: false, signal };
  const outcome = (found: Findings | NotGradedError | undefined) => {
    if (found === undefined || found instanceof NotGradedError) return String(found);
    return found.tests.map(({ name, passed, failedSeed, message }) => {
      return [name, passed, failedSeed, message];
    });
  };
  const inClass = { ...plan, lab: "", jobs: 6, resume: false, steps };
  const [right, wrong] = await gradeClass(folders, inClass);
  // Alone, and told test by test.
  const options = { ...plan, checked: true, onTest: async () => {} };
  const alone = await gradeSubmission(await takeSubmission(folders[1]!), options);
  assertEquals(outcome(wrong), outcome(alone));
  assertEquals((right as Findings).tests.map(({ passed }) => passed), [true, true]);
  await stopBundler();
});

/** The number of moments at which a class is interrupted. */
const INTERRUPTIONS = 20;

Deno.test(`a class that is interrupted at ${INTERRUPTIONS} moments ends with the same results`, {
  ignore,
}, async () => {
  await using submissions = await makeClass();
  const names = Array.from({ length: 24 }, (_, i) => `${submissions.path}/${i}`);
  for (const name of names) {
    await Deno.mkdir(name);
    for (const file of ["client.ts", "server.ts"]) {
      await Deno.writeTextFile(`${name}/${file}`, name);
    }
  }
  const random = new Random(5);
  let interruption = new AbortController();
  let left = Infinity;
  const pass = async () => {
    if (left-- === 0) interruption.abort();
    await new Promise((resolve) => setTimeout(resolve));
  };
  const graded: string[] = [];
  const steps: ClassSteps = {
    async rightTogether() {
      await pass();
      return new Set();
    },
    async gradeSubmission({ files }, { signal }) {
      for (let step = 0; step < 3; step++) {
        await pass();
        signal?.throwIfAborted();
      }
      const notes = [files.get("client.ts")!];
      graded.push(notes[0]!);
      return findingsWith({ notes });
    },
  };
  const run = () => {
    interruption = new AbortController();
    const { signal } = interruption;
    const plan = { seeds: [1], tests: [], explain: false, lab: SALT, jobs: 2, resume: true };
    return gradeClass(names, { ...plan, signal, steps });
  };
  let interrupted = 0;
  for (let i = 0; i < INTERRUPTIONS; i++) {
    left = random.integerBelow(12);
    if ((await run()).includes(undefined)) interrupted++;
  }
  left = Infinity;
  const found = await run();
  assertEquals(found.map((findings) => (findings as Findings).notes), names.map((name) => [name]));
  // Nothing was graded twice, and interrupted runs have kept some findings.
  assertEquals(graded.toSorted(), names.toSorted());
  assert(interrupted > 10, `${interrupted}`);
  // Only a changed submission is graded again.
  graded.length = 0;
  await Deno.writeTextFile(`${names[3]}/client.ts`, "changed");
  await run();
  assertEquals(graded, ["changed"]);
});

Deno.test("gradeClass() returns findings that it cannot keep, and says why it cannot", {
  ignore,
}, async () => {
  await using submissions = await makeClass("terse");
  const folder = `${submissions.path}/terse`;
  const taken = await takeSubmission(folder);
  const circumstances = { lab: SALT, seeds: [1], tests: [], explain: false };
  // A folder has the name of the file.
  const place = new URL(`${cacheKey(taken, circumstances)}.json/inside`, KEPT);
  await Deno.mkdir(place, { recursive: true });
  try {
    const findings = findingsWith({ durationMs: 1 });
    const reasons: string[] = [];
    const found = await gradeClass([folder], {
      ...{ ...circumstances, jobs: 1, resume: true, signal: new AbortController().signal },
      onUnkept: (reason) => void reasons.push(reason),
      steps: {
        rightTogether: () => Promise.resolve(new Set()),
        gradeSubmission: () => Promise.resolve(findings),
      },
    });
    assertEquals(found, [findings]);
    assertEquals(reasons.length, 1);
    const left = Array.from(Deno.readDirSync(KEPT), ({ name }) => name);
    assertEquals(left.filter((name) => name.includes("terse") || name.endsWith(".tmp")), []);
  } finally {
    await Deno.remove(new URL("..", `${place}/`), { recursive: true });
  }
});

Deno.test("gradeClass() does not grade a folder that this machine cannot read", {
  ignore,
}, async () => {
  const [found] = await gradeClass(["x".repeat(5000)], {
    ...{ lab: SALT, seeds: [1], tests: [], explain: false, jobs: 1, resume: true },
    signal: new AbortController().signal,
  });
  assertEquals(`${found}`, "NotGradedError: Its files cannot be read: file name too long");
});

Deno.test("gradeClass() reports its findings before the first test and after each", {
  ignore,
}, async () => {
  await using submissions = await makeClass("terse");
  const findings = findingsWith({ durationMs: 1 });
  const told: number[] = [];
  await gradeClass([`${submissions.path}/terse`], {
    ...{ lab: SALT, seeds: [1], tests: [], explain: false, jobs: 1, resume: false },
    signal: new AbortController().signal,
    onTest: ({ durationMs }) => Promise.resolve(void told.push(durationMs)),
    steps: {
      rightTogether: () => Promise.resolve(new Set()),
      gradeSubmission: async (_, { onTest }) => {
        await onTest?.(findings);
        return findings;
      },
    },
  });
  assertEquals(told, [0, 1]);
});
