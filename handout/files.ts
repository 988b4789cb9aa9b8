/**
 * The files of the students' repository. A file that is not named here stays out.
 *
 * @module
 */

import { DEFAULT_RUBRIC, type Rubric } from "../grader/result/rubric.ts";
import { assignmentWith } from "./assignment.ts";
import { packageFiles } from "./packages.ts";
import { classroom50Workflow, classroomWorkflow } from "./workflows.ts";

/** The folder of the lab. */
export const LAB: URL = new URL("../", import.meta.url);

/** The files that students write. The handout has the skeleton of each. */
export const STUDENT_FILES = ["client.ts", "server.ts"] as const;

/** The folder of the skeleton, with a slash at its end. */
export const SKELETON = "corpus/skeleton/";

/** Files that are copied. */
const PLAIN_FILES = [
  ".editorconfig",
  ".gitattributes",
  ".vscode/extensions.json",
  ".vscode/launch.json",
  ".vscode/settings.json",
  "LICENSE",
  "config.ts",
  "labrpc.ts",
  "test_test.ts",
];

/** Folders that are copied, without the files in {@linkcode LEFT_OUT}. */
const FOLDERS = [
  "cli",
  "debugger",
  "explore",
  "labrpc",
  "lincheck",
  "linearizability",
  "lint",
  "sim",
  "testing",
  "visualizer",
];

/** Files of those folders that are not copied: tests, tools of instructors, and the files that make
 * the checker a package. */
const LEFT_OUT =
  /_test\.ts$|(?:^|[/_])fixture\.ts$|\/__snapshots__$|^explore\/detect|^lint\/lab|^linearizability\/(?:deno\.json|README\.md)$/;

/** The page about the tools. Its pictures stay here, because a handout holds only text. */
const STUDENT_DOCS = "docs/student.md";
const PICTURE = /^<picture>.*?<\/picture>\n\n/gms;

/** The files that students' commands leave behind. */
const IGNORED = [
  "coverage/",
  "*.xml",
  "run.html",
  "story.json",
  "history.json",
  "history.html",
  ".DS_Store",
];

/** The tasks of the students' repository. */
const TASKS = ["lincheck", "explore", "replay", "watch", "debug"];

/** The settings of a handout. */
export interface HandoutOptions {
  /** The GitHub organization of the course in Classroom 50. If absent, the handout has the workflow
   * for GitHub Classroom. */
  classroom50?: string | undefined;
  /** The rubric; the default of `deno task grade` if absent. */
  rubric?: Rubric | undefined;
}

/** Returns the files of the students' repository: their texts by their paths.
 *
 * @throws {CommandError} A package does not come from npm, or GitHub Classroom cannot give the
 * points of the rubric.
 */
export async function handoutFiles(
  { classroom50, rubric = DEFAULT_RUBRIC }: HandoutOptions = {},
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const paths = [...PLAIN_FILES, ...(await Promise.all(FOLDERS.map(filesBelow))).flat()];
  for (const path of paths) files.set(path, await read(path));
  files.set("README.md", assignmentWith(await read("handout/assignment.md"), rubric));
  files.set(STUDENT_DOCS, (await read(STUDENT_DOCS)).replaceAll(PICTURE, ""));
  for (const path of STUDENT_FILES) files.set(path, await read(SKELETON + path));
  for (const [path, text] of await packageFiles(TASKS, files.values())) files.set(path, text);
  files.set(".gitignore", IGNORED.map((pattern) => `${pattern}\n`).join(""));
  // With both workflows, each push would be graded twice.
  if (classroom50 === undefined) {
    files.set(".github/workflows/classroom.yml", classroomWorkflow(rubric));
  } else files.set(".github/workflows/autograde.yaml", classroom50Workflow(classroom50));
  return files;
}

/** Returns the paths of the files in a folder of the lab, without those in {@linkcode LEFT_OUT}. */
export async function filesBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, LAB))) {
    const path = `${folder}/${name}`;
    if (LEFT_OUT.test(path)) continue;
    if (isDirectory) paths.push(...await filesBelow(path));
    else paths.push(path);
  }
  return paths;
}

/** Reads a file of the lab. */
export async function read(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, LAB));
}
