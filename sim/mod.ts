/**
 * The simulation: time and chance, so that a run of a distributed
 * program takes no time, comes to an end, and can be repeated exactly.
 *
 * - {@linkcode Simulation} is one run, and all that most users need.
 * - {@linkcode Clock} is what the parts of a run may ask of time;
 *   {@linkcode VirtualClock} and {@linkcode RealClock} answer.
 * - {@linkcode Random} is chance, one labelled stream per source.
 * - {@linkcode Trace} is the digest of everything that happened.
 * - {@linkcode GlobalsGuard} brings all of it to code that knows nothing of it.
 *
 * @module
 */

export * from "./bounded_turn.ts";
export * from "./clock.ts";
export * from "./globals.ts";
export * from "./machine.ts";
export * from "./plain_error.ts";
export * from "./random.ts";
export * from "./real_clock.ts";
export * from "./simulation.ts";
export * from "./trace.ts";
export * from "./virtual_clock.ts";
