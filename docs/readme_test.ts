/**
 * The README tells the truth: its commands work, and its failure looks as it says.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { layOver } from "../explore/overlay.ts";
import { runTests } from "../testing/deno_test_fixture.ts";
import { mayRunProcesses } from "../grader/permissions.ts";

const lab = new URL("../", import.meta.url);
const ignore = !mayRunProcesses;

/** Commands that are run elsewhere, or not to their end. */
const ELSEWHERE: Record<string, string> = {
  "npx -y deno@2.9.6 test test_test.ts": ".ci/run",
  "cp corpus/skeleton/client.ts corpus/skeleton/server.ts .": "corpus/corpus_test.ts, in a copy",
  "npx -y deno@2.9.6 task ok": ".ci/run",
  "deno task ok": ".ci/run",
  "deno task handout ../kvlab-students": "handout/handout_test.ts",
  "deno task autograder autograder.zip --seeds=10": "handout/autograder_test.ts",
  "deno task bench": "bench/figures_test.ts, with small amounts",
  "deno test --watch test_test.ts": "nowhere: it never ends",
  "deno task replay --test=TestUnreliable --seed=1 --html=run.html": "explore/replay_test.ts",
  "deno task replay --test=TestUnreliable --seed=1 --schedule-out=story.json":
    "explore/replay_test.ts",
  "deno task explore --systematic": "explore/explore_test.ts, within smaller bounds",
  "deno task replay --schedule=story.json": "explore/replay_test.ts",
  "deno task replay --test=TestUnreliable --seed=1 --history=history.json":
    "explore/replay_test.ts",
  "deno task lincheck history.json --html=history.html": "lincheck/lincheck_test.ts",
  "deno test test_test.ts -- --clock=real": "testing/deno_test_test.ts, one test of it",
};

/** The blocks of the README in one language. */
async function blocks(language: string): Promise<string[]> {
  const readme = await Deno.readTextFile(new URL("README.md", lab));
  const found = readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"));
  return Array.from(found, ([, block]) => block!);
}

Deno.test("README.md shows only commands that succeed", { ignore }, async () => {
  const commands = (await blocks("sh")).flatMap((block) => block.trimEnd().split("\n"));
  assert(commands.length > 5);
  for (const command of commands) {
    if (command in ELSEWHERE) continue;
    // A few seeds show as well as hundreds that a command works.
    const few = command.replace(/--seeds=\d+/, "--seeds=2");
    const [deno, ...args] = few.replaceAll('"', "").split(" ");
    assertEquals(deno, "deno", command);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: lab })
      .output();
    const decoder = new TextDecoder();
    assertEquals(code, 0, `${command}\n${decoder.decode(stdout)}${decoder.decode(stderr)}`);
  }
  assertEquals(Object.keys(ELSEWHERE).filter((command) => !commands.includes(command)), []);
  const ci = await Deno.readTextFile(new URL(".ci/run", lab));
  for (const [command, place] of Object.entries(ELSEWHERE)) {
    if (place === ".ci/run") assertStringIncludes(ci, command.replace(/^deno /, ""));
  }
});

/** The paths of the test files in a folder. */
async function* testFiles(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory && !name.startsWith(".")) yield* testFiles(path);
    else if (name.endsWith("_test.ts")) yield path;
  }
}

Deno.test("a plain deno test loads every test file without a permission", { ignore }, async () => {
  const files = await Array.fromAsync(testFiles(fileURLToPath(lab)));
  assert(files.length > 100);
  // In one process, which is much less work than one for each file.
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "-"],
    cwd: lab,
    stdin: "piped",
    stderr: "piped",
  }).spawn();
  const imports = files.map((file) => `import ${JSON.stringify(pathToFileURL(file))};`).join("\n");
  await new Response(imports).body!.pipeTo(process.stdin);
  const { code, stderr } = await process.output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
});

Deno.test(
  ".ci/run runs the two commands of README.md as they stand there",
  { ignore },
  async () => {
    const ci = (await Deno.readTextFile(new URL(".ci/run", lab))).split("\n");
    const twoCommands = (await blocks("sh")).slice(0, 2).map((block) => block.trimEnd());
    for (const command of twoCommands) assert(ci.includes(command), command);
  },
);

Deno.test(
  "README.md shows the failure that its change to server.ts brings about",
  { ignore },
  async () => {
    const readme = await Deno.readTextFile(new URL("README.md", lab));
    const [, start] = readme.match(
      /comment out the line of `server\.ts` that begins with\s+`(.*?)`/,
    )!;
    await using overlay = await layOver(lab);
    const path = `${overlay.path}/server.ts`;
    const server = await Deno.readTextFile(path);
    assertStringIncludes(server, start!);
    await Deno.writeTextFile(path, server.replace(start!, `// ${start}`));
    const { output } = await runTests(overlay.path, { filter: "TestUnreliable:", check: false });
    const [shortFailure, story, failure] = await blocks("text");
    const shown = output.replaceAll(/npx -y deno@[\d.]+/g, "deno");
    for (const line of `${shortFailure}${failure}`.trimEnd().split("\n")) {
      assertStringIncludes(shown, line);
    }
    const explore = ["task", "explore", "--test=TestUnreliable", "--seeds=1"];
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [...explore, `--submission=${overlay.path}`],
      cwd: lab,
    }).output();
    assertStringIncludes(new TextDecoder().decode(stdout), story!);
  },
);

Deno.test("README.md maps every name of the standard library to JSR", { ignore }, async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", lab)));
  const [appendix] = await blocks("json");
  assertEquals(
    Object.keys(JSON.parse(appendix!)),
    Object.keys(imports).filter((name) => name.startsWith("@std/")),
  );
});
