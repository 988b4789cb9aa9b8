/**
 * Rubrics in files.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import { readJson } from "./read_json.ts";
import { Rubric, unknownName } from "./rubric.ts";

/** Reads a rubric.
 *
 * @param file Its path.
 * @throws {CommandError} It cannot be read, is no rubric, or names a test or requirement that does not exist.
 */
export async function readRubric(file: string): Promise<Rubric> {
  const rubric = await readJson(file, Rubric);
  const problem = unknownName(rubric);
  if (problem === undefined) return rubric;
  throw new CommandError(`Cannot use "${file}": ${problem}`);
}
