/**
 * Refuses what a submission may not use, before anything of it runs: the rules of
 * `lint/submission.ts` read its text, as they do in `deno test` and in the editor.
 *
 * `deno lint` runs them in a process of its own, since a text that breaks the parser (one
 * that is nested very deeply, for example) is a problem of that submission only. A name that
 * is computed while the code runs cannot be seen; it finds a machine that has nothing else
 * to offer.
 *
 * @module
 */

import { join } from "node:path";
import { z } from "zod";
import type { Problem } from "./result.ts";

const FILES = ["client.ts", "server.ts"] as const;

/** How long reading one file may take, in real milliseconds. */
const RULES_MS_MAX = 20_000;

/** How many refusals of a file are told. */
const PROBLEMS_MAX = 20;

/** No rules but those for submissions. */
const CONFIG = {
  lint: {
    plugins: [new URL("../lint/submission.ts", import.meta.url).href],
    rules: { tags: [] },
  },
};

const Findings = z.object({
  diagnostics: z.array(z.object({
    range: z.object({ start: z.object({ line: z.int() }) }),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
  })),
  errors: z.array(z.object({ message: z.string() })),
});

/** Says what of a submission is not allowed.
 *
 * @param folder The folder that holds its two files.
 */
export async function refusedImports(folder: string): Promise<Problem[]> {
  const place = await Deno.makeTempDir({ prefix: "kvlab-rules-" });
  try {
    await Deno.writeTextFile(join(place, "deno.json"), JSON.stringify(CONFIG));
    const problems: Problem[] = [];
    for (const file of FILES) {
      const source = await Deno.readTextFile(join(folder, file));
      // A comment in a submission switches no rule off; lines stay where they are.
      const text = source.replaceAll("deno-lint-", "deno_lint_");
      await Deno.writeTextFile(join(place, file), text);
      problems.push(...problemsIn(file, await lint(place, file)));
    }
    return problems;
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

/** Runs the rules on one file.
 *
 * @returns What they printed; nothing sensible if they could not. */
async function lint(folder: string, file: string): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["lint", "--json", "--config", "deno.json", file],
    cwd: folder,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
    signal: AbortSignal.timeout(RULES_MS_MAX),
  }).output();
  return new TextDecoder().decode(stdout);
}

function problemsIn(file: string, output: string): Problem[] {
  const findings = Findings.safeParse(jsonOf(output));
  if (!findings.success) {
    return [{ message: `${file} cannot be read: the parser gave up on it`, file, line: null }];
  }
  const { diagnostics, errors } = findings.data;
  // A fault of the rules themselves refuses nothing: what isolates is the realm.
  const unreadable = errors.filter(({ message }) => !message.includes('of plugin "submission'));
  return [
    ...unreadable.map(({ message }) => unreadableProblem(file, message)),
    ...diagnostics.slice(0, PROBLEMS_MAX).map(({ message, hint, range }) => {
      return { message: `${message}; ${hint}`, file, line: range.start.line };
    }),
  ];
}

function unreadableProblem(file: string, text: string): Problem {
  const line = /:(\d+):\d+\s*$/.exec(text)?.[1];
  const message = `${file} cannot be parsed: ${
    text.split("\n")[0]!.replace(/^SyntaxError: /, "")
  }; correct this line first`;
  return { message, file, line: line === undefined ? null : Number(line) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
