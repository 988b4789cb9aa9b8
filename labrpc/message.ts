/**
 * The way of a message between a caller and a handler: it is encoded and decoded, and
 * checked with its schema.
 *
 * A field that the schema does not declare is refused, even deep inside: a schema library
 * would drop it silently, and its sender would search for hours. Schemas should describe
 * data, not change it: a schema that renames fields is refused. What a default or a
 * transform makes is passed on.
 *
 * @module
 */

import { encode, type Encoded, MessageError, pathText, type Plain } from "./encoding.ts";

export { isSendable, MessageError } from "./encoding.ts";

/** A schema of any library; every synchronous zod schema is one. */
export interface Schema {
  safeParse(value: unknown): { success: true; data: unknown } | {
    success: false;
    error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] };
  };
}

/** A message as it arrives. */
export interface Packed extends Omit<Encoded, "value"> {
  value: unknown;
}

/** Replaces a message that a sender in another realm could not encode. */
export class Unsendable {
  /** @param problem The reason; continues "Cannot send …:". */
  constructor(readonly problem: string) {}
}

/** Takes a message across the wire.
 *
 * @param schema The schema that it must fit, if known.
 * @returns What the receiver gets.
 * @throws {MessageError} It is not plain data, or does not fit the schema.
 */
export function pack(message: unknown, schema?: Schema): Packed {
  if (message === undefined) throw new MessageError("there is nothing to send");
  if (message instanceof Unsendable) throw new MessageError(message.problem);
  const encoded = encode(message);
  if (schema === undefined) return encoded;
  const { value } = encoded;
  const checked = check(schema, value);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    const field = path.length > 0 ? `the field "${pathText(path)}"` : "it";
    throw new MessageError(`${field} does not fit: ${message}`);
  }
  const undeclared = undeclaredPath(value, checked.data);
  if (undeclared !== undefined) {
    const field = pathText(undeclared);
    throw new MessageError(`the field "${field}" is not declared; declare it, or do not send it`);
  }
  return { value: handOn(checked.data), bytes: encoded.bytes, content: encoded.content };
}

/** Clones what a schema made, so that the receiver shares no object with the schema. */
function handOn(made: unknown): unknown {
  try {
    return cloneOf(made);
  } catch {
    throw new MessageError("its schema makes something that cannot be cloned; make plain data");
  }
}

function cloneOf(made: unknown): unknown {
  if (typeof made === "function" || typeof made === "symbol") throw new TypeError("Not data");
  if (typeof made !== "object" || made === null) return made;
  if (Array.isArray(made)) return made.map(cloneOf);
  const prototype = Object.getPrototypeOf(made);
  if (prototype !== Object.prototype && prototype !== null) return structuredClone(made);
  const clone: Record<string, unknown> = {};
  for (const key of Object.keys(made)) clone[key] = cloneOf((made as typeof clone)[key]);
  return clone;
}

function check(schema: Schema, value: Plain) {
  try {
    return schema.safeParse(value);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new MessageError(`the schema cannot be used: ${problem}`);
  }
}

/** Returns the path of the first field that was sent and is not in the schema. */
function undeclaredPath(sent: Plain, known: unknown): PropertyKey[] | undefined {
  if (typeof sent !== "object" || sent === null) return undefined;
  if (typeof known !== "object" || known === null) return undefined;
  for (const key in sent) {
    const value = (sent as Record<string, Plain>)[key];
    const step = Array.isArray(sent) ? Number(key) : key;
    if (!Object.hasOwn(known, key)) return [step];
    if (typeof value !== "object") continue;
    const below = undeclaredPath(value, (known as Record<string, unknown>)[key]);
    if (below !== undefined) return [step, ...below];
  }
  return undefined;
}
