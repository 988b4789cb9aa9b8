/**
 * What goes into the students' repository. Nothing does that is not named here.
 *
 * @module
 */

import { exists } from "@std/fs/exists";
import { z } from "zod";
import { CommandError } from "../cli/mod.ts";
import { DEFAULT_RUBRIC } from "../grader/rubric.ts";
import { classroomWorkflow } from "./classroom.ts";
import { strip } from "./strip.ts";

/** The folder of the lab. */
export const LAB: URL = new URL("../", import.meta.url);

/** The files that hold a solution. */
export const SOLUTION_FILES = ["client.ts", "server.ts"] as const;

/** Files that go in as they are. */
const PLAIN_FILES = [
  ".editorconfig",
  ".gitattributes",
  ".gitignore",
  ".vscode/extensions.json",
  ".vscode/settings.json",
  "LICENSE",
  "config.ts",
  "labrpc.ts",
  "test_test.ts",
];

/** Folders that go in, without what is only there for the lab's own tests. */
const FOLDERS = [
  "cli",
  "explore",
  "lincheck",
  "linearizability",
  "sim",
  "testing",
  "visualizer",
];

/** What of those folders stays here. */
const LEFT_OUT = /_test\.ts$|(?:^|[/_])fixture\.ts$|\/__snapshots__$|^explore\/detect/;

/** Files whose place another one takes. */
const STAND_INS: Record<string, string> = {
  "explore/submission.ts": "handout/submission.ts",
  "README.md": "handout/assignment.md",
};

/** The tasks of the students' repository. */
const TASKS = ["lincheck", "explore", "replay"];

/** The packages that its files import, and that students may. */
const IMPORTS = [
  "@std/async",
  "@std/cli/parse-args",
  "@std/fs/exists",
  "@std/text/closest-string",
  "cli-progress",
  "zod",
];

/** Types of the standard library; not there where it comes with its own. */
const STD_TYPES = "std.d.ts";

const DenoJson = z.looseObject({
  tasks: z.record(z.string(), z.unknown()),
  imports: z.record(z.string(), z.string()),
});

const DenoLock = z.looseObject({
  specifiers: z.record(z.string(), z.string()),
  npm: z.record(z.string(), z.looseObject({ dependencies: z.array(z.string()).default([]) })),
});

/** The students' repository: the text of each file by its path.
 *
 * @throws {CommandError} A marker of a solution has no counterpart, or a package that
 * students get does not come from npm.
 */
export async function handoutFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const paths = [...PLAIN_FILES, ...(await Promise.all(FOLDERS.map(filesBelow))).flat()];
  if (await exists(new URL(STD_TYPES, LAB))) paths.push(STD_TYPES);
  for (const path of paths) files.set(path, await read(path));
  for (const [path, source] of Object.entries(STAND_INS)) files.set(path, await read(source));
  for (const path of SOLUTION_FILES) files.set(path, strip(await read(path), path));
  const config = DenoJson.parse(JSON.parse(await read("deno.json")));
  const imports = pick(config.imports, IMPORTS);
  files.set("deno.json", toJson(reduceConfig(config, imports)));
  files.set("deno.lock", toJson(reduceLock(JSON.parse(await read("deno.lock")), imports)));
  files.set(".github/workflows/classroom.yml", classroomWorkflow(DEFAULT_RUBRIC));
  return files;
}

/** The files of a folder that go in. */
async function filesBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, LAB))) {
    const path = `${folder}/${name}`;
    if (LEFT_OUT.test(path)) continue;
    if (isDirectory) paths.push(...await filesBelow(path));
    else paths.push(path);
  }
  return paths;
}

function reduceConfig(
  { tasks, lock, unstable, fmt, compilerOptions }: z.infer<typeof DenoJson>,
  imports: Record<string, string>,
): unknown {
  const lineWidth = z.looseObject({ lineWidth: z.number() }).parse(fmt).lineWidth;
  return {
    tasks: pick(tasks, TASKS),
    imports,
    lock,
    unstable,
    fmt: { lineWidth },
    compilerOptions,
  };
}

/** The lab's lock without the packages that students do not get: Deno would find that
 * it is out of date, and a frozen one may not be. */
function reduceLock(json: unknown, imports: Record<string, string>): unknown {
  const lock = DenoLock.parse(json);
  const versions = new Set(Object.values(imports).map(packageOf));
  const dependencies = [...versions].map((version) => `npm:${version}`).sort();
  const needed = new Set<string>();
  const pending = [...versions];
  for (let version = pending.pop(); version !== undefined; version = pending.pop()) {
    needed.add(version);
    for (const name of lock.npm[version]!.dependencies) {
      pending.push(
        Object.keys(lock.npm).find((key) => key === name || key.startsWith(`${name}@`))!,
      );
    }
  }
  const npm = z.record(z.string(), z.unknown()).parse((json as { npm: unknown }).npm);
  return {
    ...lock,
    specifiers: pick(lock.specifiers, dependencies),
    npm: pick(npm, [...needed].sort()),
    workspace: { dependencies },
  };
}

/** The package of an import and its version: `"npm:zod@4.0.0/mini"` → `"zod@4.0.0"`. */
function packageOf(specifier: string): string {
  const match = specifier.match(/^npm:((?:@[^/]+\/)?[^/]+)/);
  if (match === null) {
    throw new CommandError(
      `Cannot make a lock for "${specifier}": expected imports from npm; ` +
        "take those lines of deno.json back to npm",
    );
  }
  return match[1]!;
}

function pick<T>(record: Record<string, T>, keys: string[]): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, record[key]!]));
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

async function read(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, LAB));
}
