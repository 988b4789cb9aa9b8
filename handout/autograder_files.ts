/**
 * The files of an autograder for Gradescope or Classroom 50: the scripts that their
 * machines start, and in `lab/` what `deno task grade` needs. No solution is in it:
 * Classroom 50 publishes its autograders, and the files of a submission take the place
 * of those that would hold one.
 *
 * @module
 */

import type { Rubric } from "../grader/result/rubric.ts";
import { filesBelow, handoutFiles, read } from "./files.ts";
import { importedPackages, packageFiles } from "./packages.ts";

/** Files of the students' repository that grading has no use for. */
const STUDENTS_ONLY = /^(?:README\.md|debugger|docs|\.[\w.]+)(?:$|\/)/;

/** The parts of the grader that stay here, besides its tests. */
const LEFT_OUT = /^grader\/(?:hostile|zoo|gradescope|classroom50|github)\//;

/** The files of the students' folders that grading needs and students do not. */
const GRADERS_ONLY = ["cli/temporary.ts", "explore/overlay.ts"];

/** The paths of the scripts here, by their paths in the autograder. */
const SCRIPTS = {
  "setup.sh": "grader/gradescope/setup.sh",
  "run_autograder": "grader/gradescope/run_autograder",
  "autograder.py": "grader/classroom50/autograder.py",
};

/** The settings of an autograder. */
export interface AutograderSettings {
  /** With how many seeds each test runs; as many as `grade` takes by itself if absent. */
  seeds?: number | undefined;
  /** Decides which seeds. */
  salt?: string | undefined;
  /** When submissions are due; what Gradescope says if absent. */
  due?: Date | undefined;
  /** The points of each test; those that `grade` gives by itself if absent. */
  rubric?: Rubric | undefined;
}

/** The text of each file of an autograder by its path.
 *
 * @param settings What it is told.
 */
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
  for (const path of GRADERS_ONLY) files.set(`lab/${path}`, await read(path));
  for (const path of await filesBelow("grader")) {
    if (!LEFT_OUT.test(path)) files.set(`lab/${path}`, await read(path));
  }
  const packages = await packageFiles(["grade"], await importedPackages(files.values()));
  for (const [path, text] of packages) files.set(`lab/${path}`, text);
  return files;
}
