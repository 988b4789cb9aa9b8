/**
 * Encoding and decoding of messages: what comes out shares nothing with what
 * went in, as if it had crossed a network.
 *
 * A message is plain data, with the meaning that JSON gives it. Strings, numbers
 * and booleans cannot be changed by anybody, so cloning the containers around
 * them is encoding and decoding at once, and costs a tenth of writing text and
 * reading it again. What JSON would bend silently (a `Date`, a `Map`, a class
 * instance, `NaN`) is refused by name instead.
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

/** A message that cannot be sent. Its text is to be read after "Cannot send …:". */
export class MessageError extends Error {
  override readonly name = "MessageError";
}

/** Encodes and decodes a message.
 *
 * @param message The value to send.
 * @returns The value that arrives, and its size.
 * @throws {MessageError} It holds something that is not plain data.
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
  let value: Plain;
  try {
    value = encoder.clone(message);
  } catch (error) {
    if (error instanceof MessageError) new Encoder(new Place()).clone(message);
    throw error;
  }
  return { value, bytes: encoder.bytes, content: encoder.content };
}

/** Returns true if a message can be sent: {@linkcode encode} then accepts it, and its JSON
 * text says the same. It costs a fraction of encoding.
 *
 * @param message The value to send.
 */
export function isSendable(message: unknown, nesting = 0): boolean {
  switch (typeof message) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(message);
    case "object":
      break;
    default:
      return false;
  }
  if (message === null) return true;
  if (nesting >= NESTING_MAX) return false;
  if (Array.isArray(message)) {
    if (Object.getPrototypeOf(message) !== Array.prototype) return false;
    for (let i = 0; i < message.length; i++) {
      if (!isSendable(message[i], nesting + 1)) return false;
    }
    return true;
  }
  const prototype = Object.getPrototypeOf(message);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key of Object.keys(message)) {
    const field: unknown = (message as Record<string, unknown>)[key];
    if (field === undefined) continue;
    if (key === "__proto__" || !isSendable(field, nesting + 1)) return false;
  }
  return true;
}

/** Longer texts are counted by the runtime, which is faster at it. Of texts up to this
 * length every character is hashed in either case. */
const SHORT_LENGTH_MAX = 2 * HASHED_END_LENGTH;

/** The number of objects and arrays that may be inside one another. */
const NESTING_MAX = 200;

/** The place in a message that an encoder has reached. */
class Place {
  /** The objects around the value at hand. */
  readonly around: object[] = [];
  /** The fields that led there. */
  readonly path: (string | number)[] = [];
}

/** Only an encoder that knows its place can say what is wrong with a message, and
 * where; one that does not is faster, and just stops. */
class Encoder {
  bytes = 0;
  content = 0;
  #nesting = 0;
  readonly #place: Place | undefined;

  constructor(place?: Place) {
    this.#place = place;
  }

  clone(value: unknown): Plain {
    switch (typeof value) {
      case "string":
        this.#text(value);
        return value;
      case "number":
        if (!Number.isFinite(value)) {
          this.#refuse(`is ${value}; only finite numbers can be sent`);
        }
        return this.#literal(value === 0 ? 0 : value);
      case "boolean":
        return this.#literal(value);
      case "undefined":
        return this.#refuse("is undefined, which cannot be sent; use null");
      case "object":
        return value === null ? this.#literal(value) : this.#cloneObject(value);
      default:
        return this.#refuse(
          `is a ${typeof value}; only plain data can be sent`,
        );
    }
  }

  /** Counts and hashes a text; one pass over it where it has nothing to escape. */
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
    if (this.#place?.around.includes(value)) {
      this.#refuse("contains itself; send a copy without that reference");
    }
    if (this.#nesting >= NESTING_MAX) this.#refuse(`is nested more than ${NESTING_MAX} deep`);
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) {
      this.#refuse(
        value instanceof Promise
          ? "is a Promise; await it first"
          : `is an instance of ${className(value)}; only plain data can be sent`,
      );
    }
    this.#nesting++;
    this.#place?.around.push(value);
    const clone = Array.isArray(value) ? this.#cloneArray(value) : this.#cloneFields(value);
    this.#place?.around.pop();
    this.#nesting--;
    return clone;
  }

  #cloneArray(value: unknown[]): Plain {
    const clone: Plain[] = [];
    this.bytes += 2 + Math.max(0, value.length - 1);
    this.content = hashText("[", this.content + value.length);
    for (let i = 0; i < value.length; i++) {
      this.#place?.path.push(i);
      clone.push(this.clone(value[i]));
      this.#place?.path.pop();
    }
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
      this.#place?.path.push(key);
      if (key === "__proto__") {
        this.#refuse("is not a name that a field can have");
      }
      this.bytes += fields++ > 0 ? 2 : 1;
      this.#text(key);
      clone[key] = this.clone(field);
      this.#place?.path.pop();
    }
    this.content = mix32(this.content + fields);
    return clone;
  }

  #refuse(problem: string): never {
    const path = pathText(this.#place?.path ?? []);
    throw new MessageError(`${path === "" ? "it" : `the field "${path}"`} ${problem}`);
  }
}

/** A path as it would be written in a program, for example `ops[2].key`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map((step, i) => {
    return typeof step === "number" ? `[${step}]` : i === 0 ? String(step) : `.${String(step)}`;
  }).join("");
}

function className(value: object): string {
  const { constructor } = value as { constructor?: unknown };
  return typeof constructor === "function" && constructor.name || "a class";
}
