/**
 * Realms: each machine of a run in its own context of V8, for submissions that are not trusted.
 *
 * @module
 */

export * from "./bundle.ts";
export * from "./machines.ts";
