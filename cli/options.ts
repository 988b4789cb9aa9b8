/**
 * Command-line options, described by a zod schema. A bad option is refused in one line that says
 * what to do.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";
import { z } from "zod";
import { PlainError } from "../sim/mod.ts";

/** The reason that a command line is refused, in one line. */
export class OptionsError extends PlainError {
  override readonly name = "OptionsError";
}

/** The parsed command line. */
export interface Parsed<Schema extends z.ZodObject> {
  options: z.infer<Schema>;
  /** The words that are no options, for example names of files. */
  operands: string[];
}

/** Makes the schema of a whole number.
 *
 * @param name The option, for the message.
 * @param min The smallest number that is accepted. */
export function wholeNumber(name: string, min = 0) {
  const problem = `expected a whole number, at least ${min}, for example --${name}=7`;
  return z.string(problem).regex(/^\d+$/, problem).transform(Number)
    .refine((value) => Number.isSafeInteger(value), "expected a whole number below 2^53")
    .refine((value) => value >= min, problem);
}

/** Makes the schema of an option without a value. */
export function flag() {
  return z.boolean().default(false);
}

/** Reads a command line.
 *
 * @param schema The options by their names. It gets each value as a string; a {@linkcode flag} has
 * no value.
 * @param args The words of the command line.
 * @throws {OptionsError} An option is unknown or has a wrong value.
 */
export function parseOptions<Schema extends z.ZodObject>(
  schema: Schema,
  args: readonly string[],
): Parsed<Schema> {
  const names = Object.keys(schema.shape);
  const flags = names.filter((name) => isFlag(schema, name));
  const valued = names.filter((name) => !flags.includes(name));
  const end = args.indexOf("--");
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    const name = flags.find((name) => arg.startsWith(`--${name}=`));
    if (name === undefined) continue;
    throw new OptionsError(`Cannot use ${arg}: --${name} takes no value; leave it out for "no"`);
  }
  const { _: operands, ...collected } = parseArgs([...args], {
    string: [...valued, "_"],
    boolean: flags,
    collect: valued,
    unknown(arg, name) {
      if (name === undefined) return true;
      const known = valued.find((known) => arg === `--${known}=`);
      if (known !== undefined) throw new OptionsError(`Cannot use ${arg}: it has no value`);
      throw new OptionsError(`Unknown option "${arg}"; ${suggestion(arg, name, names)}`);
    },
  });
  const given: Record<string, unknown> = {};
  for (const name of flags) if (collected[name] === true) given[name] = true;
  for (const name of valued) {
    const [value, second] = collected[name] as string[] ?? [];
    if (second !== undefined) {
      throw new OptionsError(`Option --${name} is given twice, with ${value} and with ${second}`);
    }
    if (value === "") throw new OptionsError(`Cannot use --${name}: it has no value`);
    if (value !== undefined) given[name] = value;
  }
  const options = schema.safeParse(given);
  if (options.success) return { options: options.data, operands: operands.map(String) };
  const { path, message } = options.error.issues[0]!;
  const name = String(path[0]);
  const what = given[name] === undefined
    ? `Option --${name} is missing`
    : `Cannot use --${name}=${given[name]}`;
  throw new OptionsError(`${what}: ${plainly(message, schema, name)}`);
}

/** Returns what an option expects, without the words of the schema. */
function plainly(message: string, schema: z.ZodObject, name: string): string {
  if (!message.startsWith("Invalid ")) return message;
  const [, choices] = /^Invalid option: (expected one of .*)$/.exec(message) ?? [];
  if (choices !== undefined) return choices.replaceAll('"|"', '", "');
  const { value = "VALUE" } = (schema.shape[name] as z.ZodType).meta() ?? {};
  return `expected --${name}=${value}`;
}

/** Returns the option that may be meant by an unknown one, in words. */
function suggestion(arg: string, name: string, names: readonly string[]): string {
  if (/^-\d/.test(arg)) return `a value follows its option after "=", as in --NAME=${arg}`;
  if (arg.startsWith("--")) {
    const [first, ...others] = names;
    if (first === undefined) return "there are no options but --help";
    const nearest = closestString(name, [first, ...others]);
    if (isNear(name, nearest)) return `did you mean --${nearest}?`;
    return "--help lists all";
  }
  const sameLetter = names.filter((known) => known.startsWith(arg[1]!));
  if (sameLetter.length === 1) return `did you mean --${sameLetter[0]}?`;
  return "--help lists all";
}

/** Returns true if a name may be a misspelling: at most half of the letters differ, or one name
 * begins with the other. */
function isNear(name: string, known: string): boolean {
  const lengthMin = 3;
  if (name.length >= lengthMin && (known.startsWith(name) || name.startsWith(known))) return true;
  return levenshteinDistance(name, known) <= Math.max(2, Math.floor(known.length / 2));
}

/** Returns true if an option of a schema takes no value. */
export function isFlag(schema: z.ZodObject, name: string): boolean {
  let type = schema.shape[name] as z.ZodType;
  while (type instanceof z.ZodDefault || type instanceof z.ZodOptional) {
    type = type.unwrap() as z.ZodType;
  }
  return type instanceof z.ZodBoolean;
}
