/**
 * The documentation tells the truth: its commands work, its failure looks as it says, its
 * links lead somewhere.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { exists } from "@std/fs/exists";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ZodObject } from "zod";
import { classCost } from "../bench/class_cost.ts";
import type { Command } from "../cli/mod.ts";
import { parseOptions } from "../cli/options.ts";
import { debugCommand } from "../debugger/debug.ts";
import { detectCommand } from "../explore/detect.ts";
import { exploreCommand } from "../explore/explore.ts";
import { replayCommand } from "../explore/replay.ts";
import { watchCommand } from "../explore/watch.ts";
import { gradeCommand } from "../grader/grade.ts";
import { layOver } from "../explore/overlay.ts";
import { mayRunProcesses } from "../grader/permissions.ts";
import { Rubric, unknownName } from "../grader/result/rubric.ts";
import { runTests } from "../testing/deno_test_fixture.ts";
import { autograder } from "../handout/autograder.ts";
import { handoutFiles } from "../handout/files.ts";
import { handout } from "../handout/handout.ts";
import { lincheck } from "../lincheck/lincheck.ts";
import { mutateCommand } from "../mutate/mutate.ts";

const lab = new URL("../", import.meta.url);
const ignore = !mayRunProcesses;

const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  ...["design", "grading", "handout", "histories", "isolation", "performance", "student"]
    .map((name) => `docs/${name}.md`),
  "docs/standard_library.md",
];

/** Commands that other tests run, or that are not run to their end. */
const ELSEWHERE: Record<string, string> = {
  "npx -y deno@2.9.6 test test_test.ts": ".ci/run",
  "npx -y deno@2.9.6 task ok": ".ci/run",
  "deno test test_test.ts": ".ci/run",
  "deno task ok": ".ci/run",
  "cp corpus/skeleton/client.ts corpus/skeleton/server.ts .": "corpus/corpus_test.ts, in a copy",
  "deno test --allow-all sim/virtual_clock_test.ts": "itself",
  "git clone https://github.com/anishathalye/porcupine": "nowhere: it needs a network",
  "deno run --allow-read bench/porcupine.ts porcupine/test_data": "bench/porcupine_test.ts",
  "deno test test_test.ts -- --clock=real": "testing/deno_test_test.ts, one test of it",
  'deno test --inspect-wait test_test.ts --filter "TestUnreliable:" -- --debug':
    "testing/breakpoint_test.ts",
  "deno task bench": "bench/figures_test.ts, with small amounts",
};

/** Commands that the tests beside them run with other values; here, their options are held to
 * what the command takes. */
const TASKS: Record<string, Pick<Command<ZodObject>, "options" | "operands">> = {
  autograder,
  "class-cost": classCost,
  debug: debugCommand,
  detect: detectCommand,
  explore: exploreCommand,
  grade: gradeCommand,
  handout,
  lincheck,
  mutate: mutateCommand,
  replay: replayCommand,
  watch: watchCommand,
};

/** Tasks that are run here as well, because each is the first that a reader may try. */
const RUN = [
  "deno task explore --test=TestUnreliable --seeds=200",
  "deno task replay --test=TestUnreliable --seed=1",
];

async function read(file: string): Promise<string> {
  return await Deno.readTextFile(new URL(file, lab));
}

/** Returns the blocks of some documents in one language. */
async function blocks(language: string, files: readonly string[]): Promise<string[]> {
  const block = new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\``, "gms");
  return (await Promise.all(files.map(read))).flatMap((text) => {
    return Array.from(text.matchAll(block), ([, indent, lines]) => {
      return lines!.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    });
  });
}

/** Returns each command of the documentation, once. */
async function commandsOf(files: readonly string[]): Promise<string[]> {
  const lines = (await blocks("sh", files))
    .flatMap((block) => block.replaceAll(/ \\\n\s*/g, " ").trimEnd().split("\n"));
  return [...new Set(lines)];
}

/** Splits a command into words, as a shell does. */
function wordsOf(command: string): string[] {
  return Array.from(command.matchAll(/(?:"[^"]*"|[^\s"])+/g), ([word]) => word.replaceAll('"', ""));
}

Deno.test("every command of the documentation succeeds", { ignore }, async () => {
  const commands = await commandsOf(DOCUMENTS);
  assertEquals([...Object.keys(ELSEWHERE), ...RUN].filter((each) => !commands.includes(each)), []);
  await using copy = await layOver(lab);
  for (const command of commands) {
    if (command in ELSEWHERE) continue;
    const [deno, verb, ...args] = wordsOf(command);
    assertEquals(deno, "deno", command);
    if (verb === "task") checkTask(command, args);
    if (verb === "task" && !RUN.includes(command)) continue;
    // A few seeds show as well as hundreds that a command works.
    const few = args.map((arg) => arg.replace(/^--seeds=\d+/, "--seeds=2"));
    const words = [verb!, ...verb === "test" ? ["--no-check"] : [], ...few];
    const output = await new Deno.Command(Deno.execPath(), { args: words, cwd: copy.path })
      .output();
    const [out, err] = [output.stdout, output.stderr].map((bytes) => {
      return new TextDecoder().decode(bytes);
    });
    assertEquals(output.code, 0, `${command}\n${out}${err}`);
  }
  const ci = await read(".ci/run");
  for (const [command, place] of Object.entries(ELSEWHERE)) {
    if (place === ".ci/run") assertStringIncludes(ci, command.replace(/^deno /, ""));
  }
});

