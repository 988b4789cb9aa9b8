/**
 * `deno test test_test.ts` as a student runs it: in its own process, without permissions.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { layOver, type Overlay } from "../explore/overlay.ts";
import { runTests } from "./deno_test_fixture.ts";

const lab = new URL("../", import.meta.url);
const ignore = !mayRunProcesses;

async function edit({ path }: Overlay, file: string, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(`${path}/${file}`);
  assertStringIncludes(text, from);
  await Deno.writeTextFile(`${path}/${file}`, text.replaceAll(from, to));
}

function digests(output: string): string[] {
  return Array.from(output.matchAll(/digest ([0-9a-f]{16})/g), ([, digest]) => digest!);
}

Deno.test(
  "deno test repeats a run exactly beside other files, and differs with another seed",
  {
    ignore,
  },
  async () => {
    const beside = new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "--no-prompt", "--no-check", "--parallel"],
        ...["test_test.ts", "cli/version_test.ts", "sim/random_test.ts"],
      ],
      cwd: lab,
      env: { NO_COLOR: "1" },
    });
    const [alone, { stdout }] = await Promise.all([
      runTests(lab),
      beside.output(),
    ]);
    assertEquals(new Set(digests(alone.output)).size, 7, alone.output);
    // A green run ends with the requirements.
    assertStringIncludes(alone.output, "replicates: yes, asks the first server first: yes");
    assertEquals(
      digests(new TextDecoder().decode(stdout)).toSorted(),
      digests(alone.output).toSorted(),
    );
    // A filter that ends with a colon selects exactly one test.
    const filter = "TestUnreliable:";
    const other = await runTests(lab, { filter, args: ["--seed=2"] });
    assertEquals(other.outcomes, [{ name: "TestUnreliable", passed: true }]);
    assert(!other.output.includes("Requirements of the assignment"), other.output);
    assertEquals(other.exitStatus, 0);
    const [digest, ...more] = digests(other.output);
    assertEquals([more, digests(alone.output).includes(digest!)], [[], false]);
  },
);

Deno.test("deno test passes on the wall clock with --clock=real", { ignore }, async () => {
  const { outcomes, output } = await runTests(lab, {
    filter: "TestUnreliableOneKey:",
    args: ["--clock=real"],
  });
  assertEquals(outcomes, [{ name: "TestUnreliableOneKey", passed: true }], output);
  assertEquals(digests(output), []);
});

Deno.test(
  "deno test fails with one clear line when an option is unknown",
  { ignore },
  async () => {
    const { exitStatus, output } = await runTests(lab, { args: ["--sede=4"] });
    assertEquals(exitStatus, 1);
    assertStringIncludes(output, 'OptionsError: Unknown option "--sede=4"; did you mean --seed?\n');
  },
);

Deno.test("deno test reports the line of a loop that never yields, and runs the next test", {
  ignore,
}, async () => {
  await using overlay = await layOver(lab);
  await edit(overlay, "server.ts", "const old =", "while (args.seq === 400);\n      const old =");
  await edit(overlay, "testing/patience.ts", "RUN_MS_MIN = 10_000", "RUN_MS_MIN = 6000");
  const { outcomes, output } = await runTests(overlay.path, {
    filter: "/TestBasic:|TestUnreliableOneKey:/",
  });
  const passed = outcomes.map((outcome) => [outcome.name, outcome.passed]);
  assertEquals(passed, [["TestBasic", false], ["TestUnreliableOneKey", true]], output);
  assertMatch(
    output,
    /Endless loop at .*never let go.*\n.*clerk 1: .*\n +just before, server 0 got append.*\n +where: +server\.ts:\d+\n/,
  );
});
