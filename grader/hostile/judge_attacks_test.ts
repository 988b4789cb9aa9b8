/**
 * An attack on the judge's process gains no point, changes no file, reaches no network, and ends
 * at a limit.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { makeFolder } from "../../cli/folder_fixture.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { judge, type Judgement } from "../judge/run.ts";
import { stopBundler } from "../realm/mod.ts";
import { hashOfFolder } from "../result/provenance.ts";
import { JUDGE_ATTACKS, type JudgeAttack } from "./judge_attacks.ts";
import { bundleAttack } from "./skeleton_fixture.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };

/** Limits smaller than those of real submissions. */
const LIMITS = { heapMbMax: 300, residentMbMax: 450 };
const ENDLESS = { ...LIMITS, silentMsMax: 400, silentAgainMsMax: 100 };

async function run(attack: Pick<JudgeAttack, "code" | "endless">): Promise<Judgement> {
  const limits = attack.endless ? ENDLESS : LIMITS;
  return await judge(await bundleAttack(attack), { seeds: [5], tests: ["TestBasic"], limits });
}

/** The number of attacks that run at the same time: most of them wait for their end. */
const JOBS = 4;
const judgements = JUDGE_ATTACKS.map(() => Promise.withResolvers<Judgement>());

Deno.test.beforeAll(() => {
  if (options.ignore) return;
  const rest = JUDGE_ATTACKS.entries();
  const runRest = async () => {
    for (const [i, attack] of rest) {
      await run(attack).then(judgements[i]!.resolve, judgements[i]!.reject);
    }
  };
  for (let job = 0; job < JOBS; job++) runRest();
});

for (const [i, { tries, says }] of JUDGE_ATTACKS.entries()) {
  Deno.test(`judge() gives no point to code that tries to ${tries}`, options, async () => {
    const { tests, notes } = await judgements[i]!.promise;
    assertEquals(tests.map(({ passed }) => passed), [false]);
    if (says !== undefined) assertMatch([tests[0]!.message, ...notes].join("\n"), says);
  });
}

/** The folders of the lab that no submission may change. */
const PROTECTED = ["grader", "labrpc", "sim", "testing"].map((part) => {
  return new URL(`../../${part}`, import.meta.url).pathname;
});

/** Code that tries to change files and to reach the network. */
const writes = (port: number, folder: string) => `
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

Deno.test("judge() lets no code change a file or reach the network", options, async () => {
  await using canary = await makeFolder({ "canary.txt": "alive" });
  let connections = 0;
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = (async () => {
    for await (const connection of listener) {
      connections++;
      connection.close();
    }
  })();
  try {
    const folders = [...PROTECTED, canary.path];
    const before = await Promise.all(folders.map((folder) => hashOfFolder(folder)));
    const { printed } = await run({ code: writes(listener.addr.port, canary.path) });
    assertMatch(printed, /refused: /);
    assertEquals(printed.includes("an attempt succeeded"), false, printed);
    assertEquals(
      await Promise.all(folders.map((folder) => hashOfFolder(folder))),
      before,
    );
  } finally {
    listener.close();
    await accepting;
  }
  assertEquals(connections, 0);
});

Deno.test.afterAll(stopBundler);
