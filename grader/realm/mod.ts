/**
 * Realms: the machines of a run, each in a context of V8 of its own, for submissions that
 * nobody trusts.
 *
 * @module
 */

export * from "./bundle.ts";
export * from "./machines.ts";
