/**
 * History files: JSON, JSON lines, and Jepsen's EDN, see `jepsen.ts`.
 *
 * ```json
 * { "model": "kv", "operations": [
 *   { "client": 0, "op": "append", "key": "k", "value": "x", "output": "", "call": 1, "return": 4 }
 * ] }
 * ```
 *
 * - `call` and `return` are integers. Equal ones count as concurrent. An operation with
 *   `"return": null` never returned, and may or may not have happened.
 * - If `output` is absent, the result is unknown. The output of a put, or of an operation that never
 *   returned, does not count.
 * - `callMs` and `returnMs`, in milliseconds, are for people only.
 * - JSON numbers above 2^53 are refused, because two of them may be read as one. Larger times and
 *   register values are strings. A file with such times gets all times replaced by their ranks.
 * - In JSON lines, each line is an operation. The first line may be `{ "model": "kv" }`.
 *
 * @module
 */

import { z } from "zod";
import type { Operation } from "../history.ts";
import { HistoryFileError } from "./history_file_error.ts";
import { KvOperation, ModelName, RegisterOperationSchema } from "./history_schema.ts";
import { parseJepsen } from "./jepsen.ts";
import { inTime, Pace, type TimeLimit } from "../pace.ts";
import { cleanText, cutEnd } from "../printable.ts";
import type { RegisterOperation } from "../models/register.ts";

export { HistoryFileError };

export { ModelName };

/** The content of a history file. */
export type HistoryFile =
  | { model: "kv"; operations: Operation[] }
  | { model: "register"; operations: RegisterOperation[] };

/** The facts about a history that its text does not state. */
export interface ParseOptions extends TimeLimit {
  /** The model, if the file names none. */
  model?: ModelName | undefined;
  /** True if the text is EDN, whatever it begins with. */
  isEdn?: boolean;
}

/** Reads a history.
 *
 * @throws {HistoryFileError} It is not a history, or time ran out. The message names the line, or
 * the index of the operation, and the field.
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { HistoryFileError, parseHistory } from "./history_file.ts";
 *
 * const get = '{ "client": 0, "op": "get", "key": "k", "output": "", "call": 1, "return": 2 }';
 * const history = parseHistory(`{ "model": "kv", "operations": [${get}] }`);
 * assertEquals(history.operations.length, 1);
 *
 * const late = get.replace('"return": 2', '"return": 0');
 * assertThrows(
 *   () => parseHistory(`{ "model": "kv", "operations": [${late}] }`),
 *   HistoryFileError,
 *   'operation 0, "return": it is 0, before the call at 1',
 * );
 * ```
 */
export function parseHistory(text: string, options: ParseOptions = {}): HistoryFile {
  const history = inTime(() => parseInTime(text, options, new Pace(options.isOver)));
  if (history === undefined) throw new HistoryFileError(NO_TIME);
  return history;
}

/** The message of the error if time ran out. */
export const NO_TIME = "it could not be read in the time given";

/** @throws {OutOfTime} There is no time left. */
function parseInTime(text: string, { model, isEdn }: ParseOptions, pace: Pace): HistoryFile {
  // Some editors begin a file with a byte order mark.
  const content = text.replace(/^\uFEFF/, "");
  if (isEdn || EDN_START.test(content)) {
    if (model === "kv") {
      throw new HistoryFileError('it is EDN, of the model "register", but "kv" was asked for');
    }
    return { model: "register", operations: parseJepsen(content, pace) };
  }
  const { own, operations, where } = isJsonLines(content)
    ? parseLines(content, pace)
    : parseWhole(content);
  if (own !== undefined && model !== undefined && own !== model) {
    throw new HistoryFileError(`it is of the model "${own}", but "${model}" was asked for`);
  }
  const name = own ?? model;
  if (name === undefined) {
    throw new HistoryFileError('it names no model; expected "model": "kv" or "register"');
  }
  const schema = name === "kv" ? KvOperation : RegisterOperationSchema;
  const parsed = parseOperations(schema, operations, where, pace);
  return { model: name, operations: parsed } as HistoryFile;
}

