/**
 * The judge always ends, and a submission loses only the tests in which it exceeds a limit.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { DEFAULT_RUBRIC } from "../result/rubric.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { runTests } from "../../testing/deno_test_fixture.ts";
import { UsageReader } from "./process_usage.ts";
import { REQUIREMENTS_TEST } from "./requirements.ts";
import { judge, type JudgedTest, type JudgeOptions, NotGradedError } from "./run.ts";
import { bundleFiles } from "../realm/fixture.ts";

const ignore = !mayRunProcesses;
const LAB = new URL("../../", import.meta.url);
const TESTS = DEFAULT_RUBRIC.parts.flatMap((part) => Object.keys(part.tests));
const SEED = 3;

const [client, server] = ignore ? ["", ""] : await Promise.all(
  ["client.ts", "server.ts"].map((file) => Deno.readTextFile(new URL(file, LAB))),
);

/** Replacements in the files of the reference. */
interface Edit {
  client?: [from: string, to: string];
  server?: [from: string, to: string];
}

async function judgeEdited(edit: Edit, options: Partial<JudgeOptions> = {}) {
  const change = (text: string, [from, to]: [string, string] = ["", ""]) => {
    assert(text.includes(from), from);
    return text.replace(from, () => to);
  };
  const bundle = await bundleFiles(
    new Map([
      ["client.ts", change(client!, edit.client)],
      ["server.ts", change(server!, edit.server)],
    ]),
  );
  return await judge(bundle, { tests: TESTS, seeds: [SEED], ...options });
}

function namesOf(tests: readonly JudgedTest[], passed: boolean): string[] {
  return tests.filter((test) => test.passed === passed).map(({ name }) => name);
}

/** Runs code once a clerk has made 400 requests. TestBasic makes that many; shorter tests do not. */
const afterManyRequests = (code: string): Edit => ({
  server: ["const old =", `if (args.seq >= 400) { ${code} }\n      const old =`],
});

Deno.test("judge() has the digests of deno test", { ignore }, async () => {
  const [{ tests }, { output }] = await Promise.all([
    judgeEdited({}),
    runTests(LAB, { args: [`--seed=${SEED}`] }),
  ]);
  const digests = Array.from(output.matchAll(/digest ([0-9a-f]{16})/g), ([, digest]) => digest!);
  assertEquals(tests.flatMap((test) => test.digests), digests);
  assertEquals(namesOf(tests, true), TESTS);
  assertEquals(tests.map(({ title }) => title).includes(""), false);
});

for (const [what, code] of [["loop", "for (;;);"], ["microtasks", "for (;;) await null;"]]) {
  Deno.test(`judge() fails only the test that never yields: ${what}`, { ignore }, async () => {
    const names = ["TestBasic", "TestUnreliableOneKey"];
    const limits = { silentMsMax: 500 };
    const { tests } = await judgeEdited(afterManyRequests(code!), { tests: names, limits });
    assertEquals(tests.map(({ passed }) => passed), [false, true]);
    const { message, excess, failedSeed, seedsRun } = tests[0]!;
    assertEquals([excess, failedSeed, seedsRun], ["silent", SEED, 1]);
    const who = /^server \d never let go of the processor while it handled request \d+, and/;
    assertMatch(message!, who);
    const source = await Deno.readTextFile(new URL("../../server.ts", import.meta.url));
    const line = source.split("const old =")[0]!.split("\n").length;
    assertMatch(message!, new RegExp(`\n  where:     server.ts:${line}\n  hint: `));
  });
}

Deno.test("judge() ends a test that yields but takes too long", { ignore }, async () => {
  const edit: Edit = {
    client: [
      "async get(key: string): Promise<string> {",
      "async get(key: string): Promise<string> {\n" +
      "    for (let i = 0; i < 3e6; i++) if (i < 0) key = key.trim();",
    ],
  };
  const limits = { seedMsMax: 300, silentMsMax: 60_000 };
  const { tests } = await judgeEdited(edit, { tests: ["TestBasic"], limits });
  assertEquals(tests.map(({ excess }) => excess), ["seed"]);
  assertMatch(tests[0]!.message!, /^TestBasic ran out of time: seed 3 took more than 0.3 s/);
});

Deno.test("judge() says which tests have no time left", { ignore }, async () => {
  const { tests } = await judgeEdited({}, {
    seeds: Array.from({ length: 200 }, (_, i) => i),
    limits: { submissionMsMax: 500 },
  });
  assertEquals(tests.map(({ name }) => name), TESTS);
  const messages = tests.filter(({ passed }) => !passed).map(({ message }) => message!);
  assertMatch(messages[0]!, /^Test\w+ ran out of time: all tests together took more than 0.5 s/);
  assertMatch(messages.at(-1)!, /^Not run: the tests before it took more than 0.5 s/);
});

