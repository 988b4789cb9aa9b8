/**
 * The rules for submissions, as a plugin of `deno lint`: client.ts and server.ts use only the names
 * in `submission_rules.ts`, and keep their state in fields.
 *
 * - `submission/imports` refuses other modules and other values of modules.
 * - `submission/globals` refuses other globals.
 * - `submission/state` refuses variables of the file and statics that methods, or functions that
 *   they use, change. In grading, each clerk would have its own; in `deno test`, all would share
 *   them.
 *
 * A name that the file declares anywhere counts as declared everywhere, so that correct code is
 * never refused. Computed names are not checked.
 *
 * @module
 */

import { refuseGlobals } from "./_submission_globals.ts";
import { refuseImports } from "./_submission_imports.ts";
import { refuseSharedState } from "./_submission_state.ts";

/** The files that the rules apply to. */
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
