/**
 * Bundles a submission, and the lab's own scripts for its realms, into scripts without imports.
 *
 * Nothing of a submission runs here. A file that the bundler cannot parse, or an import that it
 * cannot resolve, is a problem of the submission.
 *
 * @module
 */

import type * as esbuild from "esbuild";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as labrpc from "../../labrpc.ts";
import type { Problem } from "../result/result.ts";

/** A script that can run in a realm. */
export interface Script {
  /** A function expression. */
  code: string;
  /** The source map. */
  map: string;
  /** True if the function is async, because the module has an `await` at its top. */
  awaits: boolean;
}

/** All scripts that the realms of one submission run. Plain data. */
export type Bundle = Record<"prelude" | "tools" | "platform" | "client" | "server", Script>;

/** A submission that cannot be bundled. */
export class BundleError extends Error {
  override readonly name = "BundleError";

  constructor(readonly problems: Problem[]) {
    super(problems.map(({ message }) => message).join("\n"));
  }
}

const INSIDE = fileURLToPath(new URL("inside/", import.meta.url));

/** Resolves npm packages from this file, as the lab's own imports are resolved. */
const require = createRequire(import.meta.url);

/** The packages that scripts import. Each has a specifier, and the file beside it that is an
 * ECMAScript module. */
const PACKAGES: Record<string, [specifier: string, file?: string]> = {
  "zod": ["zod", "index.js"],
  "object-inspect": ["object-inspect"],
  "event-target-shim": ["event-target-shim", "index.mjs"],
  "whatwg-url": ["whatwg-url"],
  "@ungap/structured-clone": ["@ungap/structured-clone", "../esm/index.js"],
  "@std/assert": ["deno-std/assert/mod.js"],
  "@std/async": ["deno-std/async/mod.js"],
};

/** Replacements for modules that the lab's code imports and a realm lacks. */
const RUNTIME: Record<string, string> = {
  "node:buffer": "export const Buffer = { byteLength: (text) => " +
    "unescape(encodeURIComponent(text.toWellFormed())).length };",
  "node:async_hooks": "export const AsyncLocalStorage = class {};",
  "node:vm": "export default undefined;",
  "node:timers": "export const setImmediate = undefined;",
  "node:process": "export default undefined;",
  // The module takes four megabytes, to suggest a name that the host has already looked up.
  "@std/text/closest-string": "export const closestString = (_, [name]) => name;",
};

/** Matches only these names, since each match costs a round trip to the bundler. */
const REPLACED = /^(?:node:|@std\/text\/)/;

const COMMON: esbuild.BuildOptions = {
  bundle: true,
  write: false,
  outfile: "script.js",
  format: "esm",
  platform: "browser",
  target: "esnext",
  supported: { decorators: false },
  sourcemap: "external",
  logLevel: "silent",
  charset: "utf8",
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
};

/** The scripts that all submissions share. */
let inside: Promise<Pick<Bundle, "prelude" | "tools" | "platform">> | undefined;

let loaded: Promise<typeof esbuild> | undefined;

/** Loads the bundler. It is loaded only when it is needed, since it reads the environment. */
export function bundler(): Promise<typeof esbuild> {
  return loaded ??= import("esbuild");
}

/** Bundles a submission.
 *
 * @param files The texts of `client.ts` and `server.ts` by their names.
 * @throws {BundleError} One of them cannot be bundled.
 */
export async function bundleSubmission(files: ReadonlyMap<string, string>): Promise<Bundle> {
  inside ??= bundleInside();
  const [client, server] = await Promise.all(
    ["client.ts", "server.ts"].map((file) => bundleFile(file, files)),
  );
  return { ...await inside, client: client!, server: server! };
}

