/**
 * Checks what the documentation says: its commands work, its failure looks as shown, and its
 * links lead to files.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { copy } from "@std/fs/copy";
import { exists } from "@std/fs/exists";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ZodObject } from "zod";
import { checkTableCommand } from "../bench/check_table.ts";
import { classCost } from "../bench/class_cost.ts";
import { figuresCommand } from "../bench/figures.ts";
import { STEPS_COMMANDS } from "../bench/steps.ts";
import type { Command } from "../cli/mod.ts";
import { parseOptions } from "../cli/options.ts";
import { debugCommand } from "../debugger/debug.ts";
import { detectCommand } from "../explore/detect.ts";
import { exploreCommand } from "../explore/explore.ts";
import { replayCommand } from "../explore/replay.ts";
import { watchCommand } from "../explore/watch.ts";
import { gradeCommand } from "../grader/grade.ts";
import { layOver } from "../explore/overlay.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { Rubric } from "../grader/result/rubric.ts";
import { REQUIREMENTS } from "../testing/requirements.ts";
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

/** Commands that take long or do not end. A file runs each of them with other values; it holds
 * the text beside its name. */
const ELSEWHERE: Record<string, [file: string, text: string]> = {
  "npx -y deno@2.9.6 test test_test.ts": [".ci/run", "npx -y deno@2.9.6 test test_test.ts"],
  "deno test test_test.ts": [".ci/run", "npx -y deno@2.9.6 test test_test.ts"],
  "npx -y deno@2.9.6 task ok": [".ci/run", "npx -y deno@2.9.6 task ok"],
  "deno task ok": [".ci/run", "npx -y deno@2.9.6 task ok"],
  "deno task grade --seeds=3": [".ci/run", "task grade --seeds=1"],
  "deno task grade submissions --rubric=rubric.json --salt=TEXT --due=2026-11-20T18:00+01:00 --json=grades.json --csv=grades.csv --html=grades.html":
    ["grader/grade_class_test.ts", "--salt="],
  "deno test test_test.ts -- --clock=real": ["testing/deno_test_test.ts", "--clock=real"],
  'deno test --inspect-wait test_test.ts --filter "TestUnreliable:" -- --debug': [
    "testing/breakpoint_test.ts",
    "--inspect",
  ],
  "deno task watch": ["explore/watch_test.ts", "watch"],
  "deno task watch --test=TestUnreliable": ["explore/watch_test.ts", "watch"],
  "deno task debug --test=TestUnreliable --seed=1": ["debugger/debug_test.ts", "debugCommand"],
  "deno task explore --seeds=200": ["explore/explore_test.ts", "--seeds="],
  "deno task explore --test=TestUnreliable --seeds=200": ["explore/explore_test.ts", "--seeds="],
  "deno task explore --network=hostile --seeds=20": [
    "explore/explore_test.ts",
    "--network=hostile",
  ],
  "deno task explore --systematic": ["explore/explore_test.ts", "--systematic"],
  // The lab's own solution has no failing run to write.
  "deno task replay --schedule=story.json": ["explore/replay_test.ts", "--schedule="],
  "deno task detect no_retry": ["explore/detection/detection_test.ts", "detect"],
  "deno task bench": ["bench/figures_test.ts", "measure"],
  "deno task mutate --submission=corpus/terse": ["mutate/mutants_test.ts", "mutantsOf"],
};

/** Commands that no test runs, because they download data or need what was downloaded. */
const DOWNLOADS = [
  "git clone https://github.com/anishathalye/porcupine",
  String
    .raw`perl -ne 'print "{:process $1, :type $2, :f $3, :value $4}\n" if /(\d+)\t(:\w+)\t(:\w+)\t(.*)/' porcupine/test_data/jepsen/etcd_000.log > etcd_000.edn`,
  "deno task lincheck etcd_000.edn",
];

/** The tasks, each with the options and operands that it takes. */
const TASKS: Record<string, Pick<Command<ZodObject>, "options" | "operands">> = {
  ...STEPS_COMMANDS,
  autograder,
  "check-table": checkTableCommand,
  "class-cost": classCost,
  debug: debugCommand,
  detect: detectCommand,
  explore: exploreCommand,
  figures: figuresCommand,
  grade: gradeCommand,
  handout,
  lincheck,
  mutate: mutateCommand,
  replay: replayCommand,
  watch: watchCommand,
};

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

/** Copies what a clone of the lab holds. */
async function copyLab(to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(lab)) {
    if (NOT_CLONED.includes(name)) continue;
    await copy(fileURLToPath(new URL(name, lab)), `${to}/${name}`);
  }
}

