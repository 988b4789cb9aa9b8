/**
 * Whatever a submission does, the judge comes to an end, and takes no more than the tests
 * that it was done in.
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
import { bundleSubmission } from "../realm/bundle.ts";

const ignore = !mayRunProcesses;
const LAB = new URL("../../", import.meta.url);
const TESTS = DEFAULT_RUBRIC.parts.flatMap((part) => Object.keys(part.tests));
const SEED = 3;

const [client, server] = ignore ? ["", ""] : await Promise.all(
  ["client.ts", "server.ts"].map((file) => Deno.readTextFile(new URL(file, LAB))),
);

interface Edit {
  client?: [from: string, to: string];
  server?: [from: string, to: string];
}

/** The reference with a change. */
function edited(edit: Edit): Map<string, string> {
  const change = (text: string, [from, to]: [string, string] = ["", ""]) => {
    assert(text.includes(from), from);
    return text.replace(from, () => to);
  };
  return new Map([
    ["client.ts", change(client!, edit.client)],
    ["server.ts", change(server!, edit.server)],
  ]);
}

async function judgeEdited(edit: Edit, options: Partial<JudgeOptions> = {}) {
  const bundle = await bundleSubmission(edited(edit));
  return await judge(bundle, { tests: TESTS, seeds: [SEED], ...options });
}

function namesOf(tests: readonly JudgedTest[], passed: boolean): string[] {
  return tests.filter((test) => test.passed === passed).map(({ name }) => name);
}

/** Code that hangs once a clerk has made 400 requests, which not every test makes. */
const hangsWith = (code: string): Edit => ({
  server: ["const old =", `if (args.seq >= 400) { ${code} }\n      const old =`],
});

Deno.test("judge() meets the digests of deno test", { ignore }, async () => {
  const [{ tests }, { output }] = await Promise.all([
    judgeEdited({}),
    runTests(LAB, { args: [`--seed=${SEED}`] }),
  ]);
  const digests = Array.from(output.matchAll(/digest ([0-9a-f]{16})/g), ([, digest]) => digest!);
  assertEquals(tests.flatMap((test) => test.digests), digests);
  assertEquals(namesOf(tests, true), TESTS);
  assertEquals(tests.map(({ title }) => title).includes(""), false);
});

const SPINS: Record<string, string> = {
  "a loop": "for (;;);",
  "a loop of microtasks": "for (;;) await null;",
  "a huge number": "let n = 3n; for (;;) n *= n;",
};

for (const [what, code] of Object.entries(SPINS)) {
  Deno.test(`judge() takes only the tests that never yield because of ${what}`, {
    ignore,
  }, async () => {
    const names = ["TestBasic", "TestUnreliableOneKey", "TestConcurrent"];
    const limits = { silentMsMax: 800 };
    const { tests } = await judgeEdited(hangsWith(code), { tests: names, limits });
    assertEquals(tests.map(({ name, passed }) => [name, passed]), [
      ["TestBasic", false],
      ["TestUnreliableOneKey", true],
      ["TestConcurrent", true],
    ]);
    const { message, excess, failedSeed, seedsRun } = tests[0]!;
    if (message!.includes("BigInt")) return;
    assertEquals([excess, failedSeed, seedsRun], ["silent", SEED, 1]);
    const who = /^server \d never let go of the processor while it handled request \d+, and/;
    assertMatch(message!, who);
    const source = await Deno.readTextFile(new URL("../../server.ts", import.meta.url));
    const line = source.split("const old =")[0]!.split("\n").length;
    assertMatch(message!, new RegExp(`\n  where:     server.ts:${line}\n  hint: `));
  });
}

