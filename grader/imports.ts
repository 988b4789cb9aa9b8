/**
 * Refuses what a submission may not import, before anything of it runs: its module graph
 * is read, not executed.
 *
 * A specifier that is computed while the code runs cannot be seen in the graph. It is
 * refused where it is written down; what gets past that finds everything frozen, and no
 * permission.
 *
 * @module
 */

import { join } from "node:path";
import { z } from "zod";
import type { Problem } from "./result.ts";

const FILES = ["client.ts", "server.ts"] as const;

/** What a submission may import. */
const ALLOWED = [
  "zod",
  "@std/assert",
  "@std/async",
  "./labrpc.ts",
  "./config.ts",
  "./client.ts",
  "./server.ts",
];

const Span = z.object({ start: z.object({ line: z.int() }) });
const Reference = z.object({ span: Span.optional() }).optional();
const Graph = z.object({
  modules: z.array(z.object({
    specifier: z.string(),
    error: z.string().optional(),
    dependencies: z.array(z.object({ specifier: z.string(), code: Reference, type: Reference }))
      .optional(),
    typesDependency: z.object({ specifier: z.string() }).optional(),
  })),
});

/** Says which imports of a submission are not allowed.
 *
 * @param folder A copy of the lab with the submission in it.
 */
export async function refusedImports(folder: string): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const file of FILES) {
    problems.push(...computedImports(file, await Deno.readTextFile(join(folder, file))));
    problems.push(...await graphProblems(folder, file));
  }
  return problems;
}

async function graphProblems(folder: string, file: string): Promise<Problem[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--no-remote", "--no-npm", "--no-lock", file],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stderr: "null",
  }).output();
  const { modules } = Graph.parse(JSON.parse(new TextDecoder().decode(stdout)));
  const own = modules.find(({ specifier }) => specifier.endsWith(`/${file}`));
  if (own === undefined || own.error !== undefined) {
    const message = own?.error?.replaceAll(/file:\/\/\S*\//g, "") ?? `${file} cannot be parsed`;
    const line = /:(\d+):\d+\s*$/.exec(message)?.[1];
    return [{ message, file, line: line === undefined ? null : Number(line) }];
  }
  const { dependencies = [], typesDependency } = own;
  const imports = dependencies.map(({ specifier, code, type }) => {
    const line = (code?.span ?? type?.span)?.start.line;
    return { specifier, line: line === undefined ? null : line + 1 };
  });
  if (typesDependency) imports.push({ specifier: typesDependency.specifier, line: null });
  return imports.filter(({ specifier }) => !ALLOWED.includes(specifier)).map(
    ({ specifier, line }) => ({
      message: `The import of "${specifier}" is not allowed; expected one of ${ALLOWED.join(", ")}`,
      file,
      line,
    }),
  );
}

/** An import as a function of anything but a name in quotes, which may be written with
 * comments and over several lines. */
const GAP = String.raw`(?:\s|/\*[^]*?\*/|//[^\n]*\n)*`;
const NAME = String.raw`(?:"[^"\\\n]*"|'[^'\\\n]*')`;
const COMPUTED_IMPORT = new RegExp(
  String.raw`\bimport${GAP}\(${GAP}(?!\s|/[*/]|${NAME}${GAP}[,)])`,
  "g",
);

function computedImports(file: string, text: string): Problem[] {
  const found = Array.from(text.matchAll(COMPUTED_IMPORT), ({ index }) => {
    const before = text.slice(0, index).split("\n");
    return { line: before.length, isComment: /^\s*(?:\/\/|\*)/.test(before.at(-1)!) };
  });
  return found.filter(({ isComment }) => !isComment).map(({ line }) => ({
    message: "An import whose name is computed is not allowed; expected a name in quotes",
    file,
    line,
  }));
}
