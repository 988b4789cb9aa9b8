/**
 * Encoding and decoding of messages: the result shares no object with the input, as if
 * it had crossed a network.
 *
 * A message is plain data, with the meaning that JSON gives it. Cloning its objects and
 * arrays is encoding and decoding in one step, and costs a tenth of writing and reading
 * text. Values that JSON would change silently (a `Date`, a `Map`, a class instance,
 * `NaN`) are refused by name.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { HASHED_END_LENGTH, hashText, mix32 } from "../sim/random.ts";

/** Plain data: what a message may hold. */
export type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | Plain[]
  | { [field: string]: Plain };

/** A message that crossed the wire. */
export interface Encoded {
  /** The clone that arrives. */
  value: Plain;
  /** The length of its JSON text in bytes of UTF-8. */
  bytes: number;
  /** A hash of its content. */
  content: number;
}

/** A message cannot be sent. The text continues "Cannot send …:". */
export class MessageError extends Error {
  override readonly name = "MessageError";
}

/** Encodes and decodes a message.
 *
 * @returns The value that arrives, its size and its hash.
 * @throws {MessageError} The message is not plain data.
 *
 * @example The size is that of the JSON text
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encode } from "./encoding.ts";
 *
 * const message = { key: "a", tags: ["ü"] };
 * const sent = encode(message);
 * assertEquals(sent.value, message);
 * assertEquals(sent.bytes, new TextEncoder().encode(JSON.stringify(message)).length);
 * ```
 */
export function encode(message: unknown): Encoded {
  const encoder = new Encoder();
  try {
    return { value: encoder.clone(message), bytes: encoder.bytes, content: encoder.content };
  } catch (error) {
    const found = error === UNSENDABLE ? problemOf(message) : undefined;
    if (found === undefined) throw error;
    const { path, problem } = found;
    throw new MessageError(
      `${path.length === 0 ? "it" : `the field "${pathText(path)}"`} ${problem}`,
    );
  }
}

/** Returns true if {@linkcode encode} accepts a message; then its JSON text says the same. Costs a
 * fraction of encoding. */
export function isSendable(message: unknown): boolean {
  return problemOf(message) === undefined;
}

/** Thrown by {@linkcode Encoder}; {@linkcode problemOf} then finds the reason and the place. */
const UNSENDABLE = new MessageError("it is no plain data");

/** Why a message cannot be sent, and where in the message the problem is. */
interface Problem {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
}

/** Finds the first value of a message that cannot be sent.
 *
 * @param around The objects around the value. */
function problemOf(value: unknown, around: object[] = []): Problem | undefined {
  const is = (problem: string): Problem => ({ path: [], problem });
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      if (Number.isFinite(value)) return undefined;
      return is(`is ${value}; only finite numbers can be sent`);
    case "undefined":
      return is("is undefined, which cannot be sent; use null");
    case "object":
      break;
    default:
      return is(`is a ${typeof value}; only plain data can be sent`);
  }
  if (value === null) return undefined;
  if (around.includes(value)) return is("contains itself; send a copy without that reference");
  if (around.length >= NESTING_MAX) return is(`is nested more than ${NESTING_MAX} deep`);
  if (value instanceof Promise) return is("is a Promise; await it first");
  if (!isPlain(value)) {
    return is(`is an instance of ${className(value)}; only plain data can be sent`);
  }
  around.push(value);
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  for (const key of keys) {
    const field: unknown = (value as Record<PropertyKey, unknown>)[key];
    if (field === undefined && typeof key === "string") continue;
    const found = key === "__proto__" ? is("is not a valid field name") : problemOf(field, around);
    if (found !== undefined) return { ...found, path: [key, ...found.path] };
  }
  around.pop();
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || prototype === Array.prototype;
}

/** The runtime counts the bytes of longer texts faster. Up to this length, both ways hash every
 * character. */
const SHORT_LENGTH_MAX = 2 * HASHED_END_LENGTH;

/** The number of objects and arrays that may be nested. */
const NESTING_MAX = 200;

/** Clones a message, and counts and hashes it. */
class Encoder {
  bytes = 0;
  content = 0;
  #nesting = 0;

  clone(value: unknown): Plain {
    switch (typeof value) {
      case "string":
        this.#text(value);
        return value;
      case "number":
        if (!Number.isFinite(value)) throw UNSENDABLE;
        return this.#literal(value === 0 ? 0 : value);
      case "boolean":
        return this.#literal(value);
      case "object":
        return value === null ? this.#literal(value) : this.#cloneObject(value);
      default:
        throw UNSENDABLE;
    }
  }

  /** Counts and hashes a text, in one pass if it has nothing to escape. */
  #text(text: string): void {
    const length = text.length;
    if (length > SHORT_LENGTH_MAX) return this.#longText(text);
    let h = this.content ^ Math.imul(length + 1, 0x9e3779b1);
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return this.#longText(text);
      h = Math.imul(h ^ unit, 0x5bd1e995);
      h ^= h >>> 15;
    }
    this.content = h;
    this.bytes += length + 2;
  }

  #longText(text: string): void {
    this.bytes += Buffer.byteLength(JSON.stringify(text));
    this.content = hashText(text, this.content);
  }

  #literal<T extends Plain>(value: T): T {
    const text = String(value);
    this.bytes += text.length;
    this.content = hashText(text, this.content + 1);
    return value;
  }

  #cloneObject(value: object): Plain {
    if (this.#nesting >= NESTING_MAX || !isPlain(value)) throw UNSENDABLE;
    this.#nesting++;
    const clone = Array.isArray(value) ? this.#cloneArray(value) : this.#cloneFields(value);
    this.#nesting--;
    return clone;
  }

  #cloneArray(value: unknown[]): Plain {
    const clone: Plain[] = [];
    this.bytes += 2 + Math.max(0, value.length - 1);
    this.content = hashText("[", this.content + value.length);
    for (let i = 0; i < value.length; i++) clone.push(this.clone(value[i]));
    return clone;
  }

  #cloneFields(value: object): Plain {
    const clone: Record<string, Plain> = {};
    let fields = 0;
    this.bytes += 2;
    this.content = mix32(this.content + 1);
    for (const key of Object.keys(value)) {
      const field: unknown = (value as Record<string, unknown>)[key];
      if (field === undefined) continue;
      if (key === "__proto__") throw UNSENDABLE;
      this.bytes += fields++ > 0 ? 2 : 1;
      this.#text(key);
      clone[key] = this.clone(field);
    }
    this.content = mix32(this.content + fields);
    return clone;
  }
}

/** Returns a path as a program would write it, for example `ops[2].key`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map((step, i) => {
    return typeof step === "number" ? `[${step}]` : i === 0 ? String(step) : `.${String(step)}`;
  }).join("");
}

function className(value: object): string {
  const { constructor } = value as { constructor?: unknown };
  return typeof constructor === "function" && constructor.name || "a class";
}