async function bundleInside() {
  const script = async (file: string, name: string, head: string) => {
    const contents = `export { ${name} } from "./${file}";`;
    const { build } = await bundler();
    const result = await build({
      ...COMMON,
      stdin: { contents, resolveDir: INSIDE, loader: "ts" },
      plugins: [runtime, lab, packages],
    });
    return scriptOf(result, head);
  };
  const [prelude, tools, platform] = await Promise.all([
    script("prelude.ts", "realm", "(host) => "),
    script("tools.ts", "made", "() => "),
    script("late_globals.ts", "made", "() => "),
  ]);
  return { prelude: prelude!, tools: tools!, platform: platform! };
}

/** Bundles one of the two files, with what it imports from the other. */
async function bundleFile(file: string, files: ReadonlyMap<string, string>): Promise<Script> {
  const build = async (keepNames: boolean) => {
    return await (await bundler()).build({
      ...COMMON,
      keepNames,
      stdin: {
        contents: `import * as module from "./${file}";\nexport { module };`,
        resolveDir: "/",
        loader: "ts",
      },
      plugins: [runtime, submission(files), packages],
    });
  };
  try {
    let result = await build(false);
    if (!keepsNames(result, files)) result = await build(true);
    return awaitsIn(result)
      ? { ...scriptOf(result, "async (lab) => "), awaits: true }
      : scriptOf(result, "(lab) => ");
  } catch (error) {
    // Without a list of errors, the bundler itself failed.
    if (!Array.isArray((error as Partial<esbuild.BuildFailure>).errors)) throw error;
    throw new BundleError(problemsOf(error as esbuild.BuildFailure));
  }
}

/** The usual import of zod. From a namespace, the bundler can omit what is not used, which halves
 * the time that a realm takes to start. */
const ZOD_OBJECT = /\bimport\s*\{\s*z\s*\}\s*from\s*(?=["']zod["'])/;

/** Resolves the modules that a submission may import. */
function submission(files: ReadonlyMap<string, string>): esbuild.Plugin {
  const names = Object.keys(labrpc).join(", ");
  return {
    name: "submission",
    setup(build) {
      build.onResolve({ filter: /^\.\/(?:client|server)\.ts$/ }, ({ path }) => {
        return { path: path.slice(2), namespace: "submission" };
      });
      build.onLoad({ filter: /./, namespace: "submission" }, ({ path }) => {
        const contents = (files.get(path) ?? "").replace(ZOD_OBJECT, "import * as z from ");
        return { contents, loader: "ts", resolveDir: "/" };
      });
      build.onResolve({ filter: /^\.\/(?:labrpc|config)\.ts$/ }, ({ path }) => {
        return { path: path.slice(2), namespace: "lab" };
      });
      build.onLoad({ filter: /./, namespace: "lab" }, ({ path }) => {
        return { contents: path === "labrpc.ts" ? `export const { ${names} } = lab;` : "" };
      });
    },
  };
}

const packages: esbuild.Plugin = {
  name: "packages",
  setup(build) {
    build.onResolve({ filter: /^[@a-z][^:]*$/ }, ({ path, importer, namespace }) => {
      // The imports of a package are resolved from its files.
      if (importer.includes("/npm/")) {
        return { path: createRequire(importer).resolve(path) };
      }
      const [specifier, file] = PACKAGES[path] ?? [];
      if (specifier === undefined || namespace === "lab") return undefined;
      const found = require.resolve(specifier);
      return { path: file === undefined ? found : join(dirname(found), file), sideEffects: false };
    });
  },
};

/** The modules of a realm that define globals when they are loaded. */
const DEFINING = ["/basics.ts", "/text_coding.ts"];

/** Marks all other modules of the lab as free of side effects, so that the bundler omits what a
 * realm does not need. */
const lab: esbuild.Plugin = {
  name: "lab",
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/, namespace: "file" }, ({ path, resolveDir }) => {
      const sideEffects = DEFINING.some((each) => path.endsWith(each));
      return { path: join(resolveDir, path), sideEffects };
    });
  },
};

