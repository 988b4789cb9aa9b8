/**
 * The common parts of the lab's commands: options, help, exit status, results and progress.
 *
 * @module
 */

export * from "./command.ts";
export * from "./options.ts";
export * from "./output.ts";
export * from "./progress.ts";
