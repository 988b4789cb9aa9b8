/**
 * A command of the lab: its help, its options and its exit status.
 *
 * The status is 0 if all is well, 1 if a test failed or a history is not linearizable, and 2 if the
 * command could not tell, for example because of bad input. Then one line says why.
 *
 * @module
 */

import { z } from "zod";
import { PlainError } from "../sim/mod.ts";
import { ConsoleGuard } from "./console_guard.ts";
import { isFlag, OptionsError, parseOptions } from "./options.ts";
import { systemReason } from "./system_reason.ts";
import { versionProblem } from "./version.ts";

/** The exit status of a command. */
export const EXIT_STATUS = {
  /** All is well. */
  ok: 0,
  /** A test failed, or a history is not linearizable. */
  failed: 1,
  /** It could not tell. */
  unknown: 2,
} as const;

/** One of the values of {@linkcode EXIT_STATUS}. */
export type ExitStatus = typeof EXIT_STATUS[keyof typeof EXIT_STATUS];

/** The reason that a command could not do its work, in one line. */
export class CommandError extends PlainError {
  override readonly name = "CommandError";
}

/** A command. */
export interface Command<Schema extends z.ZodObject> {
  /** Its name as a task. */
  name: string;
  /** The purpose of the command, in one sentence. */
  summary: string;
  /** The name and the number of its arguments besides options; it has none if absent. */
  operands?: { name: string; min: number; max?: number };
  /** Its options. The metadata of each hold its `description` and, as `value`, the word for its
   * value in the help. */
  options: Schema;
  /** Does the work. */
  run(options: z.infer<Schema>, operands: string[]): ExitStatus | Promise<ExitStatus>;
}

/** Runs a command and ends the process, with status 2 if its output could not be written.
 *
 * @param args The words of the command line; those of this process if absent. */
export async function main<Schema extends z.ZodObject>(
  command: Command<Schema>,
  args: readonly string[] = Deno.args,
): Promise<never> {
  const guard = new ConsoleGuard();
  const status = await runCommand(command, args);
  if (guard.problem === undefined) Deno.exit(status);
  console.error(`${command.name}: Cannot write what it found: ${guard.problem}`);
  Deno.exit(EXIT_STATUS.unknown);
}

/** Runs a command.
 *
 * @param args The words of the command line. */
export async function runCommand<Schema extends z.ZodObject>(
  command: Command<Schema>,
  args: readonly string[],
): Promise<ExitStatus> {
  const { name, operands: expected } = command;
  try {
    const problem = versionProblem();
    if (problem !== undefined) throw new CommandError(problem);
    const optionWords = args.slice(0, args.indexOf("--") < 0 ? undefined : args.indexOf("--"));
    if (optionWords.includes("--help") || optionWords.includes("-h")) {
      console.log(helpOf(command));
      return EXIT_STATUS.ok;
    }
    const { options, operands } = parseOptions(command.options, args);
    if (expected === undefined && operands.length > 0) {
      throw new OptionsError(`Unexpected argument "${operands[0]}"; ${name} takes options only`);
    }
    if (expected !== undefined && operands.length < expected.min) {
      throw new OptionsError(`No ${expected.name} was given; expected ${usageOf(command)}`);
    }
    const tooMany = expected?.max === undefined ? undefined : operands[expected.max];
    if (tooMany !== undefined) {
      throw new OptionsError(`Unexpected argument "${tooMany}"; expected ${usageOf(command)}`);
    }
    return await command.run(options, operands);
  } catch (error) {
    // Status 1 would be a verdict, and a crash is none.
    if (error instanceof PlainError) console.error(`${name}: ${error.message}`);
    else if (isOfMachine(error)) console.error(`${name}: Cannot go on: ${systemReason(error)}`);
    else console.error(`${name}: Internal error, please report it:`, error);
    return EXIT_STATUS.unknown;
  }
}

/** The codes of errors that say nothing about the command: the machine has no room, memory or
 * handles left. */
const MACHINE_CODES = ["ENOSPC", "EDQUOT", "EROFS", "EMFILE", "ENFILE", "ENOMEM"];

function isOfMachine(error: unknown): error is Error {
  return error instanceof Error && MACHINE_CODES.includes((error as { code?: string }).code ?? "");
}

function usageOf({ name, operands }: Command<z.ZodObject>): string {
  const words = operands === undefined ? "" : ` ${operands.name}${operands.max === 1 ? "" : "…"}`;
  return `deno task ${name}${operands?.min === 0 ? ` [${words.trim()}]` : words} [options]`;
}

function helpOf(command: Command<z.ZodObject>): string {
  const rows = Object.entries(command.options.shape).map(([name, type]) => {
    const { description = "", value = "VALUE" } = (type as z.ZodType).meta() ?? {};
    const word = isFlag(command.options, name) ? `--${name}` : `--${name}=${value}`;
    return [word, description] as const;
  });
  rows.push(["--help", "Prints this"]);
  const width = Math.max(...rows.map(([word]) => word.length));
  return [
    usageOf(command),
    command.summary,
    "",
    ...rows.map(([word, description]) => `  ${word.padEnd(width)}  ${description}`),
    "",
    "Exit status: 0 all is well; 1 something failed; 2 could not tell, and one line says why.",
  ].join("\n");
}
