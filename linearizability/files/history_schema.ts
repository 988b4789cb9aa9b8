/**
 * The zod schemas of the operations in history files.
 *
 * @module
 */

import { z } from "zod";

const WHOLE = `expected a whole number of at most ${Number.MAX_SAFE_INTEGER}` +
  ", or a larger one as a string of digits";
const FROM_0 = "expected a whole number from 0";
const TEXT = "expected a string";
const ANY_VALUE = "expected a string, a number of at most " +
  `${Number.MAX_SAFE_INTEGER}, true, false or null`;

const Whole = z.union(
  [z.int(WHOLE), z.string(WHOLE).regex(/^-?\d+$/, WHOLE).transform(BigInt)],
  WHOLE,
);
const Text = z.string(TEXT);

const times = {
  client: z.int(FROM_0).min(0, FROM_0),
  call: Whole,
  return: z.union([Whole, z.null()], `${WHOLE}, or null if it never returned`),
  callMs: z.number("expected a number").optional(),
  returnMs: z.number("expected a number").nullish(),
};

/** The fields of every operation of the model `kv`. */
function kvOperation<Op extends string>(op: Op) {
  return { ...times, op: z.literal(op), key: Text };
}

/** One operation of the model `kv`. */
export const KvOperation = z.discriminatedUnion("op", [
  z.strictObject({ ...kvOperation("get"), output: Text.optional() }),
  z.strictObject({ ...kvOperation("put"), value: Text, output: Text.optional() }),
  z.strictObject({ ...kvOperation("append"), value: Text, output: Text.optional() }),
], 'expected "get", "put" or "append"');

const RegisterValue = z.union([
  Text,
  // Beyond 2^53, two different numbers of a file may be read as one.
  z.number().refine((value) => Math.abs(value) <= Number.MAX_SAFE_INTEGER),
  z.boolean(),
  z.null(),
], ANY_VALUE);

/** One operation of the model `register`. */
export const RegisterOperationSchema = z.discriminatedUnion("op", [
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

/** The name of a model of history files. */
export type ModelName = "kv" | "register";
export const ModelName: z.ZodEnum<{ kv: "kv"; register: "register" }> = z.enum(
  ["kv", "register"],
  'expected "kv" or "register"',
);
