/**
 * The type check of a submission, in the words of the compiler.
 *
 * @module
 */

import { pathToFileURL } from "node:url";
import { LAB, layOver } from "../../explore/overlay.ts";
import type { Problem } from "../result/result.ts";
import { askTool, runTool, type ToolEnd } from "./tool.ts";

/** The number of the compiler's messages that are kept. */
const PROBLEMS_MAX = 20;

/** The limit of the compiler's processor time, in seconds. */
const CPU_SECONDS_MAX = 120;

/** The compiler's messages for wrong types. */
const TYPE_ERROR = /^TS\d+ \[ERROR\]: /m;

/** The compiler's messages for a missing module, such as a package that this machine lacks. */
const MISSING = /^TS(?:2307|2792|7016) \[ERROR\]: /m;

/** The compiler's form of a place in a file. */
const PLACE = /\bat file:\S+:\d+:\d+$/m;

/** Runs the compiler.
 *
 * @param folder The working directory.
 * @param roots The modules to check, with all that they import.
 * @param options The limit of processor time, in seconds, and a signal that ends the run.
 * @throws {NotGradedError} The compiler could not be started.
 */
export function compile(
  folder: string,
  roots: readonly string[],
  { cpuSecondsMax = CPU_SECONDS_MAX, signal }: {
    cpuSecondsMax?: number;
    signal?: AbortSignal | undefined;
  } = {},
): Promise<ToolEnd> {
  const args = ["check", "--quiet", "--no-remote", ...roots];
  return runTool(args, { folder, cpuSecondsMax, signal });
}

/** Checks the types of a submission.
 *
 * @param files The texts of its files by their names.
 * @param signal Ends the check early.
 * @returns One problem for each message; none if the types are correct.
 * @throws {NotGradedError} This machine could not check the types.
 */
export async function typeProblems(
  files: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<Problem[]> {
  await using overlay = await layOver(files);
  const folder = overlay.path;
  const asked = await askTool({
    run: () => compile(folder, ["test_test.ts"], { signal }),
    read: (end) => problemsIn(end, folder),
    // The lab's own types are correct.
    works: async () => {
      await using lab = await layOver(LAB);
      return (await compile(lab.path, ["test_test.ts"], { signal })).code === 0;
    },
  });
  if ("answer" in asked) return asked.answer;
  const { signal: endedBy, stderr } = asked.end;
  if (endedBy === null && (TYPE_ERROR.test(stderr) || PLACE.test(stderr))) {
    return problemsOf(stderr, folder);
  }
  const message = `The type check failed on this submission: the compiler ${asked.failure}`;
  return [{ message, file: null, line: null }];
}

/** Returns the verdict of the compiler; `undefined` if it may be about this machine rather than the
 * submission. */
function problemsIn({ code, signal, stderr }: ToolEnd, folder: string): Problem[] | undefined {
  if (signal !== null) return undefined;
  if (code === 0) return [];
  const isCertain = TYPE_ERROR.test(stderr) && !MISSING.test(stderr);
  return isCertain ? problemsOf(stderr, folder) : undefined;
}

/** Returns the messages in the output of the compiler, with paths relative to `folder`. */
function problemsOf(text: string, folder: string): Problem[] {
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
