/**
 * Simulated time and chance: a run of a distributed program takes no time, always
 * ends, and can be repeated exactly.
 *
 * - {@linkcode Simulation} is one run, and all that most users need.
 * - {@linkcode Clock} is the time of a run: a {@linkcode VirtualClock} or a
 *   {@linkcode RealClock}.
 * - {@linkcode Random} is chance, one labelled stream per source.
 * - {@linkcode Trace} is the digest of everything that happened.
 * - {@linkcode GlobalsGuard} makes `setTimeout`, `Date` and `Math.random` use them.
 *
 * @module
 */

export * from "./clock.ts";
export * from "./globals.ts";
export * from "./machine.ts";
export * from "./plain_error.ts";
export * from "./random.ts";
export * from "./real_clock.ts";
export * from "./simulation.ts";
export * from "./trace.ts";
export * from "./turn.ts";
export * from "./virtual_clock.ts";
