/**
 * The files of an autograder for Gradescope or Classroom 50: the scripts that their machines start,
 * and in `lab/` the files that `deno task grade` needs. There is no solution among them, because
 * Classroom 50 publishes its autograders.
 *
 * @module
 */

import type { Rubric } from "../grader/result/rubric.ts";
import { filesBelow, handoutFiles, read } from "./files.ts";
import { packageFiles } from "./packages.ts";

/** Files of the students' repository that grading does not need. */
const STUDENTS_ONLY = /^(?:README\.md|debugger|docs|\.[\w.]+)(?:$|\/)/;

/** Parts of the grader that an autograder does not need, besides its tests. */
const LEFT_OUT = /^grader\/(?:hostile|zoo|gradescope|classroom50|github)\//;

/** The scripts, by their paths in the autograder. */
const SCRIPTS = {
  "setup.sh": "grader/gradescope/setup.sh",
  "run_autograder": "grader/gradescope/run_autograder",
  "autograder.py": "grader/classroom50/autograder.py",
};

/** The settings of an autograder. */
export interface AutograderSettings {
  /** The number of seeds of each test; the default of `deno task grade` if absent. */
  seeds?: number | undefined;
  /** The text that decides the seeds. */
  salt?: string | undefined;
  /** The due date; if absent, that of the assignment in Gradescope. */
  due?: Date | undefined;
  /** The rubric; the default of `deno task grade` if absent. */
  rubric?: Rubric | undefined;
}

/** Returns the files of an autograder: their texts by their paths. */
export async function autograderFiles(
  { seeds, salt, due, rubric }: AutograderSettings,
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const options: string[] = [];
  if (seeds !== undefined) options.push(`--seeds=${seeds}`);
  if (salt !== undefined) options.push(`--salt=${salt}`);
  if (due !== undefined) options.push(`--due=${due.toISOString().slice(0, 19)}Z`);
  if (rubric !== undefined) {
    options.push("--rubric=rubric.json");
    files.set("lab/rubric.json", JSON.stringify(rubric));
  }
  files.set("options.txt", options.map((option) => `${option}\n`).join(""));
  for (const [path, source] of Object.entries(SCRIPTS)) files.set(path, await read(source));
  for (const [path, text] of await handoutFiles()) {
    if (!STUDENTS_ONLY.test(path)) files.set(`lab/${path}`, text);
  }
  for (const path of await filesBelow("grader")) {
    if (!LEFT_OUT.test(path)) files.set(`lab/${path}`, await read(path));
  }
  for (const [path, text] of await packageFiles(["grade"], files.values())) {
    files.set(`lab/${path}`, text);
  }
  return files;
}
