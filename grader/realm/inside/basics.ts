/**
 * Fits the global object out before any other module of the prelude is evaluated: some take
 * their globals as they are loaded.
 *
 * @module
 */

import { closeScope, offerBasics } from "./platform.ts";
import { recordScope } from "./scope.ts";

closeScope(globalThis);

/** Puts the global object back to the language alone; false if that is not possible. */
export const restoreScope = recordScope(globalThis);

offerBasics(globalThis);
