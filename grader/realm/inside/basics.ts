/**
 * Prepares the global object before any other module of the prelude is evaluated, since some read
 * globals while they load.
 *
 * @module
 */

import { closeScope, defineBasicGlobals } from "./platform.ts";
import { recordScope } from "./scope.ts";

closeScope(globalThis);

/** Resets the global object to the language alone. Returns false if that is not possible. */
export const restoreScope = recordScope(globalThis);

defineBasicGlobals(globalThis);
