/**
 * Histories as files: JSON, described by zod schemas, with one line for whatever is
 * wrong with one.
 *
 * ```json
 * { "model": "kv", "operations": [
 *   { "client": 0, "op": "append", "key": "k", "value": "x", "output": "", "call": 1, "return": 4 }
 * ] }
 * ```
 *
 * `call` and `return` are integers; equal ones count as concurrent. `"return": null`
 * means that the operation never returned, and may or may not have happened. Without
 * an `output`, nobody saw the result; one beside an operation that never returned, or
 * beside a put, does not count. Times in milliseconds, `callMs` and `returnMs`,
 * are for people only.
 *
 * @module
 */

import { z } from "zod";
import type { Operation } from "./history.ts";
import type { RegisterOperation } from "./register.ts";

const WHOLE = `expected a whole number of at most ${Number.MAX_SAFE_INTEGER}`;
const FROM_0 = "expected a whole number from 0";
const TEXT = "expected a string";
const ANY_VALUE = "expected a string, a number, true, false or null";

const Whole = z.int(WHOLE);
const Text = z.string(TEXT);

const times = {
  client: z.int(FROM_0).min(0, FROM_0),
  call: Whole,
  return: z.union([Whole, z.null()], `${WHOLE}, or null if it never returned`),
  callMs: z.number("expected a number").optional(),
  returnMs: z.number("expected a number").nullish(),
};

/** What an operation without its results would be. */
function kvOperation<Op extends string>(op: Op) {
  return { ...times, op: z.literal(op), key: Text };
}

const KvOperation = z.discriminatedUnion("op", [
  z.strictObject({ ...kvOperation("get"), output: Text.optional() }),
  z.strictObject({ ...kvOperation("put"), value: Text, output: Text.optional() }),
  z.strictObject({ ...kvOperation("append"), value: Text, output: Text.optional() }),
], 'expected "get", "put" or "append"');

const RegisterValue = z.union([Text, z.number(), z.boolean(), z.null()], ANY_VALUE);

const RegisterOperationSchema = z.discriminatedUnion("op", [
  z.strictObject({
    ...times,
    op: z.literal("read"),
    key: Text.optional(),
    output: RegisterValue.optional(),
  }),
  z.strictObject({ ...times, op: z.literal("write"), key: Text.optional(), value: RegisterValue }),
  z.strictObject({
    ...times,
    op: z.literal("cas"),
    key: Text.optional(),
    value: z.tuple([RegisterValue, RegisterValue], "expected a pair, [from, to]"),
    output: z.boolean("expected true or false").optional(),
  }),
], 'expected "read", "write" or "cas"');

/** What models there are. */
export const ModelName = z.enum(["kv", "register"], 'expected "kv" or "register"');
export type ModelName = z.infer<typeof ModelName>;

/** What a history file holds. */
export type HistoryFile =
  | { model: "kv"; operations: Operation[] }
  | { model: "register"; operations: RegisterOperation[] };

/** What is wrong with a history file, in one line. */
export class HistoryFileError extends Error {
  override readonly name = "HistoryFileError";
}

/** Reads a history.
 *
 * @param text What the file holds.
 * @param model Which model it is of, where the file does not say.
 * @throws {HistoryFileError} It is not a history; the message names the operation, by
 * its place from 0, and the field.
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
export function parseHistory(text: string, model?: ModelName): HistoryFile {
  let json: unknown;
  try {
    // Some editors begin a file with a mark of its byte order.
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new HistoryFileError(`it is not JSON: ${printable((error as Error).message)}`);
  }
  const { model: own, operations } = parse(Outline, json, []);
  if (own !== undefined && model !== undefined && own !== model) {
    throw new HistoryFileError(`it is of the model "${own}", but "${model}" was asked for`);
  }
  switch (own ?? model) {
    case "kv":
      return { model: "kv", operations: parseOperations<Operation>(KvOperation, operations) };
    case "register":
      return {
        model: "register",
        operations: parseOperations<RegisterOperation>(RegisterOperationSchema, operations),
      };
    case undefined:
      throw new HistoryFileError('it names no model; expected "model": "kv" or "register"');
  }
}

const Outline = z.strictObject({
  model: ModelName.optional(),
  operations: z.array(z.unknown(), "expected a list"),
}, 'expected { "model": …, "operations": […] }');

function parseOperations<Op>(schema: z.ZodType, operations: readonly unknown[]): Op[] {
  return operations.map((json, i) => {
    if (typeof json !== "object" || json === null || Array.isArray(json)) {
      throw new HistoryFileError(`operation ${i}: it is ${shown(json)}; expected { "client": … }`);
    }
    const operation = parse(schema, json, [i]) as { call: number; return: number | null };
    if (operation.return !== null && operation.return < operation.call) {
      throw new HistoryFileError(
        `operation ${i}, "return": it is ${operation.return}, before the call at ${operation.call}`,
      );
    }
    return operation as Op;
  });
}

function parse<T>(schema: z.ZodType<T>, json: unknown, path: readonly number[]): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HistoryFileError(describeIssue(issue!, json, path));
}

/** Where something is wrong, what is there, and what was expected. */
function describeIssue(
  issue: z.core.$ZodIssue,
  json: unknown,
  [operation]: readonly number[],
): string {
  const [field] = issue.code === "unrecognized_keys" ? issue.keys : issue.path;
  const where = [
    ...operation === undefined ? [] : [`operation ${operation}`],
    ...field === undefined ? [] : [shown(String(field))],
  ].join(", ");
  const prefix = where === "" ? "" : `${where}: `;
  if (issue.code === "unrecognized_keys") return `${prefix}there is no such field here`;
  const found = field === undefined ? json : (json as Record<PropertyKey, unknown>)[field];
  const state = found === undefined ? "it is missing" : `it is ${shown(found)}`;
  return `${prefix}${state}; ${issue.message}`;
}

/** A value as JSON. What was read may be anything, and must neither reach a terminal as
 * it is nor overflow the stack. */
function shown(json: unknown): string {
  const text = typeof json === "string" ? json.slice(0, SHOWN_LENGTH_MAX + 1) : json;
  return cut(escape(stringify(text)), SHOWN_LENGTH_MAX);
}

function stringify(json: unknown): string {
  try {
    return JSON.stringify(json);
  } catch {
    return "nested too deeply";
  }
}

/** What the parser says. It quotes what it has read. */
function printable(text: string): string {
  return cut(text.replaceAll(/[^\x20-\x7e]/g, "?"), PARSER_LENGTH_MAX);
}

/** Replaces characters that act on a terminal and that JSON does not escape. */
function escape(text: string): string {
  return text.replaceAll(/[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

const SHOWN_LENGTH_MAX = 60;
/** Its messages end in the place. */
const PARSER_LENGTH_MAX = 160;

function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax)}…`;
}

/** Writes a history, one operation a line. */
export function formatHistory({ model, operations }: {
  model: ModelName;
  operations: readonly object[];
}): string {
  const lines = operations.map((operation) => `\n    ${JSON.stringify(operation)}`);
  return `{ "model": "${model}", "operations": [${lines.join(",")}\n] }`;
}
