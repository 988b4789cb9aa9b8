/**
 * The type check of a submission, in the compiler's own words.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import type { Problem } from "./result.ts";

/** How many of the compiler's messages are kept. */
const PROBLEMS_MAX = 20;

/** How long the compiler may take, in real milliseconds. */
const COMPILER_MS_MAX = 120_000;

/** What the compiler came to. */
export interface Compilation {
  success: boolean;
  /** What it printed. */
  text: string;
}

/** Runs the compiler.
 *
 * @param folder Where.
 * @param roots What it begins with.
 * @param options How long it may take, in real milliseconds, and what ends it earlier.
 */
export async function compile(
  folder: string,
  roots: readonly string[],
  { msMax = COMPILER_MS_MAX, signal }: { msMax?: number; signal?: AbortSignal | undefined } = {},
): Promise<Compilation> {
  const deadline = AbortSignal.timeout(msMax);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--no-remote", ...roots],
    cwd: folder,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "null",
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
  }).output();
  return { success, text: new TextDecoder().decode(stderr).trim() };
}

/** What the compiler says of a copy of the lab with a submission in it.
 *
 * @param folder The folder of the copy.
 * @param signal Ends it early.
 * @returns One problem a message; none if the types are right.
 */
export async function typeProblems(folder: string, signal?: AbortSignal): Promise<Problem[]> {
  const { success, text } = await compile(folder, ["test_test.ts"], { signal });
  if (success) return [];
  if (text !== "") return problemsOf(text, folder);
  const seconds = COMPILER_MS_MAX / 1000;
  const message = `The type check did not come to an end within ${seconds} s`;
  return [{ message, file: null, line: null }];
}

/** Reads what the compiler printed.
 *
 * @param text All of it.
 * @param folder The folder that it worked in, which is left out of the messages.
 */
export function problemsOf(text: string, folder: string): Problem[] {
  const here = `${pathToFileURL(Deno.realPathSync(folder)).href}/`;
  const blocks = text.replaceAll(here, "").split("\n\n").map((block) => {
    return block.replace(/^error: /, "").trimEnd();
  });
  const messages = blocks.filter((block) => {
    return block !== "" && !/^(?:Found \d+ errors?\.|Type checking failed\.)$/.test(block.trim());
  });
  const problems = messages.map((message) => {
    const [, file, line] = /^\s+at ([\w./-]+):(\d+):\d+$/m.exec(message) ?? [];
    return { message, file: file ?? null, line: line === undefined ? null : Number(line) };
  });
  const more = problems.length - PROBLEMS_MAX;
  if (more <= 0) return problems;
  const rest = { message: `and ${more} more messages of the compiler`, file: null, line: null };
  return [...problems.slice(0, PROBLEMS_MAX), rest];
}