Deno.test("judge() cuts printed text and fails no test because of it", { ignore }, async () => {
  const line = 'console.log("x".repeat(10_000), args);';
  const edit: Edit = { server: ["const old =", `${line}\n      const old =`] };
  const limits = { printedLengthMax: 30_000 };
  const names = ["TestBasic", "TestStaticShards"];
  const { tests, notes, printed } = await judgeEdited(edit, { limits, tests: names });
  assertEquals(namesOf(tests, true), names);
  assertEquals(notes, ["The printed text was cut after 30000 characters"]);
  assert(printed.startsWith("xxx") && printed.length <= 30_001, String(printed.length));
});

Deno.test("judge() fails only the test that fills the memory", { ignore }, async () => {
  const code = "const all: unknown[] = []; for (;;) all.push(new Uint8Array(2e6).fill(1));";
  const options = { limits: { residentMbMax: 400 }, tests: ["TestBasic", "TestUnreliableOneKey"] };
  const { tests: [one, other] } = await judgeEdited(afterManyRequests(code), options);
  assertEquals([one!.passed, one!.excess], [false, "memory"], one!.message!);
  assertEquals(other!.passed, true);
});

Deno.test("judge() ends when its signal aborts", { ignore }, async () => {
  const abort = new AbortController();
  const limits = { silentMsMax: Infinity };
  const options = { signal: abort.signal, limits, tests: ["TestUnreliableOneKey", "TestBasic"] };
  const onTest = () => abort.abort();
  const aborted = () => judgeEdited(afterManyRequests("for (;;);"), { ...options, onTest });
  await assertRejects(aborted, DOMException, "aborted");
});

/** Waits until the judge's process has used some processor time.
 *
 * @param judging The judgement, which starts the process.
 * @param cpuMsMin The processor time in milliseconds.
 * @param known The numbers of the judge's earlier processes.
 * @returns The number of the process. */
async function busyJudge(
  judging: Promise<unknown>,
  cpuMsMin: number,
  known: readonly number[] = [],
): Promise<number> {
  using usages = new UsageReader();
  let isOver = false;
  judging.catch(() => {}).finally(() => void (isOver = true));
  while (!isOver) {
    const { stdout } = await new Deno.Command("ps", {
      args: ["-o", "pid=,args=", "--ppid", String(Deno.pid)],
    }).output();
    for (const line of new TextDecoder().decode(stdout).split("\n")) {
      const pid = parseInt(line);
      if (!line.includes("judge.ts") || known.includes(pid)) continue;
      const { cpuMs = 0 } = (await usages.read(pid)).cpu ?? {};
      if (cpuMs >= cpuMsMin) return pid;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The judge ended first");
}

Deno.test("judge() gives no verdict when a signal from outside ends its process twice", {
  ignore: ignore || Deno.build.os !== "linux",
}, async () => {
  const judging = judgeEdited(afterManyRequests("for (;;);"), { tests: ["TestBasic"] });
  const rejected = assertRejects(() => judging, NotGradedError, "SIGKILL ended it");
  const killed: number[] = [];
  while (killed.length < 2) {
    // By then it loops in the same seed each time.
    const pid = await busyJudge(judging, 700, killed);
    Deno.kill(pid, "SIGKILL");
    killed.push(pid);
  }
  await rejected;
});

Deno.test("judge() charges a submission nothing while the machine is stopped", {
  ignore: ignore || Deno.build.os !== "linux",
}, async () => {
  const tests = ["TestConcurrent", "TestRejection"];
  const limits = { seedMsMax: 1_000, silentMsMax: 1_000 };
  const judging = judgeEdited({}, { seeds: [1, 2, 3], tests, limits });
  const pid = await busyJudge(judging, 300);
  Deno.kill(pid, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  Deno.kill(pid, "SIGCONT");
  assertEquals(namesOf((await judging).tests, true), tests);
});

Deno.test("judge() measures the requirements and ignores forged ones", { ignore }, async () => {
  const tests = [REQUIREMENTS_TEST];
  const names = async (edit: Edit) => {
    const { measured, tests: [test] } = await judgeEdited(edit, { tests });
    return [test!.passed, measured?.requirements.map(({ isMet }) => isMet)];
  };
  assertEquals(await names({}), [true, [true, true, true, true]]);
  const forged = '{"kind":"measured","measured":{"requirements":[],"retained":[]}}';
  const from = "export class KVServer {";
  const throws = `console.log(${JSON.stringify(forged)});\n(() => { throw 1; })();\n${from}`;
  assertEquals(await names({ server: [from, throws] }), [false, undefined]);
});