Deno.test("judge() ends a test whose seed takes too long although it yields", {
  ignore,
}, async () => {
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

Deno.test("judge() says that the tests before took all the time", { ignore }, async () => {
  const { tests } = await judgeEdited({}, {
    seeds: Array.from({ length: 200 }, (_, i) => i),
    limits: { submissionMsMax: 500 },
  });
  assertEquals(tests.map(({ name }) => name), TESTS);
  const messages = tests.filter(({ passed }) => !passed).map(({ message }) => message!);
  assertMatch(messages[0]!, /^Test\w+ ran out of time: all tests together took more than 0.5 s/);
  assertMatch(messages.at(-1)!, /^Not run: the tests before it took more than 0.5 s/);
});

Deno.test("judge() ends a submission that hangs while it is loaded", { ignore }, async () => {
  const limits = { silentMsMax: 400, silentAgainMsMax: 200 };
  const from = "/** What the first server";
  const edit: Edit = { server: [from, `for (;;);\n${from}`] };
  const { tests } = await judgeEdited(edit, { tests: ["TestBasic", "TestRejection"], limits });
  for (const { name, excess, message } of tests) {
    assertEquals(excess, "silent");
    assertMatch(message!, new RegExp(`^${name} never let go of the processor before its first`));
  }
  assertEquals(tests.length, 2);
});

Deno.test("judge() lets a submission print as much as it likes", { ignore }, async () => {
  const line = 'console.log("x".repeat(10_000), args);';
  const edit: Edit = { server: ["const old =", `${line}\n      const old =`] };
  const limits = { printedLengthMax: 30_000 };
  const names = ["TestBasic", "TestStaticShards"];
  const { tests, notes, printed } = await judgeEdited(edit, { limits, tests: names });
  assertEquals(namesOf(tests, true), names);
  assertEquals(notes, ["What it printed was cut after 30000 characters"]);
  assert(printed.startsWith("xxx") && printed.length <= 30_001, String(printed.length));
});

const FILLS: Record<string, string> = {
  heap: "const all: unknown[] = []; for (;;) all.push(new Array(10_000).fill(all.length));",
  memory: "const all: unknown[] = []; for (;;) all.push(new Uint8Array(2e6).fill(1));",
};

for (const [what, code] of Object.entries(FILLS)) {
  Deno.test(`judge() takes only the tests that fill the ${what}`, { ignore }, async () => {
    const limits = { heapMbMax: 300, residentMbMax: what === "heap" ? 2_000 : 400 };
    const tests = ["TestBasic", "TestUnreliableOneKey"];
    const { tests: [one, other] } = await judgeEdited(hangsWith(code), { tests, limits });
    assertEquals([one!.passed, one!.excess], [false, what], one!.message!);
    assertEquals(other!.passed, true);
  });
}

Deno.test("judge() ends at once when the signal says so", { ignore }, async () => {
  const abort = new AbortController();
  const started = performance.now();
  setTimeout(() => abort.abort(), 500);
  const aborted = () => judgeEdited(hangsWith("for (;;);"), { signal: abort.signal });
  await assertRejects(aborted, DOMException, "aborted");
  assert(performance.now() - started < 4_000);
});

/** Waits until the process of a judge has computed for a while.
 *
 * @param judging Starts the process.
 * @param cpuMsMin For how long, in milliseconds of processor time.
 * @param known Other processes of the judge.
 * @returns Its number. */
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
  throw new Error("The judge came to its end first");
}

Deno.test("judge() is no verdict when somebody else ends the process twice", {
  ignore: ignore || Deno.build.os !== "linux",
}, async () => {
  const judging = judgeEdited(hangsWith("for (;;);"), { tests: ["TestBasic"] });
  const rejected = assertRejects(() => judging, NotGradedError, "SIGKILL ended it");
  const killed: number[] = [];
  while (killed.length < 2) {
    // By then it hangs in the same seed each time.
    const pid = await busyJudge(judging, 700, killed);
    Deno.kill(pid, "SIGKILL");
    killed.push(pid);
  }
  await rejected;
});

Deno.test("judge() charges nothing to a submission for a machine that is stopped", {
  ignore: ignore || Deno.build.os !== "linux",
}, async () => {
  const tests = ["TestConcurrent", "TestRejection"];
  const limits = { seedMsMax: 1_000, silentMsMax: 1_000 };
  const judging = judgeEdited({}, { seeds: [1, 2, 3, 4, 5], tests, limits });
  const pid = await busyJudge(judging, 300);
  Deno.kill(pid, "SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  Deno.kill(pid, "SIGCONT");
  assertEquals(namesOf((await judging).tests, true), tests);
});

Deno.test("judge() measures the requirements in realms, and gives them for no word of the code", {
  ignore,
}, async () => {
  const tests = [REQUIREMENTS_TEST];
  const names = async (edit: Edit) => {
    const { measured, tests: [test] } = await judgeEdited(edit, { tests });
    return [test!.passed, measured?.requirements.map(({ isMet }) => isMet)];
  };
  assertEquals(await names({}), [true, [true, true, true, true]]);
  const forged = '{"kind":"measured","measured":{"requirements":[],"retained":[]}}';
  const from = "/** What the first server";
  const throws = `console.log(${JSON.stringify(forged)});\n(() => { throw 1; })();\n${from}`;
  assertEquals(await names({ server: [from, throws] }), [false, undefined]);
});
