/**
 * The corpus is well formed: every entry has the right types and is formatted. What its tests
 * come to is held to its `expect.json` where detections are measured.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { CONFIG_TYPES } from "../grader/checks/types_together.ts";
import { CORPUS, corpusEntries, Expectation, expectationOf } from "./expectation.ts";

const options = { ignore: !mayRunProcesses };
const lab = new URL("../", import.meta.url);
const FILES = ["client.ts", "server.ts"] as const;

const entries = mayRunProcesses ? corpusEntries() : [];

async function runDeno(args: string[]): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: lab,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, decoder.decode(stdout) + decoder.decode(stderr));
}

Deno.test("corpus/ holds thirty wrong entries and eight right ones at least", options, async () => {
  const expectations = await Promise.all(entries.map(expectationOf));
  const wrong = expectations.filter(({ intended }) => intended !== undefined);
  assert(wrong.length >= 30 && expectations.length - wrong.length >= 8);
  assertEquals(new Set(expectations.map(({ idea }) => idea)).size, entries.length);
});

Deno.test("corpus/ holds submissions of the right types, formatted", options, async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const entry of entries) await layOutTypes(entry, `${folder}/${entry}`);
    const files = entries.flatMap((entry) => FILES.map((file) => `${folder}/${entry}/${file}`));
    await runDeno(["check", "--quiet", ...files]);
    await runDeno(["fmt", "--check", "--config=deno.json", ...files]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Lays out what the type check of an entry needs: the network, which all of them share,
 * and the types of `config.ts`, which name the entry's own server. */
async function layOutTypes(entry: string, folder: string): Promise<void> {
  await Deno.mkdir(folder);
  for (const file of FILES) {
    await Deno.copyFile(new URL(`${entry}/${file}`, CORPUS), `${folder}/${file}`);
  }
  await Deno.writeTextFile(`${folder}/labrpc.ts`, `export * from "${new URL("labrpc.ts", lab)}";`);
  await Deno.writeTextFile(`${folder}/config.ts`, CONFIG_TYPES);
}

Deno.test("Expectation refuses a test in no list or in two, and a wrong entry that no test catches", () => {
  const pass = ["TestBasic", "TestConcurrent", "TestUnreliable", "TestUnreliableOneKey"];
  const fail = ["TestStaticShards", "TestRejection"];
  const entry = { idea: "Nothing", intended: "TestRejection", pass, fail };
  const either = ["TestUnreliableShards"];
  Expectation.parse({ ...entry, either });
  const cases: [changes: object, problem: string][] = [
    [{}, "expected TestUnreliableShards in one"],
    [{ either: [...either, "TestBasic"] }, "found it in 2"],
    [{ either, intended: undefined }, "intended"],
    [{ either, intended: "TestBasic" }, 'in \\"fail\\"'],
  ];
  for (const [changes, problem] of cases) {
    assertThrows(() => Expectation.parse({ ...entry, ...changes }), Error, problem);
  }
});
