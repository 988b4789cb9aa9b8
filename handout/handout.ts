/**
 * `deno task handout`: writes the repository that students start from.
 *
 * @module
 */

import { z } from "zod";
import { type Command, EXIT_STATUS, type ExitStatus, flag, main } from "../cli/mod.ts";
import { GradeOptions } from "../grader/options.ts";
import { readJson } from "../grader/result/read_json.ts";
import { Rubric } from "../grader/result/rubric.ts";
import { handoutFiles } from "./files.ts";
import { writeHandout } from "./target.ts";

/** A valid name of an organization on GitHub. */
const ORGANIZATION = /^(?!-)(?!.*--)[A-Za-z0-9-]{1,39}(?<!-)$/;

const Options = z.strictObject({
  classroom50: z.string().regex(
    ORGANIZATION,
    "expected the name of an organization on GitHub, for example --classroom50=my-course",
  ).optional().meta({
    description: "Adds the workflow for Classroom 50 instead of GitHub Classroom's",
    value: "ORG",
  }),
  rubric: GradeOptions.shape.rubric,
  force: flag().meta({
    description: "Refreshes a handout, unless a file of it was changed",
  }),
});

/** The command. */
export const handout: Command<typeof Options> = {
  name: "handout",
  summary: "Writes the repository that students start from into a folder.",
  operands: { name: "DIR", min: 1, max: 1 },
  options: Options,
  run,
};

async function run(
  { classroom50, rubric: file, force }: z.infer<typeof Options>,
  [folder]: string[],
): Promise<ExitStatus> {
  const rubric = file === undefined ? undefined : await readJson(file, Rubric);
  const files = await handoutFiles({ classroom50, rubric });
  await writeHandout(folder!, files, force);
  console.log(`Wrote ${files.size} files to "${folder}"; read its README.md first`);
  return EXIT_STATUS.ok;
}

if (import.meta.main) await main(handout);
