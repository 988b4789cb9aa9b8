/**
 * What the lab's commands share: options, help, exit status, results and progress.
 *
 * @module
 */

export * from "./command.ts";
export * from "./options.ts";
export * from "./output.ts";
export * from "./progress.ts";
