/**
 * Runs the lab with the files of a submission. In the handout, another module takes the place of
 * this one.
 *
 * @module
 */

export { layOver } from "../grader/overlay.ts";
