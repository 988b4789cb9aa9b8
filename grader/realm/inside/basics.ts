/**
 * Fits the global object out before any other module of the prelude is evaluated: some take
 * their globals as they are loaded.
 *
 * @module
 */

import { offerBasics } from "./platform.ts";

offerBasics(globalThis);
