/**
 * The findings of earlier runs of the command, so that an interrupted class can be resumed: one
 * file a submission, named after a hash of everything that decides its outcome.
 *
 * @module
 */

import { Findings } from "./result/result.ts";
import { hashOf } from "./hash.ts";
import type { Taken } from "./take/take_submission.ts";

/** The folder that holds the files, in the folder of the lab. */
const FOLDER = new URL("../.grades/", import.meta.url);

/** Everything that decides the outcome besides the submission. */
export interface Circumstances {
  /** A hash of the lab itself. */
  lab: string;
  /** The seeds that each test runs with. */
  seeds: readonly number[];
  /** The names of the tests, up to the colon. */
  tests: readonly string[];
  /** True if the smallest run that fails is searched for, for each failed test. */
  explain: boolean;
}

/** Returns the name that the outcome of a submission is kept under. */
export function cacheKey(taken: Taken, circumstances: Circumstances): string {
  return hashOf(
    JSON.stringify([circumstances, [...taken.files], taken.problems, taken.notes]),
  );
}

/** Returns the findings about a submission that an earlier run kept.
 *
 * @returns `undefined` if there are none. */
export async function cachedFindings(key: string): Promise<Findings | undefined> {
  try {
    return Findings.parse(JSON.parse(await Deno.readTextFile(new URL(`${key}.json`, FOLDER))));
  } catch {
    return undefined;
  }
}

/** Keeps findings, as a whole or not at all.
 *
 * @returns The reason that it cannot be kept; `undefined` if it is.
 */
export async function cacheFindings(key: string, findings: Findings): Promise<string | undefined> {
  const begun = new URL(`${key}.${crypto.randomUUID()}.tmp`, FOLDER);
  try {
    await Deno.mkdir(FOLDER, { recursive: true });
    await Deno.writeTextFile(begun, JSON.stringify(findings));
    await Deno.rename(begun, new URL(`${key}.json`, FOLDER));
    return undefined;
  } catch (error) {
    await Deno.remove(begun).catch(() => {});
    return (error as Error).message;
  }
}
