/**
 * `deno task grade --merge`: joins the reports of the parts of a class.
 *
 * @module
 */

import { CommandError } from "../../cli/mod.ts";
import { handedOutLikeness, withLikeness } from "./likeness.ts";
import type { GradeOptions } from "../options.ts";
import { cannotMerge, joinedProvenance } from "./provenance.ts";
import { readJson } from "./read_json.ts";
import { GradeReport } from "./result.ts";

/** The options that say how submissions are run; nothing runs while reports are joined. */
const OF_RUNS: readonly string[] = [
  "seeds",
  "salt",
  "rubric",
  "due",
  "jobs",
  "shard",
  "metadata",
  "root",
  "explain",
  "fresh",
];

/** Refuses options that would do nothing.
 *
 * @throws {CommandError} There is one. */
export function checkMerge(options: GradeOptions): void {
  const given: Record<string, unknown> = options;
  const idle = OF_RUNS.find((name) => given[name] !== undefined && given[name] !== false);
  if (idle === undefined) return;
  throw new CommandError(`Cannot use --${idle} with --merge, which runs nothing; take it out`);
}

/** Joins the reports of shards.
 *
 * @param files The JSON report of each.
 * @throws {CommandError} They are not all parts of one class, each of them once.
 */
export async function merged(files: readonly string[]): Promise<GradeReport> {
  if (files.length === 0) {
    throw new CommandError("No report was given; expected --merge and files that --json wrote");
  }
  const parts = await Promise.all(files.map(async (file) => {
    return { file, report: await readJson(file, GradeReport) };
  }));
  const provenance = joinedProvenance(parts);
  const submissions = parts.flatMap(({ report }) => report.submissions);
  submissions.sort((a, b) => a.submission < b.submission ? -1 : 1);
  const twice = submissions.find((each, i) => submissions[i - 1]?.submission === each.submission);
  if (twice !== undefined) {
    throw cannotMerge(`"${twice.submission}" stands in more than one report`);
  }
  const ungraded = new Set(parts.flatMap(({ report }) => report.ungraded ?? []));
  return {
    ...provenance === undefined ? {} : { provenance },
    submissions: withLikeness(submissions, await handedOutLikeness()),
    ...ungraded.size === 0 ? {} : { ungraded: [...ungraded].toSorted() },
  };
}
