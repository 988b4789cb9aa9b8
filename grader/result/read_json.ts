/**
 * Reads JSON files by a schema.
 *
 * @module
 */

import { z } from "zod";
import { CommandError, readInput } from "../../cli/mod.ts";

/** Reads a JSON file.
 *
 * @throws {CommandError} It cannot be read, is not JSON, or does not match the schema.
 */
export async function readJson<T>(name: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readInput(name);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`Cannot use "${name}": it is not JSON (${(error as Error).message})`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const place = issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new CommandError(`Cannot use "${name}"${place}: ${plainly(issue, value)}`);
}

/** The kinds of values in plain words. */
const KINDS: Record<string, string> = {
  array: "a list",
  object: "an object",
  record: "an object",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

/** Returns a validation error in plain words.
 *
 * @param whole The whole value of the file. */
function plainly(issue: z.core.$ZodIssue, whole: unknown): string {
  if (issue.code === "unrecognized_keys") return `expected no "${issue.keys[0]}"`;
  if (issue.code !== "invalid_type" || !issue.message.startsWith("Invalid input")) {
    return issue.message;
  }
  const found = issue.path.reduce<unknown>((value, part) => Object(value)[part], whole);
  const what = found === undefined ? "nothing" : JSON.stringify(found).slice(0, 40);
  return `expected ${KINDS[issue.expected] ?? issue.expected}, found ${what}`;
}
