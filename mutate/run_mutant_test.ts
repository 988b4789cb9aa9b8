import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { filesOf } from "../corpus/entry_fixture.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { labTests } from "../testing/lab_tests.ts";
import { compile, stopCompiler } from "./compile.ts";
import { type MutantResult, type MutantTask, runMutant } from "./run_mutant.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };

/** Runs the lab's own solution after a replacement. */
async function run(
  from = "",
  to = from,
  { count = 2, ...more }: Partial<MutantTask> & { count?: number } = {},
): Promise<MutantResult> {
  const files = await filesOf("..");
  assertStringIncludes([...files.values()].join(), from);
  const codeOf = async (name: string) => {
    const compiled = await compile(files.get(name)!.replace(from, to));
    assert("code" in compiled);
    return compiled.code;
  };
  const code = { client: await codeOf("client.ts"), server: await codeOf("server.ts") };
  const scenarios = labTests.filter(({ name }) => /^Test(?:Basic|Unreliable):/.test(name));
  return await runMutant(scenarios.slice(0, count), { ...code, seeds: 1, ...more });
}

Deno.test("runMutant() names the first test that notices a change", options, async () => {
  const caughtBy = async (from: string, to: string) => {
    const result = await run(from, to);
    return result.kind === "caught" ? result.by : result.kind;
  };
  assertEquals(await caughtBy("old + args.value", "args.value"), "TestBasic");
  assertEquals(await caughtBy("seq === latest.seq", "false"), "TestUnreliable");
  assertEquals(await caughtBy('from "zod"', 'from "zot"'), "load");
});

Deno.test(
  "runMutant() reports a survivor with the digests of its runs",
  options,
  async () => {
    const original = await run("", "", { count: 1 });
    const other = await run("#seq = 0", "#seq = 1", { count: 1 });
    assert(original.kind === "survived" && other.kind === "survived");
    assertEquals([original.digests.length, other.digests.length], [1, 1]);
    assert(original.digests[0] !== other.digests[0]);
  },
);

Deno.test("runMutant() notices a requirement that the original meets", options, async () => {
  const requirements = ["asks the first server first", "replicates"] as const;
  const result = await run("let i = 1; i < nreplicas", "let i = 1; i < 1", {
    requirements,
    count: 1,
  });
  assertEquals(result, { kind: "caught", by: "a requirement" });
});

Deno.test.afterAll(stopCompiler);
