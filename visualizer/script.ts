/**
 * The script of the page: the modules of `browser/`, without their types, and the view
 * library, in one text. No build step is needed, and tests import the modules as they are.
 *
 * Only the forms that those modules use are supported: named and default imports, and
 * `export` before a declaration or at the end of a library.
 *
 * @module
 */

// An older Deno lacks stripTypeScriptTypes; a named import would stop the command before it
// can say so.
import * as nodeModule from "node:module";
import htm from "htm" with { type: "text" };
import hooks from "preact/hooks" with { type: "text" };
import preact from "preact" with { type: "text" };

const LIBRARY: Record<string, string> = {
  htm: htm as string,
  preact: preact as unknown as string,
  "preact/hooks": hooks as unknown as string,
};

const IMPORT = /^import ?(\{[^}]*\}|\w+) ?from ?"([^"]*)";/gm;
const EXPORT = /(?<=^|;)export (default |(?=(?:async )?(?:class|const|function) (\w+)))/gm;
const EXPORT_LIST = /\bexport ?\{([^}]*)\};/;
const SOURCE_MAP = /\n\/\/# sourceMappingURL=.*\s*$/;

let script: string | undefined;

/** Returns the script. Needs the permission to read the modules. */
export function pageScript(): string {
  return script ??= join();
}

function join(): string {
  const modules = new Map<string, string>();
  const add = (name: string) => {
    if (modules.has(name)) return;
    const source = LIBRARY[name] ?? nodeModule.stripTypeScriptTypes(
      Deno.readTextFileSync(new URL(`browser/${name}`, import.meta.url)),
    );
    for (const [, , imported] of source.matchAll(IMPORT)) add(imported!);
    modules.set(name, asFunction(name, source));
  };
  add("./main.ts");
  const notice = "// Holds preact (MIT License) and htm (Apache License 2.0).";
  return `"use strict";\n${notice}\nconst modules = {};\n${[...modules.values()].join("\n")}`;
}

/** Wraps a module in a function that returns its exports. */
function asFunction(name: string, source: string): string {
  const exported = Array.from(source.matchAll(EXPORT), ([, , symbol]) => symbol ?? "default");
  const body = source.replace(SOURCE_MAP, "")
    .replace(IMPORT, (_, symbols: string, from: string) => {
      const names = symbols.startsWith("{")
        ? symbols.replaceAll(" as ", ": ")
        : `{ default: ${symbols} }`;
      return `const ${names} = modules["${from}"];`;
    })
    .replace(EXPORT, (_, kind: string) => kind === "" ? "" : "const exported = ")
    .replace(EXPORT_LIST, (_, list: string) => {
      exported.push(...list.split(",").map((one) => one.replace(/(\S+) as (\S+)/, "$2: $1")));
      return "";
    })
    .replace(/ +$/gm, "");
  const list = exported.map((one) => one === "default" ? "default: exported" : one);
  return `modules["${name}"] = await (async () => {\n${body}\n` +
    `return { ${list.join(", ")} };\n})();`;
}