const runtime: esbuild.Plugin = {
  name: "runtime",
  setup(build) {
    build.onResolve({ filter: REPLACED }, ({ path, namespace }) => {
      const isReplaced = namespace !== "submission" && Object.hasOwn(RUNTIME, path);
      return isReplaced ? { path, namespace: "runtime" } : undefined;
    });
    build.onLoad({ filter: /./, namespace: "runtime" }, ({ path }) => {
      return { contents: RUNTIME[path]! };
    });
  },
};

/** The last statement of a bundle, which is its only export. */
const EXPORT = /export \{\s*(?:\w+ as )?(\w+)\s*\};\s*(?:\/\/# sourceMappingURL=.*\s*)?$/;

/** Turns a bundle into a function. The first line of the bundle is the second of the script. */
function scriptOf(result: esbuild.BuildResult, head: string): Script {
  const { body, local } = bodyOf(result);
  const code = `(${head}{"use strict";\n${body}return ${local};\n})`;
  return { code, map: outputOf(result, ".map"), awaits: false };
}

/** Returns the statements of a bundle, and the variable that holds its only export. */
function bodyOf(result: esbuild.BuildResult): { body: string; local: string } {
  const code = outputOf(result, ".js");
  const [statement] = EXPORT.exec(code)!;
  const [, local] = /\{\s*(\w+)/.exec(statement)!;
  return { body: code.slice(0, -statement.length), local: local! };
}

/** Returns true if a bundle has an `await` at its top. A static block has the syntax of a module
 * without one; in a function, `await (f())` would be a call. */
function awaitsIn(result: esbuild.BuildResult): boolean {
  try {
    new Function(`class Module {static {\n${bodyOf(result).body}\n}}`);
    return false;
  } catch {
    return true;
  }
}

/** A class or a function with a name. */
const NAMED = /\b(?:class|function)\s+(\w+)\s*(?=[(<{]|extends\b|implements\b)/g;
/** A class whose name is that of its variable. */
const VARIABLE_OF_CLASS = /\b(?:const|let|var)\s+(\w+)\s*=\s*class\b(?=\s*(?:extends\b|\{))/g;

/** Returns true if the bundler renamed no class or function of a submission. The option to keep
 * all names would make zod slow to load. */
function keepsNames(result: esbuild.BuildResult, files: ReadonlyMap<string, string>): boolean {
  const code = outputOf(result, ".js");
  return Array.from(files).every(([file, source]) => {
    const part = partOf(file, code);
    if (part === undefined) return true;
    const kept = new Set([...namesIn(part, NAMED), ...namesIn(part, VARIABLE_OF_CLASS)]);
    // With \s, the search of a file full of blank lines would take minutes.
    const isDecorated = /^[^\S\n\r\u2028\u2029]*@\w/m.test(source.replaceAll(/\/\*.*?\*\//gs, ""));
    return !isDecorated && namesIn(source, NAMED).every((name) => kept.has(name));
  });
}

function namesIn(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([, name]) => name!);
}

/** Returns the parts of a bundle that come from a file of the submission; `undefined` if there are
 * none. The bundler begins each part with a comment. */
function partOf(file: string, code: string): string | undefined {
  const [, ...parts] = code.split(`\n// submission:${file}\n`);
  if (parts.length === 0) return undefined;
  return parts.map((part) => part.split(/\n\/\/ \S*[:/.]\S*\n/)[0]).join("\n");
}

function outputOf(result: esbuild.BuildResult, ending: string): string {
  return result.outputFiles!.find(({ path }) => path.endsWith(ending))!.text;
}

function problemsOf({ errors }: esbuild.BuildFailure): Problem[] {
  return errors.map(({ text, location }) => {
    const file = location?.file.replace(/^submission:/, "") ?? null;
    return { message: text, file, line: location?.line ?? null };
  });
}

/** Stops the bundler, which starts again when it is needed. */
export async function stopBundler(): Promise<void> {
  // If bundling the lab's own scripts failed, a new process may succeed.
  inside = undefined;
  await (await loaded)?.stop();
}
