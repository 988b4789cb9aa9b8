/**
 * The files of the debugger's page, as the server sends them to a browser. There is no build step:
 * each TypeScript module is sent without its types. The view library comes from Deno's cache, so
 * that the page needs no network.
 *
 * @module
 */

import { createHash } from "node:crypto";
// An older Deno lacks stripTypeScriptTypes; a named import would stop the command before it can
// say so.
import * as nodeModule from "node:module";
import htm from "htm" with { type: "text" };
import hooks from "preact/hooks" with { type: "text" };
import preact from "preact" with { type: "text" };
import theme from "../../visualizer/browser/theme.css" with { type: "text" };
import actionPanel from "./browser/action_panel.css" with { type: "text" };
import template from "./browser/index.html" with { type: "text" };
import machines from "./browser/machines.css" with { type: "text" };
import narrow from "./browser/narrow.css" with { type: "text" };
import notices from "./browser/notices.css" with { type: "text" };
import side from "./browser/side.css" with { type: "text" };
import stage from "./browser/stage.css" with { type: "text" };

/** A file of the page. */
export interface PageFile {
  readonly body: string;
  /** Its media type. */
  readonly type: string;
}

const SCRIPT = "text/javascript; charset=utf-8";

/** The folder of the lab, below which the modules of the page lie. */
const LAB = new URL("../../", import.meta.url);

/** The modules that the page may ask for: its own, and those that it shares. */
const MODULE =
  /^(?:(?:debugger\/page\/browser|visualizer|visualizer\/browser)\/[a-z_]+|debugger\/protocol\/limits)\.ts$/;

/** The names under which modules import the view library. Addresses are relative, so that
 * the server may put the page below any path. */
const IMPORT_MAP = JSON.stringify({
  imports: {
    "htm": "./lib/htm.js",
    "preact": "./lib/preact.js",
    "preact/hooks": "./lib/hooks.js",
  },
});

const LIBRARY: Readonly<Record<string, string>> = {
  "lib/htm.js": htm as string,
  "lib/hooks.js": hooks as unknown as string,
  "lib/preact.js": preact as unknown as string,
};

/** The policy of the page: it runs and loads nothing but its own files, and talks to
 * nobody but its own server. */
const POLICY = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash("sha256").update(IMPORT_MAP).digest("base64")}'`,
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
].join("; ");

/** Returns a file of the page.
 *
 * @param path Its path below that of the page, for example "" for the page itself, or
 * "debugger/page/browser/main.ts".
 * @returns `undefined` if the page has no such file.
 */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  if (path === "") return { body: page(), type: "text/html; charset=utf-8" };
  if (path === "debugger.css") {
    const body = [theme, stage, actionPanel, side, machines, notices, narrow].join("\n");
    return { body, type: "text/css; charset=utf-8" };
  }
  const library = Object.hasOwn(LIBRARY, path) ? LIBRARY[path] : undefined;
  if (library !== undefined) return { body: withoutSourceMap(library), type: SCRIPT };
  if (!MODULE.test(path) || path.endsWith("_test.ts")) return undefined;
  const source = await readModule(path);
  if (source === undefined) return undefined;
  return { body: nodeModule.stripTypeScriptTypes(source), type: SCRIPT };
}

function page(): string {
  const imports = `<script type="importmap">${IMPORT_MAP}</script>`;
  return template.replace("{{ policy }}", POLICY).replace("{{ imports }}", imports);
}

async function readModule(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(new URL(path, LAB));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Removes the address of a source map, which developer tools would request in vain. */
function withoutSourceMap(script: string): string {
  return script.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
}
