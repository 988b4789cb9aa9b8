/**
 * Grades many submissions, on all cores.
 *
 * @module
 */

import { Progress } from "../cli/progress.ts";
import type { Facts } from "./facts.ts";
import { gradeSubmission } from "./grade_submission.ts";
import { type Circumstances, hashOfFolder, keepFacts, keptFacts, keyOf } from "./kept_facts.ts";
import { layOver } from "./overlay.ts";
import { takeSubmission } from "./sandbox/take.ts";

/** How a class is graded. */
export interface ClassOptions {
  seeds: readonly number[];
  tests: readonly string[];
  /** How many submissions are run at the same time. */
  jobs: number;
  /** Whether what earlier runs found out is used, and kept for later ones. */
  resume: boolean;
  /** Ends it early. */
  signal: AbortSignal;
}

/** Grades submissions.
 *
 * @param folders Where they are.
 * @returns What is known of each, in the order of the folders; nothing of those that the
 * signal left out.
 */
export async function gradeClass(
  folders: readonly string[],
  { seeds, tests, jobs, resume, signal }: ClassOptions,
): Promise<(Facts | undefined)[]> {
  const found: (Facts | undefined)[] = folders.map(() => undefined);
  const circumstances = { lab: resume ? await labHash() : "", seeds, tests };
  using progress = new Progress(folders.length, "submissions");
  let next = 0;
  let done = 0;
  const runRest = async () => {
    while (next < folders.length && !signal.aborted) {
      const i = next++;
      found[i] = await gradeOne(folders[i]!, circumstances, resume, signal);
      progress.update(++done);
    }
  };
  await Promise.all(Array.from({ length: jobs }, runRest));
  return found;
}

async function gradeOne(
  folder: string,
  circumstances: Circumstances,
  resume: boolean,
  signal: AbortSignal,
): Promise<Facts | undefined> {
  const taken = await takeSubmission(folder);
  const key = resume ? await keyOf(taken, circumstances) : "";
  const kept = resume ? await keptFacts(key) : undefined;
  if (kept !== undefined) return kept;
  try {
    const { seeds, tests } = circumstances;
    const facts = await gradeSubmission(taken, { seeds, tests, signal });
    if (resume) await keepFacts(key, facts);
    return facts;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** A hash of the lab, without any submission. */
async function labHash(): Promise<string> {
  await using overlay = await layOver(new Map([["client.ts", ""], ["server.ts", ""]]));
  return await hashOfFolder(overlay.path);
}