/** The beginnings that only EDN has: a record, list or comment, or a map or vector of EDN. */
const EDN_START = /^\s*(?:[#(;]|\[?\s*(?:\{\s*:|#\w))/;

/** The operations of a file before their validation. */
interface Raw {
  own: ModelName | undefined;
  operations: readonly unknown[];
  /** Names the place of an operation in messages. */
  where(i: number): string;
}

function parseWhole(text: string): Raw {
  const json = parseJson(text, "");
  if (isObject(json) && "op" in json) {
    return { own: undefined, operations: [json], where: () => "line 1" };
  }
  const { model: own, operations } = parse(Outline, json, "");
  return { own, operations, where: (i) => `operation ${i}` };
}

function isObject(json: unknown): json is object {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** Returns true if the first of several lines is JSON, but not a whole history. */
function isJsonLines(text: string): boolean {
  const begun = text.trimStart();
  const [first = ""] = linesOf(begun);
  if (!first.startsWith("{") || begun.slice(first.length).trimStart() === "") return false;
  try {
    return !Object.hasOwn(JSON.parse(first), "operations");
  } catch {
    return false;
  }
}

/** Yields the lines one by one: a list of all would double the memory. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start);
    yield end < 0 ? text.slice(start) : text.slice(start, end);
    if (end < 0) return;
    start = end + 1;
  }
}

function parseLines(text: string, pace: Pace): Raw {
  const operations: unknown[] = [];
  const numbers: number[] = [];
  let own: ModelName | undefined;
  let number = 0;
  for (const line of linesOf(text)) {
    number++;
    pace.spend(1 + STEPS_PER_CHARACTER * line.length);
    if (line.trim() === "") continue;
    const json = parseJson(line, `line ${number}: `);
    const isFirst = numbers.length === 0 && own === undefined;
    if (isFirst && isObject(json) && Object.keys(json).join() === "model") {
      own = parse(Header, json, `line ${number}`).model;
      continue;
    }
    operations.push(json);
    numbers.push(number);
  }
  return { own, operations, where: (i) => `line ${numbers[i]}` };
}

function parseJson(text: string, prefix: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HistoryFileError(`${prefix}it is not JSON: ${printable((error as Error).message)}`);
  }
}

/** The steps of reading a character of a line. */
const STEPS_PER_CHARACTER = 0.1;
/** The steps of looking at the fields of an operation. */
const STEPS_PER_OPERATION = 16;

const Header = z.strictObject({ model: ModelName });

const Outline = z.strictObject({
  model: ModelName.optional(),
  operations: z.array(z.unknown(), "expected a list"),
}, 'expected { "model": …, "operations": […] }');

function parseOperations(
  schema: z.ZodType,
  operations: readonly unknown[],
  where: (i: number) => string,
  pace: Pace,
): RawTimed[] {
  const parsed = operations.map((json, i) => {
    pace.spend(STEPS_PER_OPERATION);
    const place = where(i);
    if (!isObject(json)) {
      throw new HistoryFileError(`${place}: it is ${shown(json)}; expected { "client": … }`);
    }
    const operation = parse(schema, json, place) as RawTimed;
    if (operation.return !== null && operation.return < operation.call) {
      const { call, return: returned } = json as RawTimed;
      throw new HistoryFileError(
        `${place}, "return": it is ${shown(returned)}, before the call at ${shown(call)}`,
      );
    }
    return operation;
  });
  replaceLargeTimes(parsed, pace);
  return parsed;
}

/** An operation whose times may be too large for a number. */
interface RawTimed {
  call: number | bigint;
  return: number | bigint | null;
}

/** Turns large times into numbers: if some do not fit, all times become their ranks. */
function replaceLargeTimes(operations: readonly RawTimed[], pace: Pace): void {
  pace.spend(operations.length);
  const times = operations.flatMap(({ call, return: returned }) => {
    return returned === null ? [call] : [call, returned];
  });
  if (times.every((time) => typeof time === "number")) return;
  const fit = times.every((time) => Number.isSafeInteger(Number(time)));
  const sorted = fit ? [] : [...new Set(times.map(BigInt))].sort((a, b) => a < b ? -1 : 1);
  const places = new Map(sorted.map((time, place) => [time, place]));
  const replacement = (time: number | bigint) => fit ? Number(time) : places.get(BigInt(time))!;
  for (const operation of operations) {
    operation.call = replacement(operation.call);
    if (operation.return !== null) operation.return = replacement(operation.return);
  }
}

function parse<T>(schema: z.ZodType<T>, json: unknown, place: string): T {
  const { success, data, error } = schema.safeParse(json);
  if (success) return data;
  throw new HistoryFileError(describeIssue(error.issues[0]!, json, place));
}

/** Describes a validation error: place, field, actual value, expected value. */
function describeIssue(issue: z.core.$ZodIssue, json: unknown, place: string): string {
  const [field] = issue.code === "unrecognized_keys" ? issue.keys : issue.path;
  const where = [place, field === undefined ? "" : shown(String(field))].filter((word) => word);
  const prefix = where.length === 0 ? "" : `${where.join(", ")}: `;
  if (issue.code === "unrecognized_keys") return `${prefix}there is no such field here`;
  const found = field === undefined ? json : (json as Record<PropertyKey, unknown>)[field];
  const state = found === undefined ? "it is missing" : `it is ${shown(found)}`;
  return `${prefix}${state}; ${issue.message}`;
}

/** Returns a value of the file as JSON that is safe to print. */
function shown(json: unknown): string {
  const text = typeof json === "string" ? json.slice(0, SHOWN_LENGTH_MAX + 1) : json;
  return cutEnd(cleanText(stringify(text)), SHOWN_LENGTH_MAX);
}

function stringify(json: unknown): string {
  try {
    return JSON.stringify(json);
  } catch {
    return "nested too deeply";
  }
}

/** Cleans a message of the JSON parser, which may quote the file. */
function printable(text: string): string {
  return cutEnd(text.replaceAll(/[^\x20-\x7e]/g, "?"), PARSER_LENGTH_MAX);
}

const SHOWN_LENGTH_MAX = 60;
/** Longer than for values, since these messages end in the place of the error. */
const PARSER_LENGTH_MAX = 160;

/** Writes a history, one operation a line. */
export function formatHistory({ model, operations }: {
  model: ModelName;
  operations: readonly object[];
}): string {
  const lines = operations.map((operation) => `\n    ${JSON.stringify(operation)}`);
  return `{ "model": "${model}", "operations": [${lines.join(",")}\n] }`;
}
