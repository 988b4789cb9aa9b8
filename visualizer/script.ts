/**
 * The script of the page, as one text: the modules of `browser/`, without their types,
 * and the view library. No bundler has to run, and tests can import the modules as
 * they are.
 *
 * It knows the few forms that those modules use: named imports and one default import,
 * and `export` before a declaration or, in the library, at the end.
 *
 * @module
 */

// An older Deno lacks what is used of it: there a command must live to say that it is too old.
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
  return `"use strict";\nconst modules = {};\n${[...modules.values()].join("\n")}`;
}

/** Returns a module as a function that gives what the module exports. */
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
