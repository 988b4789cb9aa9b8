/**
 * The script of the page, as one text: the modules of `browser/`, without their types
 * and their imports. No bundler has to run, and the modules can be imported by tests as
 * they are.
 *
 * It knows the few forms that those modules use: named imports from modules of the
 * same folder, and `export` before a declaration.
 *
 * @module
 */

// An older Deno lacks what is used of it: there a command must live to say that it is too old.
import * as nodeModule from "node:module";
import axis from "./browser/axis.ts" with { type: "text" };
import data from "./browser/data.ts" with { type: "text" };
import details from "./browser/details.ts" with { type: "text" };
import dom from "./browser/dom.ts" with { type: "text" };
import interact from "./browser/interact.ts" with { type: "text" };
import layout from "./browser/layout.ts" with { type: "text" };
import main from "./browser/main.ts" with { type: "text" };
import network from "./browser/network.ts" with { type: "text" };
import operations from "./browser/operations.ts" with { type: "text" };
import overview from "./browser/overview.ts" with { type: "text" };
import panel from "./browser/panel.ts" with { type: "text" };
import scene from "./browser/scene.ts" with { type: "text" };
import shapes from "./browser/shapes.ts" with { type: "text" };
import stage from "./browser/stage.ts" with { type: "text" };
import strokes from "./browser/strokes.ts" with { type: "text" };
import tabs from "./browser/tabs.ts" with { type: "text" };
import theme from "./browser/theme.ts" with { type: "text" };
import view from "./browser/view.ts" with { type: "text" };

/** Each comes after those that it imports. */
const MODULES = {
  dom,
  axis,
  data,
  layout,
  view,
  scene,
  details,
  shapes,
  operations,
  strokes,
  network,
  overview,
  panel,
  stage,
  interact,
  tabs,
  theme,
  main,
};

const IMPORT = /^import \{([^}]*)\} from "\.\/(\w+)\.ts";$/gm;
const EXPORT = /^export (?=(?:class|const|function) (\w+))/gm;

/** Joins the modules of the page into one script. */
export function pageScript(): string {
  const modules = Object.entries(MODULES).map(([name, source]) => asFunction(name, source));
  return `"use strict";\nconst modules = {};\n${modules.join("\n")}`;
}

/** A module as a function that gives what the module exports. */
function asFunction(name: string, source: string): string {
  const script = nodeModule.stripTypeScriptTypes(source);
  const exported = Array.from(script.matchAll(EXPORT), ([, symbol]) => symbol);
  const body = script.replace(EXPORT, "")
    .replace(IMPORT, (_, symbols, from) => `const {${symbols}} = modules.${from};`)
    .replace(/ +$/gm, "");
  return `modules.${name} = (() => {\n${body}\nreturn { ${exported.join(", ")} };\n})();`;
}
