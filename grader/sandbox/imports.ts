/**
 * Refuses what a submission may not use, before anything of it runs: the rules of
 * `lint/submission.ts` read its text. `deno test` and the editor apply the same ones.
 *
 * They run in a process of their own without a permission, since a text that breaks the
 * parser (one that is nested very deeply, for example) is a problem of that submission
 * only. A name that is computed while the code runs cannot be seen; it finds a machine that
 * has nothing else to offer.
 *
 * @module
 */

import { join } from "node:path";
import { z } from "zod";
import type { Problem } from "../result.ts";

const FILES = ["client.ts", "server.ts"] as const;

/** How long reading one file may take, in real milliseconds. */
const RULES_MS_MAX = 20_000;

/** How many refusals of a file are told. */
const PROBLEMS_MAX = 20;

const CHECKER = new URL("../../lint/check_input.ts", import.meta.url);

const Refusals = z.array(z.object({
  file: z.string(),
  line: z.int().nullable(),
  message: z.string(),
  advice: z.string(),
}));

/** Says what of a submission is not allowed.
 *
 * @param folder The folder that holds its two files.
 */
export async function refusedImports(folder: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const file of FILES) {
    problems.push(...await refusedIn(file, await Deno.readTextFile(join(folder, file))));
  }
  return problems;
}

async function refusedIn(file: string, source: string): Promise<Problem[]> {
  const text = await runRules(file, source);
  const refusals = Refusals.safeParse(jsonOf(text));
  if (!refusals.success) {
    return [{ message: `${file} cannot be read: the parser gave up on it`, file, line: null }];
  }
  return refusals.data.slice(0, PROBLEMS_MAX).map(({ message, advice, line }) => {
    return { message: `${message}; ${advice}`, file, line };
  });
}

/** Runs the rules on one file.
 *
 * @returns What they printed. */
async function runRules(file: string, source: string): Promise<string> {
  await using process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", CHECKER.href, file],
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    signal: AbortSignal.timeout(RULES_MS_MAX),
  }).spawn();
  const written = new Response(source).body!.pipeTo(process.stdin).catch(() => {
    // It ended before it had read everything; what it printed tells.
  });
  const [{ stdout }] = await Promise.all([process.output(), written]);
  return new TextDecoder().decode(stdout);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
