/**
 * The files of the students' repository. Nothing goes in that is not named here.
 *
 * @module
 */

import { DEFAULT_RUBRIC, type Rubric } from "../grader/result/rubric.ts";
import { assignmentWith } from "./assignment.ts";
import { classroomWorkflow } from "./classroom.ts";
import { classroom50Workflow } from "./classroom50.ts";
import { packageFiles } from "./packages.ts";

/** The folder of the lab. */
export const LAB: URL = new URL("../", import.meta.url);

/** The files that students write. They get the skeleton of each. */
export const STUDENT_FILES = ["client.ts", "server.ts"] as const;

/** The folder of the skeleton; ends in a slash. */
export const SKELETON = "corpus/skeleton/";

/** The tools that students have. Pictures are left out: a handout holds texts only. */
const STUDENT_DOCS = "docs/student.md";
const PICTURE = /^<picture>.*?<\/picture>\n\n/gms;

/** Files that go in as they are. */
const PLAIN_FILES = [
  ".editorconfig",
  ".gitattributes",
  ".vscode/extensions.json",
  ".vscode/launch.json",
  ".vscode/settings.json",
  "LICENSE",
  "config.ts",
  STUDENT_DOCS,
  "labrpc.ts",
  "test_test.ts",
];

/** Folders that go in, without what is only there for the lab's own tests. */
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

/** The files of those folders that stay here: tests, and those that make the checker a package. */
const LEFT_OUT =
  /_test\.ts$|(?:^|[/_])fixture\.ts$|\/__snapshots__$|^cli\/temporary|^explore\/detect|^lint\/lab|^linearizability\/(?:deno\.json|README\.md)$/;

/** Files whose place another one takes. */
const STAND_INS: Record<string, string> = {
  "explore/overlay.ts": "handout/overlay.ts",
  "explore/submission_option.ts": "handout/submission_option.ts",
  "README.md": "handout/assignment.md",
};

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

/** The packages that its files import, and that students may. */
export const IMPORTS: readonly string[] = [
  "@std/assert",
  "@std/async",
  "@std/cli/parse-args",
  "@std/fs/exists",
  "@std/text/closest-string",
  "@std/text/levenshtein-distance",
  "acorn",
  "cli-progress",
  "htm",
  "preact",
  "preact/hooks",
  "zod",
];

/** The settings of a handout. */
export interface HandoutOptions {
  /** The organization on GitHub whose Classroom 50 grades; GitHub Classroom does if absent. */
  classroom50?: string | undefined;
  /** The rubric; that of `grade` if absent. */
  rubric?: Rubric | undefined;
}

/** The students' repository: the text of each file by its path.
 *
 * @throws {CommandError} A package that students get does not come from npm, or GitHub Classroom
 * cannot give the points of the rubric.
 */
export async function handoutFiles(
  { classroom50, rubric = DEFAULT_RUBRIC }: HandoutOptions = {},
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const paths = [...PLAIN_FILES, ...(await Promise.all(FOLDERS.map(filesBelow))).flat()];
  for (const path of paths) files.set(path, await read(path));
  for (const [path, source] of Object.entries(STAND_INS)) files.set(path, await read(source));
  files.set("docs/student.md", withoutPictures(files.get("docs/student.md")!));
  files.set("README.md", assignmentWith(files.get("README.md")!, rubric));
  files.set(STUDENT_DOCS, files.get(STUDENT_DOCS)!.replaceAll(PICTURE, ""));
  for (const path of STUDENT_FILES) files.set(path, await read(SKELETON + path));
  for (const [path, text] of await packageFiles(TASKS, IMPORTS)) files.set(path, text);
  files.set(".gitignore", IGNORED.map((pattern) => `${pattern}\n`).join(""));
  // One of them: with both, each push would be graded twice.
  if (classroom50 === undefined) {
    files.set(".github/workflows/classroom.yml", classroomWorkflow(rubric));
  } else files.set(".github/workflows/autograde.yaml", classroom50Workflow(classroom50));
  return files;
}

/** A page without its pictures: all that is handed out is text. */
function withoutPictures(page: string): string {
  return page.replaceAll(/<picture>[^]*?<\/picture>\n\n/g, "");
}

/** The files of a folder of the lab, without what is only there for its own tests.
 *
 * @param folder Its path.
 * @returns Their paths.
 */
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

/** Reads a file of the lab.
 *
 * @param path Its path.
 */
export async function read(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, LAB));
}
