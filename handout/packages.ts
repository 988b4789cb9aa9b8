/**
 * The `deno.json` and `deno.lock` of a copy of a part of the lab. They have only the tasks and
 * packages of that part.
 *
 * @module
 */

import { z } from "zod";
import { CommandError } from "../cli/mod.ts";
import { IMPORTS } from "../lint/submission_rules.ts";
import { read } from "./files.ts";

const DenoJson = z.looseObject({
  tasks: z.record(z.string(), z.unknown()),
  imports: z.record(z.string(), z.string()),
  fmt: z.looseObject({ lineWidth: z.number() }),
});

const Package = z.looseObject({
  dependencies: z.array(z.string()).default([]),
  optionalDependencies: z.array(z.string()).default([]),
});

const DenoLock = z.looseObject({
  specifiers: z.record(z.string(), z.string()),
  npm: z.record(z.string(), z.unknown()),
});

/** The rules for submissions, as the editor and `deno lint` show them. */
const SUBMISSION_RULES = "./lint/submission.ts";

/** Returns the two files, by their names.
 *
 * @param tasks The tasks of the lab that the copy has.
 * @param texts The texts of its modules. The copy gets the packages that they import, and those
 * that a submission may import.
 * @throws {CommandError} A package does not come from npm.
 */
export async function packageFiles(
  tasks: readonly string[],
  texts: Iterable<string>,
): Promise<Map<string, string>> {
  const config = DenoJson.parse(JSON.parse(await read("deno.json")));
  const { lock, compilerOptions, fmt: { lineWidth } } = config;
  const code = [...texts].join("\n");
  const names = Object.keys(config.imports).filter((name) => {
    return name in IMPORTS || code.includes(`from "${name}"`) || code.includes(`import("${name}")`);
  });
  const imports = pick(config.imports, names.sort());
  return new Map([
    [
      "deno.json",
      toJson({
        ...{ tasks: pick(config.tasks, tasks), imports, lock, fmt: { lineWidth } },
        ...{ lint: { plugins: [SUBMISSION_RULES] }, compilerOptions },
      }),
    ],
    ["deno.lock", toJson(reducedLock(JSON.parse(await read("deno.lock")), imports))],
  ]);
}

/** Returns the lock without other packages: Deno refuses a frozen lock that has more than
 * `deno.json`. */
function reducedLock(json: unknown, imports: Record<string, string>): unknown {
  const lock = DenoLock.parse(json);
  const versions = new Set(Object.values(imports).map(packageOf));
  const dependencies = [...versions].map((version) => `npm:${version}`).sort();
  // A set is iterated with what is added meanwhile.
  const needed = new Set(versions);
  for (const version of needed) {
    const { dependencies, optionalDependencies } = Package.parse(lock.npm[version]);
    for (const name of [...dependencies, ...optionalDependencies]) {
      needed.add(
        Object.keys(lock.npm).find((key) => key === name || key.startsWith(`${name}@`))!,
      );
    }
  }
  return {
    ...lock,
    specifiers: pick(lock.specifiers, dependencies),
    npm: pick(lock.npm, [...needed].sort()),
    workspace: { dependencies },
  };
}

/** Returns the package and the version of an import, for example `zod@4.0.0` for
 * `npm:zod@4.0.0/mini`. */
function packageOf(specifier: string): string {
  const [, name] = /^npm:((?:@[^/]+\/)?[^/]+)/.exec(specifier) ?? [];
  if (name !== undefined) return name;
  throw new CommandError(
    `Cannot make a lock for "${specifier}": expected imports from npm; take those lines of ` +
      "deno.json back to npm",
  );
}

function pick<T>(record: Record<string, T>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, record[key]!]));
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
