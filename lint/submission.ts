/**
 * The rules for submissions, as a plugin of `deno lint`: client.ts and server.ts use only
 * what `submission_rules.ts` lists, and keep their state in fields.
 *
 * - `submission/imports`: modules that may be imported, and what may be taken from them.
 * - `submission/globals`: names that exist on every machine.
 * - `submission/state`: no variable of the file or of a class that methods change. In
 *   grading every clerk would have one of its own, in `deno test` all would share it.
 *
 * A name that the file declares anywhere counts as declared everywhere: the rules never
 * refuse code that only looks like a mistake. What a computed name reaches is not seen.
 *
 * @module
 */

import { refuseGlobals } from "./_submission_globals.ts";
import { refuseImports } from "./_submission_imports.ts";
import { refuseSharedState } from "./_submission_state.ts";

/** The files that the rules hold for. */
const FILES = /(?:^|[\\/])(?:client|server)\.ts$/;

function ruleOf(create: Deno.lint.Rule["create"]): Deno.lint.Rule {
  return { create: (context) => FILES.test(context.filename) ? create(context) : {} };
}

/** The plugin. */
const plugin: Deno.lint.Plugin = {
  name: "submission",
  rules: {
    "imports": ruleOf(refuseImports),
    "globals": ruleOf(refuseGlobals),
    "state": ruleOf(refuseSharedState),
  },
};

export default plugin;
