/**
 * Applies the rules of `lint/submission.ts` to a submission before any of it runs, as `deno test`
 * and the editor do.
 *
 * The rules run in a process of `deno lint`, because a text that breaks the parser, for example by
 * deep nesting, must not affect other submissions. The rules cannot see a name that is computed at
 * run time, but a realm holds nothing under such a name.
 *
 * @module
 */

import { basename, join } from "node:path";
import { z } from "zod";
import type { Problem } from "../result/result.ts";
import { makeTemporary } from "../../cli/temporary.ts";
import { askTool, runTool, type ToolEnd } from "./tool.ts";

const FILES = ["client.ts", "server.ts"] as const;

/** A file that every working parser accepts. */
const EMPTY = "empty.ts";

/** The limit of processor time for one run of the rules, in seconds. */
const CPU_SECONDS_MAX = 20;

/** The number of problems that are kept of each file. */
const PROBLEMS_MAX = 20;

/** The configuration of `deno lint`: only the rules for submissions. */
const CONFIG = {
  lint: {
    plugins: [new URL("../../lint/submission.ts", import.meta.url).href],
    rules: { tags: [] },
  },
};

const Findings = z.object({
  diagnostics: z.array(z.object({
    filename: z.string(),
    range: z.object({ start: z.object({ line: z.int() }) }),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
  })),
  errors: z.array(z.object({ file_path: z.string(), message: z.string() })),
});

type Findings = z.infer<typeof Findings>;

/** Returns the problems that the rules find in a submission.
 *
 * @param submission The texts of its two files by their names.
 * @param signal Ends the check early.
 * @throws {NotGradedError} This machine could not run the rules.
 */
export async function refusedImports(
  submission: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<Problem[]> {
  const place = await makeTemporary();
  try {
    await Deno.writeTextFile(join(place, "deno.json"), JSON.stringify(CONFIG));
    await Deno.writeTextFile(join(place, EMPTY), "");
    for (const file of FILES) {
      // A comment must not disable a rule. The lines keep their numbers.
      const text = submission.get(file)!.replaceAll("deno-lint-", "deno_lint_");
      await Deno.writeTextFile(join(place, file), text);
    }
    const both = findingsOf(await lint(place, FILES, signal));
    if (both !== undefined) return FILES.flatMap((file) => problemsOf(file, both));
    // One of the files breaks the parser.
    const problems: Problem[] = [];
    for (const file of FILES) problems.push(...await problemsIn(place, file, signal));
    return problems;
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

function lint(
  folder: string,
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ToolEnd> {
  const args = ["lint", "--json", "--config", "deno.json", ...files];
  return runTool(args, { folder, cpuSecondsMax: CPU_SECONDS_MAX, signal });
}

/** Runs the rules on one file, which may break the parser. */
async function problemsIn(
  folder: string,
  file: string,
  signal: AbortSignal | undefined,
): Promise<Problem[]> {
  const asked = await askTool({
    run: () => lint(folder, [file], signal),
    read: findingsOf,
    works: async () => findingsOf(await lint(folder, [EMPTY], signal)) !== undefined,
  });
  if ("failure" in asked) {
    const message =
      `${file} cannot be read: the parser ${asked.failure}; is it nested very deeply?`;
    return [{ message, file, line: null }];
  }
  return problemsOf(file, asked.answer);
}

function problemsOf(file: string, { diagnostics, errors }: Findings): Problem[] {
  // An error in the rules themselves refuses nothing: isolation is up to the realm.
  const unreadable = errors.filter(({ file_path, message }) => {
    return basename(file_path) === file && !message.includes('of plugin "submission');
  });
  const found = diagnostics.filter(({ filename }) => basename(filename) === file);
  return [
    ...unreadable.map(({ message }) => unreadableProblem(file, message)),
    ...found.slice(0, PROBLEMS_MAX).map(({ message, hint, range }) => {
      return { message: `${message}; ${hint}`, file, line: range.start.line };
    }),
  ];
}

function findingsOf({ stdout }: ToolEnd): Findings | undefined {
  try {
    return Findings.parse(JSON.parse(stdout));
  } catch {
    return undefined;
  }
}

function unreadableProblem(file: string, text: string): Problem {
  const line = /:(\d+):\d+\s*$/.exec(text)?.[1];
  const message = `${file} cannot be parsed: ${
    text.split("\n")[0]!.replace(/^SyntaxError: /, "")
  }; correct this line first`;
  return { message, file, line: line === undefined ? null : Number(line) };
}