const NOT_CLONED = [".git", ".grades", "node_modules"];

/** Removes the comments of a JSON file. */
function withoutComments(json: string): string {
  return json.replaceAll(/^ *\/\/.*/gm, "");
}

Deno.test(
  "every command of the docs succeeds",
  { ignore },
  async () => {
    const commands = await commandsOf(DOCUMENTS);
    const unknown = [...Object.keys(ELSEWHERE), ...DOWNLOADS].filter((each) => {
      return !commands.includes(each);
    });
    assertEquals(unknown, [], "No document has these commands any more");
    const folder = await Deno.makeTempDir();
    try {
      const clone = `${folder}/lab`;
      await copyLab(clone);
      const [rubric] = await blocks("jsonc", ["docs/grading.md"]);
      await Deno.writeTextFile(`${clone}/rubric.json`, withoutComments(rubric!));
      for (const command of commands) {
        const words = wordsOf(command);
        if (words[1] === "task") checkTask(command, words.slice(2));
        if (command in ELSEWHERE || DOWNLOADS.includes(command)) continue;
        await run(command, words, clone);
        // The next command that writes the same must not find it.
        for (const written of ["../kvlab-students", "autograder.zip"]) {
          await Deno.remove(`${clone}/${written}`, { recursive: true }).catch(() => {});
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    for (const [command, [file, text]] of Object.entries(ELSEWHERE)) {
      assert((await read(file)).includes(text), `${file} no longer runs: ${command}`);
    }
  },
);

async function run(command: string, [program, ...args]: string[], cwd: string): Promise<void> {
  const path = program === "deno" ? Deno.execPath() : program!;
  // The gate has checked the types.
  if (args[0] === "test") args.splice(1, 0, "--no-check");
  const { code, stdout, stderr } = await new Deno.Command(path, { args, cwd }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(code, 0, `${command}\n${out}${err}`);
}

Deno.test("the documentation names only tasks and options that exist", { ignore }, async () => {
  for (const document of DOCUMENTS) {
    const text = await read(document);
    for (const [, command] of text.matchAll(/`(?:npx -y )?deno(?:@[\d.]+)? task ([^`]+)`/g)) {
      const words = wordsOf(command!.replaceAll(/\s+/g, " "));
      // A bare name stands for the command in general.
      if (words.length > 1) checkTask(command!, words);
      else assert(words[0]! in TASKS, `${document}: ${command}`);
    }
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

Deno.test("README.md shows the failure that its change to server.ts causes", {
  ignore,
}, async () => {
  const readme = await read("README.md");
  const [, start] = readme.match(
    /comment out the line that recognizes a retry\. It begins with\s+`(.*?)`/,
  )!;
  await using overlay = await layOver(lab);
  const path = `${overlay.path}/server.ts`;
  const server = await Deno.readTextFile(path);
  assertStringIncludes(server, start!);
  await Deno.writeTextFile(path, server.replace(start!, `// ${start}`));
  const { output } = await runTests(overlay.path, { filter: "TestUnreliable:" });
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

Deno.test("the rubric of the documentation is valid, and each requirement is explained", {
  ignore,
}, async () => {
  const [text] = await blocks("jsonc", ["docs/grading.md"]);
  Rubric.parse(JSON.parse(withoutComments(text!)));
  const student = await read("docs/student.md");
  for (const name of REQUIREMENTS) {
    assertStringIncludes(text!, `"${name}"`);
    assertStringIncludes(student, `\n| \`${name}\` `);
  }
});

/** Returns the relative targets of the links and pictures in a document. */
function linksIn(text: string): string[] {
  const found = text.matchAll(/\]\(([^)#]+)[^)]*\)|\bsrc(?:set)?="([^"]+)"/g);
  return Array.from(found, ([, link, picture]) => link ?? picture!)
    .filter((target) => !/^https?:/.test(target));
}

Deno.test("every link and path of the documentation leads to a file", { ignore }, async () => {
  for (const document of [...DOCUMENTS, "linearizability/README.md"]) {
    const text = await read(document);
    for (const link of linksIn(text)) {
      const target = new URL(link, new URL(document, lab));
      assert(await exists(target), `${document} links to ${link}`);
    }
    for (const [, path] of text.matchAll(/`([a-z_]+\/(?:[a-z_/]+\.(?:ts|json|yml|md))?)`/g)) {
      assert(await exists(new URL(path!, lab)), `${document} names ${path}`);
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
