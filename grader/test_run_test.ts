import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { mayRunProcesses } from "./permissions.ts";
import { layOver, type Overlay } from "./overlay.ts";
import { runTests } from "./test_run.ts";

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
  "runTests() meets the same seven digests when other files run beside it",
  { ignore },
  async () => {
    const beside = new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "--no-prompt", "--no-check", "--parallel"],
        ...["test_test.ts", "testing/config_test.ts", "sim/random_test.ts"],
      ],
      cwd: lab,
      env: { NO_COLOR: "1" },
    });
    const [alone, { stdout }] = await Promise.all([
      runTests(lab, { check: false }),
      beside.output(),
    ]);
    assertEquals(new Set(digests(alone.output)).size, 7, alone.output);
    // A green run ends with what its results do not show.
    assertStringIncludes(alone.output, "replicates: yes, asks the first server first: yes");
    assertEquals(
      digests(new TextDecoder().decode(stdout)).toSorted(),
      digests(alone.output).toSorted(),
    );
  },
);

Deno.test("runTests() meets another run, when the seed is another one", { ignore }, async () => {
  const filter = "TestUnreliable:";
  const runs = await Promise.all(["--seed=1", "--seed=2"].map((seed) => {
    return runTests(lab, { filter, args: [seed], check: false });
  }));
  const [one, other] = runs.map(({ output }) => digests(output));
  assertEquals([one!.length, other!.length], [1, 1]);
  assert(one![0] !== other![0]);
});

Deno.test(
  "runTests() picks exactly one test, when the filter ends in a colon",
  { ignore },
  async () => {
    const { outcomes, exitStatus, output } = await runTests(lab, {
      filter: "TestUnreliable:",
      check: false,
    });
    assertEquals(outcomes, [{ name: "TestUnreliable", passed: true }]);
    assert(!output.includes("Requirements of the assignment"), output);
    assertEquals(exitStatus, 0);
  },
);

Deno.test("runTests() passes on the wall clock, when it is told to", { ignore }, async () => {
  const { outcomes, output } = await runTests(lab, {
    filter: "TestUnreliableOneKey:",
    args: ["--clock=real"],
    check: false,
  });
  assertEquals(outcomes, [{ name: "TestUnreliableOneKey", passed: true }], output);
  assertEquals(digests(output), []);
});

Deno.test(
  "runTests() fails with one clear line, when an option is unknown",
  { ignore },
  async () => {
    const { exitStatus, output } = await runTests(lab, { args: ["--sede=4"], check: false });
    assertEquals(exitStatus, 1);
    assertStringIncludes(output, 'OptionsError: Unknown option "--sede=4"; did you mean --seed?\n');
  },
);

Deno.test("runTests() reports every test when a handler of the submission never yields", {
  ignore,
}, async () => {
  await using overlay = await layOver(lab);
  await edit(overlay, "server.ts", "const old =", "while (args.seq === 400);\n      const old =");
  const { outcomes, output } = await runTests(overlay.path, { check: false });
  assertEquals(outcomes.length, 7, output);
  const passed = outcomes.filter((outcome) => outcome.passed).map(({ name }) => name);
  assert(passed.includes("TestUnreliableOneKey") && passed.includes("TestRejection"), output);
  assertStringIncludes(output, "something never let go of the processor");
});

const INCOMPLETE: [file: string, from: string, to: string, message: string][] = [
  [
    "server.ts",
    "export class KVServer",
    "class KVServer",
    'server.ts does not export a class "KVServer"; add "export class KVServer"',
  ],
  [
    "server.ts",
    "    append: {",
    "    appendix: {",
    'server.ts: KVServer.rpc has no entry "append"; add it',
  ],
  [
    "server.ts",
    "async append(",
    "async appendix(",
    'its rpc table lists "append" but it has no method "append"',
  ],
  ["client.ts", "async put(", "async write(", 'client.ts: Clerk has no method "put"; add it'],
];

for (const [file, from, to, message] of INCOMPLETE) {
  Deno.test(`runTests() says in one line: ${message}`, { ignore }, async () => {
    await using overlay = await layOver(lab);
    await edit(overlay, file, from, to);
    const { outcomes, output } = await runTests(overlay.path, { check: false });
    assertEquals(outcomes.filter(({ passed }) => passed), [], output);
    for (const outcome of outcomes) assertStringIncludes(outcome.message!.split("\n")[0]!, message);
  });
}
