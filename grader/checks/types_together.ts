/**
 * The type check of many submissions in one run of the compiler. It costs a tenth of separate
 * runs, since the compiler reads the shared types, such as those of the runtime, only once.
 *
 * The check only tells which submissions are correct. All others are checked again separately, so
 * that their messages are about them alone.
 *
 * @module
 */

import { join } from "node:path";
import { copyParts, writeSubmission } from "../../explore/overlay.ts";
import { refusedImports } from "./imports.ts";
import type { Taken } from "../take/take_submission.ts";
import { makeTemporary } from "../../cli/temporary.ts";
import { compile } from "./types.ts";

/** The parts of the lab that all submissions share; `deno.json` names the types in `cli/`. */
const SHARED_PARTS = ["deno.json", "deno.lock", "cli"];

/** The parts of the lab whose types a submission can use, besides `config.ts`. */
const OWN_PARTS = ["labrpc", "labrpc.ts", "sim"];

/** The types of `config.ts` that a submission can use. */
export const CONFIG_TYPES = `
import type { ClientEnd } from "./labrpc.ts";
import type { KVServer } from "./server.ts";
export type ShardConfig = { nservers: number; nreplicas: number };
export type ServerConfig = ShardConfig & { me: number; peers: ClientEnd<KVServer>[] };
`;

/** Replaces `config.ts`, with all that it requires of a submission's modules and types. The rest of
 * it, and the lab that it imports, is correct and would take most of the compiler's time. */
const CONFIG = `${CONFIG_TYPES}
import * as client from "./client.ts";
import * as server from "./server.ts";
export const modules: object[] = [client, server];
declare module "./labrpc/client_end.ts" {
  interface RpcClasses {
    KVServer: typeof KVServer;
  }
}
`;

/** The limit of the compiler's processor time, in seconds. The separate checks find a submission
 * that takes longer. */
const CPU_SECONDS_MAX = 60;

/** The number of runs of the compiler. Each leaves out the submissions that were found wrong. */
const ROUNDS_MAX = 3;

/** Declarations that would change the types of the other submissions in the program. The pattern
 * scans blank lines only once: a file full of them must not hold up the class. */
const REACHES_OTHERS = /\bdeclare\b|^[^\S\n\r\u2028\u2029]*\/\/\/\s*</m;

/** The place of an error in the output of the compiler. */
const PLACE = /^\s+at file:\/\/\S+?\/s(\d+)\/\w+\.ts:\d+:\d+$/gm;

/** Checks the imports and types of submissions together.
 *
 * @param signal Ends the check early.
 * @returns The submissions that are known to be correct.
 */
export async function rightTogether(
  submissions: readonly Taken[],
  signal: AbortSignal,
): Promise<Set<Taken>> {
  const allowed: Taken[] = [];
  for (const taken of submissions) {
    if (signal.aborted) return new Set();
    if (taken.problems.length > 0) continue;
    const refused = await refusedImports(taken.files, signal).catch(() => undefined);
    if (refused?.length === 0) allowed.push(taken);
  }
  return await withRightTypes(allowed, signal);
}

/** Checks the types of submissions together.
 *
 * @param submissions Submissions with correct imports.
 * @param signal Ends the check early.
 * @returns The submissions that are known to be correct.
 */
export async function withRightTypes(
  submissions: readonly Taken[],
  signal?: AbortSignal,
): Promise<Set<Taken>> {
  // A failure says nothing about a submission: each is then checked separately.
  return await checkTypes(submissions, signal).catch(() => new Set<Taken>());
}

async function checkTypes(
  submissions: readonly Taken[],
  signal?: AbortSignal,
): Promise<Set<Taken>> {
  const laid = new Map<string, Taken>();
  const folder = await makeTemporary();
  try {
    await copyParts(SHARED_PARTS, folder);
    for (const [i, taken] of submissions.entries()) {
      if (reachesOthers(taken)) continue;
      const place = join(folder, `s${i}`);
      await Deno.mkdir(place);
      await copyParts(OWN_PARTS, place);
      await Deno.writeTextFile(join(place, "config.ts"), CONFIG);
      await writeSubmission(taken.files, place);
      laid.set(`${i}`, taken);
    }
    // An error may keep the compiler from checking the rest, so it runs again.
    for (let round = 0; round < ROUNDS_MAX && laid.size > 0; round++) {
      const roots = [...laid.keys()].map((i) => `s${i}/config.ts`);
      const { code, stderr } = await compile(folder, roots, {
        cpuSecondsMax: CPU_SECONDS_MAX,
        ...signal && { signal },
      });
      if (code === 0) return new Set(laid.values());
      const wrong = Array.from(stderr.matchAll(PLACE), ([, i]) => i!);
      // Without a place, the submission at fault is unknown.
      if (wrong.length === 0) break;
      for (const i of wrong) laid.delete(i);
    }
    return new Set();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function reachesOthers({ files }: Taken): boolean {
  return [...files.values()].some((text) => REACHES_OTHERS.test(text));
}
