/**
 * The findings of earlier runs of the command, so that an interrupted class can be resumed: one
 * file per submission, named after a hash of everything that decides its findings.
 *
 * @module
 */

import { systemReason } from "../cli/mod.ts";
import { Findings } from "./result/result.ts";
import { hashOf } from "./hash.ts";
import type { Taken } from "./take/take_submission.ts";

/** The folder of the files. */
const FOLDER = new URL("../.grades/", import.meta.url);

/** Everything that decides the findings besides the submission. */
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

/** Returns the name that the findings about a submission are kept under. */
export function cacheKey(taken: Taken, circumstances: Circumstances): string {
  return hashOf(
    JSON.stringify([circumstances, [...taken.files], taken.problems, taken.notes]),
  );
}

/** Returns the findings that an earlier run kept; `undefined` if there are none. */
export async function cachedFindings(key: string): Promise<Findings | undefined> {
  try {
    return Findings.parse(JSON.parse(await Deno.readTextFile(new URL(`${key}.json`, FOLDER))));
  } catch {
    return undefined;
  }
}

/** Keeps findings.
 *
 * @returns The reason that they cannot be kept; `undefined` if they are.
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
    return systemReason(error);
  }
}
