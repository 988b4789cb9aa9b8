/**
 * Broken files cost nobody but their author: whatever a submission holds, each step that
 * reads it gives its problems or goes on.
 *
 * The files are generated from the lab's own by damage of many kinds, from a seed. A type
 * check of each would take minutes; the compiler's crashes are the business of
 * `tool_test.ts`.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { DOMParser } from "@xmldom/xmldom";
import { checkSubmission } from "../lint/check_submission.ts";
import { SeededRandom } from "../sim/mod.ts";
import { sourcesOf } from "./declarations.ts";
import { scored } from "./facts.ts";
import { refusedImports } from "./imports.ts";
import { mayRunProcesses } from "./permissions.ts";
import { BundleError, bundleSubmission, stopBundler } from "./realm/bundle.ts";
import { csvOf } from "./reports/csv.ts";
import { gradescopeOf } from "./reports/gradescope.ts";
import { junitOf } from "./reports/junit.ts";
import type { Problem } from "./result.ts";
import { DEFAULT_RUBRIC } from "./rubric.ts";
import { problemsOf } from "./type_check.ts";
import { compile } from "./type_check.ts";
