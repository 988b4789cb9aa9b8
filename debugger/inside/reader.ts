/**
 * Reads the objects of a machine as plain data, up to limits, without running any code of
 * theirs: no getter, no `toString`, no trap of a proxy.
 *
 * What did not change since an earlier reading is the same object as there, so that many
 * readings take little room, and what changed is found quickly.
 *
 * @module
 */

import { types } from "node:util";
import type { Member, Shown } from "../protocol.ts";
import { privateFieldsOf } from "./private_fields.ts";

/** How much is read. */
export interface ReadLimits {
  /** Objects in objects. */
  depth: number;
  /** Members of one object. */
  members: number;
  /** Characters of one text. */
  text: number;
  /** Values in all. */
  values: number;
}

/** For what is shown at every step. */
export const STEP_LIMITS: ReadLimits = { depth: 5, members: 100, text: 200, values: 3000 };
/** For a value that somebody opened. */
export const OPEN_LIMITS: ReadLimits = { depth: 4, members: 2000, text: 100_000, values: 20_000 };

type Container = Extract<Shown, { members: Member[] }>;

// A submission may replace these.
const { getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf } = Object;
const { isArray } = Array;
const { stringify } = JSON;
const mapEntries = Map.prototype.entries;
const setValues = Set.prototype.values;
const sizeOfMap = getOwnPropertyDescriptor(Map.prototype, "size")!.get!;
const sizeOfSet = getOwnPropertyDescriptor(Set.prototype, "size")!.get!;
const dateText = Date.prototype.toISOString;
const { inspect } = Deno;

/** The values that texts were made of. */
const sources = new WeakMap<Shown, unknown>();

/** Reads a value.
 *
 * @param previous What was read of it before, if anything. */
export function read(value: unknown, limits: ReadLimits, previous?: Shown): Shown {
  return new Reading(limits).read(value, previous, 0);
}

/** Finds a value in another.
 *
 * @param path The places of members, from outside in; of a map, those of its entries.
 * @returns `undefined` if there is none. */
export function valueAt(value: unknown, path: readonly number[]): unknown {
  let at = value;
  for (const place of path) at = new Parts(at, place + 1).members[place]?.value;
  return at;
}

/** A member as it is, before it is read. */
interface Part {
  readonly name?: string;
  readonly key?: { readonly value: unknown };
  readonly value: unknown;
}

/** Stands for what cannot be read without running code. */
class Unread {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the text of one; `instanceof` would ask a proxy. */
  static textOf(value: object): string | undefined {
    return #text in value ? value.#text : undefined;
  }
}

/** One reading. */
class Reading {
  readonly #limits: ReadLimits;
  readonly #around: unknown[] = [];
  #left: number;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
    this.#left = limits.values;
  }

  read(value: unknown, previous: Shown | undefined, depth: number): Shown {
    this.#left--;
    if (previous?.is === "text" && Object.is(sources.get(previous), value)) return previous;
    const isContainer = typeof value === "object" && value !== null && !isAtom(value);
    if (!isContainer || this.#around.includes(value)) return this.#text(value, previous);
    this.#around.push(value);
    const read = this.#container(value, previous, depth);
    this.#around.pop();
    return read;
  }

  #text(value: unknown, previous: Shown | undefined): Shown {
    const made = isObject(value) && this.#around.includes(value)
      ? other("(the same as one around it)")
      : textOf(value, this.#limits.text);
    // What an object like a promise shows may change.
    if (!isObject(value)) sources.set(made, value);
    const isSame = previous?.is === "text" && previous.text === made.text &&
      previous.type === made.type && previous.length === made.length;
    return isSame ? previous : made;
  }

  #container(value: object, previous: Shown | undefined, depth: number): Shown {
    const isTooDeep = depth >= this.#limits.depth || this.#left <= 0;
    const { is, type, size, members: parts } = new Parts(
      value,
      isTooDeep ? 0 : this.#limits.members,
    );
    const before = previous?.is === is && previous.type === type
      ? previous as Container
      : undefined;
    const members: Member[] = [];
    let isSame = before !== undefined && before.size === size;
    for (const part of parts) {
      if (this.#left <= 0) break;
      const earlier = before?.members[members.length];
      const member = this.#member(part, earlier, depth);
      isSame &&= member === earlier;
      members.push(member);
    }
    if (isSame && before!.members.length === members.length) return before!;
    return { is, type, size, members };
  }

  #member({ name, key, value }: Part, earlier: Member | undefined, depth: number): Member {
    const isLike = earlier !== undefined && earlier.name === name &&
      (earlier.key === undefined) === (key === undefined);
    const before = isLike ? earlier : undefined;
    const shownKey = key && this.read(key.value, before?.key, depth + 1);
    const shown = this.read(value, before?.value, depth + 1);
    if (before !== undefined && before.key === shownKey && before.value === shown) return before;
    return {
      ...name === undefined ? {} : { name },
      ...shownKey && { key: shownKey },
      value: shown,
    };
  }
}