/** Holds a task to what its command takes. */
function checkTask(command: string, [name, ...args]: string[]): void {
  const { options, operands } = TASKS[name!] ?? {};
  assert(options !== undefined, `There is no task for: ${command}`);
  const given = parseOptions(options, args).operands.length;
  const { min, max = Infinity } = operands ?? { min: 0, max: 0 };
  assert(given >= min && given <= max, command);
}

/** Returns the paths of the test files in a folder. */
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

Deno.test(".ci/run runs the two commands of README.md as they stand there", {
  ignore,
}, async () => {
  const ci = (await read(".ci/run")).split("\n");
  const twoCommands = (await blocks("sh", ["README.md"])).slice(0, 2).map((block) =>
    block.trimEnd()
  );
  for (const command of twoCommands) assert(ci.includes(command), command);
});

Deno.test("README.md shows the failure that its change to server.ts brings about", {
  ignore,
}, async () => {
  const readme = await read("README.md");
  const [, start] = readme.match(
    /Comment out the line of `server\.ts` that begins with\s+`(.*?)`/,
  )!;
  await using overlay = await layOver(lab);
  const path = `${overlay.path}/server.ts`;
  const server = await Deno.readTextFile(path);
  assertStringIncludes(server, start!);
  await Deno.writeTextFile(path, server.replace(start!, `// ${start}`));
  const { output } = await runTests(overlay.path, { filter: "TestUnreliable:", check: false });
  const shown = output.replaceAll(/npx -y deno@[\d.]+/g, "deno");
  const [failure] = await blocks("text", ["README.md"]);
  for (const line of failure!.trimEnd().split("\n")) assertStringIncludes(shown, line);
  assert(!shown.includes("ext:"), "A line of the runtime is shown");
  const explore = ["task", "explore", "--test=TestUnreliable", "--seeds=1"];
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [...explore, `--submission=${overlay.path}`],
    cwd: lab,
  }).output();
  const [story] = await blocks("text", ["docs/student.md"]);
  assertStringIncludes(new TextDecoder().decode(stdout), story!);
});

Deno.test("README.md counts the entries of the corpus", { ignore }, async () => {
  const [, wrong, right] = (await read("README.md")).match(/(\d+) wrong and (\d+) right/)!;
  const counts = { wrong: 0, right: 0 };
  for await (const { name, isDirectory } of Deno.readDir(new URL("corpus", lab))) {
    if (!isDirectory) continue;
    const { fail } = JSON.parse(await read(`corpus/${name}/expect.json`));
    counts[fail === undefined ? "right" : "wrong"]++;
  }
  assertEquals(counts, { wrong: Number(wrong), right: Number(right) });
});

Deno.test("the documentation maps every name of the standard library to JSR", {
  ignore,
}, async () => {
  const { imports } = JSON.parse(await read("deno.json"));
  const [appendix] = await blocks("json", ["docs/standard_library.md"]);
  assertEquals(
    Object.keys(JSON.parse(appendix!)),
    Object.keys(imports).filter((name) => name.startsWith("@std/")),
  );
});

Deno.test("the rubric of the documentation is one", { ignore }, async () => {
  const [text] = await blocks("jsonc", ["docs/grading.md"]);
  const rubric = Rubric.parse(JSON.parse(text!.replaceAll(/^ *\/\/.*/gm, "")));
  assertEquals(unknownName(rubric), undefined);
});

/** Returns the relative targets of the links and pictures in a document. */
function linksIn(text: string): string[] {
  const found = text.matchAll(/\]\(([^)#]+)[^)]*\)|\bsrc(?:set)?="([^"]+)"/g);
  return Array.from(found, ([, link, picture]) => link ?? picture!)
    .filter((target) => !/^https?:/.test(target));
}

Deno.test("every link of the documentation leads to a file", { ignore }, async () => {
  for (const document of [...DOCUMENTS, "linearizability/README.md"]) {
    for (const link of linksIn(await read(document))) {
      const target = new URL(link, new URL(document, lab));
      assert(await exists(target), `${document} links to ${link}`);
    }
  }
});

Deno.test("what students are handed links only to files that they have", { ignore }, async () => {
  const files = await handoutFiles();
  for (const [path, text] of files) {
    if (!path.endsWith(".md")) continue;
    for (const link of linksIn(text)) {
      const target = new URL(link, `file:///${path}`).pathname.slice(1);
      assert(files.has(target), `${path} links to ${link}`);
    }
  }
  assertMatch(files.get("README.md")!, /\(docs\/student\.md\)/);
});
