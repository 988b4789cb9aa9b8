/**
 * `deno task grade --merge`: joins the reports of the parts of a class.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import { handedOutLikeness, withLikeness } from "./likeness.ts";
import { cannotMerge, joinedProvenance } from "./provenance.ts";
import { readJson } from "./read_json.ts";
import { GradeReport } from "./result.ts";

/** Joins the reports of the parts of a class.
 *
 * @param files The JSON report of each part.
 * @throws {CommandError} A part is missing, there twice, or was graded differently.
 */
export async function merged(files: readonly string[]): Promise<GradeReport> {
  if (files.length === 0) {
    throw new CommandError("No report was given; expected --merge and the files of --json");
  }
  const parts = await Promise.all(files.map(async (file) => {
    return { file, report: await readJson(file, GradeReport) };
  }));
  const provenance = joinedProvenance(parts);
  const submissions = parts.flatMap(({ report }) => report.submissions);
  submissions.sort((a, b) => a.submission < b.submission ? -1 : 1);
  const twice = submissions.find((each, i) => submissions[i - 1]?.submission === each.submission);
  if (twice !== undefined) {
    throw cannotMerge(`"${twice.submission}" is in more than one report`);
  }
  const ungraded = new Set(parts.flatMap(({ report }) => report.ungraded ?? []));
  return {
    ...provenance === undefined ? {} : { provenance },
    submissions: withLikeness(submissions, await handedOutLikeness()),
    ...ungraded.size === 0 ? {} : { ungraded: [...ungraded].toSorted() },
  };
}
