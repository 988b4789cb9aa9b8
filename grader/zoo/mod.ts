/**
 * The zoo: honest programs and mistakes, to hold what `deno test` says of them against what
 * grading says.
 *
 * @module
 */

export { HONEST } from "./honest.ts";
export { MISTAKES } from "./mistakes.ts";
export { type Edit, filesOf, type Program } from "./program.ts";
