/**
 * JSON files of a certain form.
 *
 * @module
 */

import type { z } from "zod";
import { CommandError, readInput } from "../cli/mod.ts";

/** Reads a file.
 *
 * @param name Its path.
 * @param schema What it holds.
 * @throws {CommandError} It cannot be read, is no JSON, or holds something else.
 */
export async function readJson<T>(name: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readInput(name);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`Cannot use "${name}": ${(error as Error).message}`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  const place = path.length === 0 ? "" : ` at ${path.join(".")}`;
  throw new CommandError(`Cannot use "${name}"${place}: ${message}`);
}
