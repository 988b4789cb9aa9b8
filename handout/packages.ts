/**
 * `deno.json` and `deno.lock` of a copy that holds a part of the lab: with the tasks and
 * the packages of that part, and no others.
 *
 * @module
 */

import { z } from "zod";
import { CommandError } from "../cli/mod.ts";
import { read } from "./files.ts";

const DenoJson = z.looseObject({
  tasks: z.record(z.string(), z.unknown()),
  imports: z.record(z.string(), z.string()),
});

const DenoLock = z.looseObject({
  specifiers: z.record(z.string(), z.string()),
  npm: z.record(
    z.string(),
    z.looseObject({
      dependencies: z.array(z.string()).default([]),
      optionalDependencies: z.array(z.string()).default([]),
    }),
  ),
});

/** The rules for submissions, as the editor and `deno lint` show them. */
const SUBMISSION_RULES = "./lint/submission.ts";

/** Makes both files.
 *
 * @param tasks The tasks of the lab that the copy has.
 * @param names The packages that its files import.
 * @returns Their texts by their names.
 * @throws {CommandError} A package does not come from npm.
 */
export async function packageFiles(
  tasks: readonly string[],
  names: readonly string[],
): Promise<Map<string, string>> {
  const config = DenoJson.parse(JSON.parse(await read("deno.json")));
  const imports = pick(config.imports, names);
  return new Map([
    ["deno.json", toJson(reduceConfig(config, tasks, imports))],
    ["deno.lock", toJson(reduceLock(JSON.parse(await read("deno.lock")), imports))],
  ]);
}

/** Returns the names of the packages that files import, as `deno.json` has them.
 *
 * @param texts The texts of the files. */
export async function importedPackages(texts: Iterable<string>): Promise<string[]> {
  const { imports } = DenoJson.parse(JSON.parse(await read("deno.json")));
  const all = [...texts].join("\n");
  return Object.keys(imports).filter((name) => {
    return all.includes(name.endsWith("/") ? `"${name}` : `"${name}"`);
  }).sort();
}

function reduceConfig(
  { tasks, lock, fmt, compilerOptions }: z.infer<typeof DenoJson>,
  names: readonly string[],
  imports: Record<string, string>,
): unknown {
  const lineWidth = z.looseObject({ lineWidth: z.number() }).parse(fmt).lineWidth;
  return {
    tasks: pick(tasks, names),
    imports,
    lock,
    fmt: { lineWidth },
    lint: { plugins: [SUBMISSION_RULES] },
    compilerOptions,
  };
}

/** The lab's lock without the packages that students do not get: Deno would find that
 * it is out of date, and a frozen one may not be. */
function reduceLock(json: unknown, imports: Record<string, string>): unknown {
  const lock = DenoLock.parse(json);
  const versions = new Set(Object.values(imports).map(packageOf));
  const dependencies = [...versions].map((version) => `npm:${version}`).sort();
  const needed = new Set<string>();
  const pending = [...versions];
  for (let version = pending.pop(); version !== undefined; version = pending.pop()) {
    needed.add(version);
    const { dependencies, optionalDependencies } = lock.npm[version]!;
    for (const name of [...dependencies, ...optionalDependencies]) {
      pending.push(
        Object.keys(lock.npm).find((key) => key === name || key.startsWith(`${name}@`))!,
      );
    }
  }
  const npm = z.record(z.string(), z.unknown()).parse((json as { npm: unknown }).npm);
  return {
    ...lock,
    specifiers: pick(lock.specifiers, dependencies),
    npm: pick(npm, [...needed].sort()),
    workspace: { dependencies },
  };
}

/** The package of an import and its version: `"npm:zod@4.0.0/mini"` → `"zod@4.0.0"`. An
 * import of all that is in a package begins with `npm:/`. */
function packageOf(specifier: string): string {
  const match = specifier.match(/^npm:\/?((?:@[^/]+\/)?[^/]+)/);
  if (match === null) {
    throw new CommandError(
      `Cannot make a lock for "${specifier}": expected imports from npm; ` +
        "take those lines of deno.json back to npm",
    );
  }
  return match[1]!;
}

function pick<T>(record: Record<string, T>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, record[key]!]));
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
