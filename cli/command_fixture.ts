/**
 * Runs commands in the process of a test, which is faster than a process of their own.
 *
 * @module
 */

import { stub } from "@std/testing/mock";
import type { z } from "zod";
import { type Command, type ExitStatus, runCommand } from "./command.ts";

/** The output and the exit status of a command. */
export interface CommandResult {
  status: ExitStatus;
  out: string;
  err: string;
}

/** Runs a command and captures its output. Only one can run at a time, since they share the console.
 *
 * @param args The words of its command line.
 */
export async function runInProcess<Schema extends z.ZodObject>(
  command: Command<Schema>,
  args: readonly string[],
): Promise<CommandResult> {
  using log = stub(console, "log", () => {});
  using error = stub(console, "error", () => {});
  const status = await runCommand(command, args);
  const text = (calls: readonly { args: readonly unknown[] }[]) => {
    return calls.map(({ args }) => `${args.join(" ")}\n`).join("");
  };
  return { status, out: text(log.calls), err: text(error.calls) };
}
