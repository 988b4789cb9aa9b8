/**
 * No attack gains a point, changes a file or outlives its limits, and grading says of each
 * what was refused.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { checkSubmission } from "../../lint/check_submission.ts";
import { hashOfFolder } from "../result/provenance.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import type { Limits } from "../judge/limits.ts";
import { judge } from "../judge/run.ts";
import { BundleError, bundleSubmission } from "../realm/bundle.ts";
import { takeSubmission } from "../take/take_submission.ts";
import { ATTACKS } from "./attacks.ts";

const ignore = !mayRunProcesses;
/** The parts of the lab that nobody may change. */
const LAB = ["corpus", "explore", "grader", "labrpc", "linearizability", "sim", "testing"].map(
  (part) => {
    return new URL(`../../${part}`, import.meta.url).pathname;
  },
);
const SKELETON = new URL("../../corpus/skeleton/", import.meta.url);

/** Smaller than for real submissions. */
const LIMITS = { heapMbMax: 300, residentMbMax: 450 };
/** For attacks that only the limit of time ends. */
const ENDLESS = { ...LIMITS, loadMsMax: 400, silentMsMax: 400, silentAgainMsMax: 100 };

const client = ignore ? "" : await Deno.readTextFile(new URL("client.ts", SKELETON));
const server = ignore ? "" : await Deno.readTextFile(new URL("server.ts", SKELETON));

/** The outcome of an attack. */
interface Ran {
  passed: string[];
  /** The words that grading had for it. */
  words: string;
  printed: string;
}

/** Runs an attack, without the type check, and also if the rules refuse it: neither is what
 * keeps it from its aim. */
async function run(code: string, limits: Partial<Limits> = LIMITS): Promise<Ran> {
  const files = new Map([["client.ts", client], ["server.ts", `${server}\n${code}\n`]]);
  const wordsOf = (problems: readonly { message: string }[]) => {
    return problems.map(({ message }) => message);
  };
  // As `deno test` applies the rules; grading applies them in a process of its own.
  const refused = Array.from(files).flatMap(([file, text]) => checkSubmission(file, text));
  try {
    const bundle = await bundleSubmission(files);
    const { tests, notes, printed } = await judge(bundle, {
      seeds: [5],
      tests: ["TestBasic"],
      limits,
    });
    const messages = tests.map(({ message }) => message ?? "");
    return {
      passed: tests.filter((test) => test.passed).map(({ name }) => name),
      words: [...wordsOf(refused), ...messages, ...notes].join("\n"),
      printed,
    };
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    const words = [...wordsOf(refused), ...wordsOf(error.problems)].join("\n");
    return { passed: [], words, printed: "" };
  }
}

/** The number of attacks that run at the same time: most of them wait for their end. */
const JOBS = 4;
const outcomes = ATTACKS.map(() => Promise.withResolvers<Ran>());
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
  Deno.test(`judge() gives no point to code that tries to ${tries}`, options, async () => {
    beginAll();
    const { passed, words } = await outcomes[i]!.promise;
    assertEquals(passed, []);
    if (says !== undefined) assertMatch(words, says);
  });
}

Deno.test("judge() gives no point for servers that share a map of their module", {
  ignore,
}, async () => {
  const { files } = await takeSubmission(new URL("shared_memory/", import.meta.url).pathname);
  const tests = ["TestStaticShards", "TestRejection", "TestUnreliableShards"];
  const run = await judge(await bundleSubmission(files), { seeds: [5], tests });
  assertEquals(run.tests.map(({ name, passed }) => [name, passed]), tests.map((t) => [t, false]));
});

/** An attack that tries to leave something behind, wherever it can. */
const WRITES = (port: number, folder: string) => `
const deno = (globalThis as any).Deno;
const attempts: (() => unknown)[] = [
  () => deno.writeTextFileSync("labrpc.ts", ""),
  () => deno.writeTextFileSync(${JSON.stringify(folder)} + "/canary.txt", ""),
  () => deno.removeSync(${JSON.stringify(folder)} + "/canary.txt"),
  () => deno.connect({ port: ${port} }),
  () => fetch("http://127.0.0.1:${port}/"),
  () => new (globalThis as any).WebSocket("ws://127.0.0.1:${port}/"),
  () => new Promise((onopen, onerror) => {
    const source = new (globalThis as any).EventSource("http://127.0.0.1:${port}/");
    Object.assign(source, { onopen, onerror });
  }),
  () => new deno.Command("touch", { args: [${JSON.stringify(folder)} + "/new"] }).outputSync(),
];
const attemptAll = (async () => {
  for (const attempt of attempts) {
    try {
      await attempt();
      console.log("an attempt succeeded");
    } catch (error) {
      console.log("refused: " + error);
    }
  }
})();
`;

Deno.test("judge() lets nobody change a file or reach the network", { ignore }, async () => {
  const canary = await Deno.makeTempDir();
  let connections = 0;
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = (async () => {
    for await (const connection of listener) {
      connections++;
      connection.close();
    }
  })();
  try {
    await Deno.writeTextFile(`${canary}/canary.txt`, "alive");
    const before = await Promise.all([...LAB, canary].map((folder) => hashOfFolder(folder)));
    const { passed, words, printed } = await run(WRITES(listener.addr.port, canary));
    assertEquals(passed, []);
    assertMatch(printed, /refused: /);
    assertEquals(printed.includes("an attempt succeeded"), false, printed + words);
    assertEquals(await Promise.all([...LAB, canary].map((folder) => hashOfFolder(folder))), before);
  } finally {
    listener.close();
    await accepting;
    await Deno.remove(canary, { recursive: true });
  }
  assertEquals(connections, 0);
});

Deno.test("takeSubmission() does not wait for a pipe, nor read a folder", {
  ignore: ignore || Deno.build.os === "windows",
}, async () => {
  const folder = await Deno.makeTempDir();
  try {
    await new Deno.Command("mkfifo", { args: [`${folder}/client.ts`] }).output();
    await Deno.mkdir(`${folder}/server.ts`);
    const { problems } = await takeSubmission(folder);
    assertEquals(problems.map(({ message }) => message), [
      "client.ts is not a file; expected one",
      "server.ts is not a file; expected one",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
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
    assertEquals(notes, ["late.txt is not UTF-8 text"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
