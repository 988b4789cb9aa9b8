/**
 * The common parts of all commands: options, help, exit status, input, results and progress.
 *
 * @module
 */

export * from "./command.ts";
export * from "./name_list.ts";
export * from "./options.ts";
export * from "./output.ts";
export * from "./progress.ts";
export * from "./system_reason.ts";
