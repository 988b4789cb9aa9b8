import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mayRunProcesses } from "./permissions.ts";
import { runTests } from "./test_run.ts";

const lab = new URL("../", import.meta.url);
const ignore = !mayRunProcesses;

function digests(output: string): string[] {
  return Array.from(output.matchAll(/digest ([0-9a-f]{16})/g), ([, digest]) => digest!);
}

Deno.test("runTests() meets the same seven digests, when it runs twice", { ignore }, async () => {
  const [one, other] = await Promise.all([runTests(lab), runTests(lab)]);
  assertEquals(new Set(digests(one.output)).size, 7, one.output);
  assertEquals(digests(one.output), digests(other.output));
});

Deno.test(
  "runTests() meets the same digests, when other files run beside it",
  { ignore },
  async () => {
    const beside = new Deno.Command(Deno.execPath(), {
      args: ["test", "--no-prompt", "--parallel", "test_test.ts", "config_test.ts", "sim"],
      cwd: lab,
      env: { NO_COLOR: "1" },
    });
    const [alone, { stdout }] = await Promise.all([runTests(lab), beside.output()]);
    assertEquals(
      digests(new TextDecoder().decode(stdout)).toSorted(),
      digests(alone.output).toSorted(),
    );
  },
);

Deno.test("runTests() meets another run, when the seed is another one", { ignore }, async () => {
  const filter = "TestUnreliable:";
  const runs = await Promise.all(["--seed=1", "--seed=2"].map((seed) => {
    return runTests(lab, { filter, args: [seed] });
  }));
  const [one, other] = runs.map(({ output }) => digests(output));
  assertEquals([one!.length, other!.length], [1, 1]);
  assert(one![0] !== other![0]);
});

Deno.test(
  "runTests() picks exactly one test, when the filter ends in a colon",
  { ignore },
  async () => {
    const { outcomes, exitStatus } = await runTests(lab, { filter: "TestUnreliable:" });
    assertEquals(outcomes, [{ name: "TestUnreliable", passed: true }]);
    assertEquals(exitStatus, 0);
  },
);

Deno.test("runTests() passes on the wall clock, when it is told to", { ignore }, async () => {
  const { outcomes, output } = await runTests(lab, {
    filter: "TestUnreliableOneKey:",
    args: ["--clock=real"],
  });
  assertEquals(outcomes, [{ name: "TestUnreliableOneKey", passed: true }], output);
  assertEquals(digests(output), []);
});

Deno.test(
  "runTests() fails with one clear line, when an option is unknown",
  { ignore },
  async () => {
    const { exitStatus, output } = await runTests(lab, { args: ["--sede=4"] });
    assertEquals(exitStatus, 1);
    assertStringIncludes(output, 'OptionsError: Unknown option "--sede=4"; did you mean --seed?\n');
  },
);