/** The parts of an object, up to a number of them. */
class Parts {
  is: Container["is"] = "object";
  type: string;
  size: number;
  readonly members: Part[] = [];

  constructor(value: unknown, countMax: number) {
    const object = Object(value) as object;
    this.type = types.isProxy(object) ? "Proxy" : classNameOf(object);
    if (types.isMap(object)) {
      this.is = "map";
      this.size = sizeOfMap.call(object);
      for (const [key, value] of take(mapEntries.call(object), countMax)) {
        this.members.push({ key: { value: key }, value });
      }
    } else if (types.isSet(object)) {
      this.is = "set";
      this.size = sizeOfSet.call(object);
      for (const value of take(setValues.call(object), countMax)) this.members.push({ value });
    } else if (isArray(object)) {
      this.is = "list";
      this.size = object.length;
      for (let i = 0; i < Math.min(this.size, countMax); i++) {
        this.members.push({ name: String(i), value: object[i] });
      }
    } else if (isAtom(object)) this.size = 0;
    else this.size = this.#readFields(object, countMax);
  }

  #readFields(object: object, countMax: number): number {
    const names = getOwnPropertyNames(object);
    const hidden = Object.entries(privateFieldsOf(object));
    for (const name of names) {
      if (this.members.length >= countMax) break;
      const property = getOwnPropertyDescriptor(object, name)!;
      const value = "value" in property ? property.value : new Unread("(getter)");
      this.members.push({ name, value });
    }
    for (const [name, value] of hidden) {
      if (this.members.length < countMax) this.members.push({ name, value });
    }
    return names.length + hidden.length;
  }
}

function* take<T>(items: Iterable<T>, count: number): Iterable<T> {
  if (count <= 0) return;
  for (const item of items) {
    yield item;
    if (--count <= 0) return;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Returns true if an object is shown as one text. */
function isAtom(value: object): boolean {
  return Unread.textOf(value) !== undefined || types.isProxy(value) || types.isPromise(value) ||
    types.isDate(value) || types.isRegExp(value) || types.isNativeError(value) ||
    types.isWeakMap(value) || types.isWeakSet(value) || ArrayBuffer.isView(value);
}

function classNameOf(object: object): string {
  const prototype = getPrototypeOf(object);
  if (prototype === null) return "Object";
  const maker = getOwnPropertyDescriptor(prototype, "constructor")?.value;
  const name = typeof maker === "function" && getOwnPropertyDescriptor(maker, "name")?.value;
  return typeof name === "string" && name !== "" ? name.slice(0, 100) : "Object";
}

type Text = Extract<Shown, { is: "text" }>;

function other(text: string): Text {
  return { is: "text", type: "other", text };
}

function textOf(value: unknown, lengthMax: number): Text {
  switch (typeof value) {
    case "string":
      if (value.length <= lengthMax) return { is: "text", type: "string", text: stringify(value) };
      return {
        is: "text",
        type: "string",
        text: `${stringify(value.slice(0, lengthMax / 2))} … ${
          stringify(value.slice(-lengthMax / 2))
        }`,
        length: value.length,
      };
    case "number":
      return { is: "text", type: "number", text: Object.is(value, -0) ? "-0" : String(value) };
    case "bigint":
      return { is: "text", type: "bigint", text: `${String(value).slice(0, lengthMax)}n` };
    case "boolean":
      return { is: "text", type: "boolean", text: String(value) };
    case "undefined":
      return { is: "text", type: "nothing", text: "undefined" };
    case "function": {
      const name = getOwnPropertyDescriptor(value, "name")?.value;
      const shown = typeof name === "string" ? name.slice(0, 100) : "";
      return { is: "text", type: "function", text: `function ${shown}`.trimEnd() };
    }
    case "symbol":
      return other(String(value).slice(0, lengthMax));
    default:
      if (value === null) return { is: "text", type: "nothing", text: "null" };
      return other(atomText(value as object).slice(0, lengthMax));
  }
}

function atomText(value: object): string {
  const unread = Unread.textOf(value);
  if (unread !== undefined) return unread;
  if (types.isProxy(value)) return "Proxy";
  if (types.isDate(value)) {
    try {
      return dateText.call(value);
    } catch {
      return "Invalid Date";
    }
  }
  if (types.isPromise(value)) return inspect(value, { depth: 0 });
  if (types.isNativeError(value)) {
    const message = getOwnPropertyDescriptor(value, "message")?.value;
    return `${classNameOf(value)}: ${typeof message === "string" ? message : ""}`;
  }
  if (ArrayBuffer.isView(value)) return `${classNameOf(value)}, ${value.byteLength} bytes`;
  return classNameOf(value);
}
