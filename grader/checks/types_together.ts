/**
 * The type check of many submissions in one run of the compiler, which costs a tenth of
 * a run for each: what they share, such as the types of the runtime, is read once.
 *
 * It only says which submissions are right. Any other is checked again alone, so that it gets only
 * messages about itself.
 *
 * @module
 */

import { join } from "node:path";
import { copyParts, writeSubmission } from "../../explore/overlay.ts";
import { refusedImports } from "./imports.ts";
import type { Taken } from "../take/take_submission.ts";
import { makeTemporary } from "../../cli/temporary.ts";
import { compile } from "./types.ts";

/** The parts that all of them share; `deno.json` names the types in `cli/`. */
const SHARED_PARTS = ["deno.json", "deno.lock", "cli"];

/** The parts of the lab whose types a submission can meet, besides `config.ts`. */
const OWN_PARTS = ["labrpc", "labrpc.ts", "sim"];

/** The types that `config.ts` gives to a submission. */
export const CONFIG_TYPES = `
import type { ClientEnd } from "./labrpc.ts";
import type { KVServer } from "./server.ts";
export type ShardConfig = { nservers: number; nreplicas: number };
export type ServerConfig = ShardConfig & { me: number; peers: ClientEnd<KVServer>[] };
`;

/** Stands in for `config.ts`, with all that it says about the modules and the types of a
 * submission. The rest of it, and the lab that it imports, is right, and would take most of the
 * compiler's time. */
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

/** The processor time that the compiler may take, in seconds. A submission that takes it
 * longer is found when each is checked by itself. */
const CPU_SECONDS_MAX = 60;

/** The number of runs of the compiler, each without the submissions found to be wrong. */
const ROUNDS_MAX = 3;

/** Declarations that reach beyond a submission's own files: in one program with others, it
 * would change the types of all. Blank lines are not searched more than once: a file full of them
 * would hold up the whole class. */
const REACHES_OTHERS = /\bdeclare\b|^[^\S\n\r\u2028\u2029]*\/\/\/\s*</m;

/** The place of an error in a message of the compiler. */
const PLACE = /^\s+at file:\/\/\S+?\/s(\d+)\/\w+\.ts:\d+:\d+$/gm;

/** Checks the imports and types of submissions together.
 *
 * @param submissions What was taken from each.
 * @param signal Ends it early.
 * @returns Those whose imports and types are right. Others may be.
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
 * @param submissions Those whose imports are right.
 * @param signal Ends it early.
 * @returns Those whose types are right. Others may be.
 */
export async function withRightTypes(
  submissions: readonly Taken[],
  signal?: AbortSignal,
): Promise<Set<Taken>> {
  // A failure says nothing about any of them: each is then checked alone.
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
    // What is wrong may keep the compiler from looking at the rest, so it is asked again.
    for (let round = 0; round < ROUNDS_MAX && laid.size > 0; round++) {
      const roots = [...laid.keys()].map((i) => `s${i}/config.ts`);
      const { code, stderr } = await compile(folder, roots, {
        cpuSecondsMax: CPU_SECONDS_MAX,
        ...signal && { signal },
      });
      if (code === 0) return new Set(laid.values());
      const wrong = Array.from(stderr.matchAll(PLACE), ([, i]) => i!);
      // Without a place, nobody knows whose fault it is.
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
