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

/** Shorter than for real submissions, so that the attacks that never end do. */
const LIMITS = { testMsMax: 4_000, submissionMsMax: 4_000, heapMbMax: 400, residentMbMax: 600 };

const client = ignore ? "" : await Deno.readTextFile(new URL("client.ts", SKELETON));
const server = ignore ? "" : await Deno.readTextFile(new URL("server.ts", SKELETON));

/** Runs an attack, without the type check, which refuses many of them before. */
async function run(code: string): Promise<{ passed: string[]; words: string }> {
  const source = `// @ts-nocheck\n${server}\n${code}\n`;
  await using overlay = await layOver(new Map([["client.ts", client], ["server.ts", source]]));
  const problems = await refusedImports(overlay.path);
  const words = problems.map(({ message }) => message);
  if (problems.length > 0) return { passed: [], words: words.join("\n") };
  const options = { seeds: [5], tests: ["TestBasic"], limits: LIMITS };
  const { tests, notes } = await runSandboxed(overlay.path, options);
  return {
    passed: tests.filter((test) => test.passed).map(({ name }) => name),
    words: [...tests.map(({ message }) => message ?? ""), ...notes].join("\n"),
  };
}

for (const { tries, code, says } of ATTACKS) {
  Deno.test(`runSandboxed() gives no point to who tries to ${tries}`, { ignore }, async () => {
    const { passed, words } = await run(code);
    assertEquals(passed, []);
    if (says !== undefined) assertMatch(words, says);
  });
}

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
