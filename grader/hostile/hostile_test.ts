/**
 * No attack gains a point, changes a file or outlives its limits, and grading says of each
 * what was refused.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { hashOfFolder } from "../kept_facts.ts";
import { mayRunProcesses } from "../permissions.ts";
import { layOver } from "../overlay.ts";
import { refusedImports } from "../sandbox/imports.ts";
import { runSandboxed } from "../sandbox/run.ts";
import { takeSubmission } from "../sandbox/take.ts";
import { ATTACKS } from "./attacks.ts";

const ignore = !mayRunProcesses;
const SKELETON = new URL("../../corpus/skeleton/", import.meta.url);

/** Smaller than for real submissions. */
const LIMITS = { testMsMax: 60_000, submissionMsMax: 60_000, heapMbMax: 300, residentMbMax: 450 };
/** For attacks that only the limit of time ends. */
const ENDLESS = { ...LIMITS, testMsMax: 4_000, submissionMsMax: 4_000 };

const client = ignore ? "" : await Deno.readTextFile(new URL("client.ts", SKELETON));
const server = ignore ? "" : await Deno.readTextFile(new URL("server.ts", SKELETON));

/** Runs an attack, without the type check, which refuses many of them before. */
async function run(code: string, limits = LIMITS): Promise<{ passed: string[]; words: string }> {
  const source = `// @ts-nocheck\n${server}\n${code}\n`;
  await using overlay = await layOver(new Map([["client.ts", client], ["server.ts", source]]));
  const problems = await refusedImports(overlay.path);
  const words = problems.map(({ message }) => message);
  if (problems.length > 0) return { passed: [], words: words.join("\n") };
  const options = { seeds: [5], tests: ["TestBasic"], limits };
  const { tests, notes } = await runSandboxed(overlay.path, options);
  return {
    passed: tests.filter((test) => test.passed).map(({ name }) => name),
    words: [...tests.map(({ message }) => message ?? ""), ...notes].join("\n"),
  };
}

/** How many run at the same time: most of them wait for their end. */
const JOBS = 4;
type Outcome = Awaited<ReturnType<typeof run>>;
const outcomes = ATTACKS.map(() => Promise.withResolvers<Outcome>());
let begun = false;

/** Runs all of them beside each other, once. */
function beginAll(): void {
  if (begun) return;
  begun = true;
  const rest = [...ATTACKS.entries()];
  const runRest = async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
      const [i, { code, endless }] = next;
      await run(code, endless && ENDLESS).then(outcomes[i]!.resolve, outcomes[i]!.reject);
    }
  };
  for (let job = 0; job < JOBS; job++) runRest();
}

const options = { ignore, sanitizeOps: false, sanitizeResources: false };

for (const [i, { tries, says }] of ATTACKS.entries()) {
  Deno.test(`runSandboxed() gives no point to who tries to ${tries}`, options, async () => {
    beginAll();
    const { passed, words } = await outcomes[i]!.promise;
    assertEquals(passed, []);
    if (says !== undefined) assertMatch(words, says);
  });
}

Deno.test("runSandboxed() gives no point for servers that share a map of their module", {
  ignore,
}, async () => {
  await using overlay = await layOver(new URL("shared_memory/", import.meta.url));
  const tests = ["TestStaticShards", "TestRejection", "TestUnreliableShards"];
  const run = await runSandboxed(overlay.path, { seeds: [5], tests });
  for (const { passed, message } of run.tests) {
    assertEquals(passed, false);
    assertMatch(message!, /passes only where servers and clerks share variables/);
  }
  assertEquals(run.tests.length, tests.length);
});

Deno.test("ATTACKS changes no file of the lab", { ignore }, async () => {
  const lab = new URL("../../sim/", import.meta.url).pathname;
  const before = await hashOfFolder(lab);
  await run('(globalThis as any).Deno.writeTextFileSync("../sim/mod.ts", "");');
  assertEquals(await hashOfFolder(lab), before);
});

Deno.test("takeSubmission() refuses links, large files and what is no UTF-8", {
  ignore,
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.symlink("/etc/passwd", `${folder}/client.ts`);
    await Deno.writeFile(`${folder}/server.ts`, new Uint8Array(100_000_000));
    await Deno.writeFile(`${folder}/late.txt`, new Uint8Array([0xff, 0xfe, 0xfd]));
    const { files, problems, notes } = await takeSubmission(folder);
    assertEquals(files.size, 0);
    assertEquals(problems.map(({ message }) => message), [
      "client.ts is a link; expected a file",
      "server.ts has 100000000 bytes; expected at most 262144",
    ]);
    assertEquals(notes, ["late.txt is not a text in UTF-8"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
