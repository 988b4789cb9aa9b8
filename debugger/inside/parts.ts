/**
 * The kinds of values and the members of objects, read without running their code.
 *
 * @module
 */

import { types } from "node:util";
import type { Member, Shown } from "../protocol.ts";
import { privateFieldsOf } from "./private_fields.ts";

export type Container = Extract<Shown, { members: Member[] }>;

// A submission may replace these.
const { getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf } = Object;
const { isArray } = Array;
const { stringify } = JSON;
const mapEntries = Map.prototype.entries;
const setValues = Set.prototype.values;
const sizeOfMap = getOwnPropertyDescriptor(Map.prototype, "size")!.get!;
const sizeOfSet = getOwnPropertyDescriptor(Set.prototype, "size")!.get!;
const dateText = Date.prototype.toISOString;

/** The part of Deno's internals that this module needs: nothing else returns the state of a promise
 * synchronously. */
interface Internals {
  readonly core: { getPromiseDetails(promise: object): [state: number, result: unknown] };
}

const { core } = Reflect.get(Deno, Reflect.get(Deno, "internal")) as Internals;
const PENDING = "pending";
const PROMISE_STATES = [PENDING, "fulfilled", "rejected"];

/** The kind of an object, which never changes. */
export interface Kind {
  readonly is: Container["is"];
  readonly type: string;
  /** True if it is shown as one text. */
  readonly isAtom: boolean;
  readonly isPromise: boolean;
}

const kinds = new WeakMap<object, Kind>();
/** The shared kinds, by their contents. */
const plainKinds = new Map<string, Kind>();

export function kindOf(object: object): Kind {
  const known = kinds.get(object);
  if (known !== undefined) return known;
  const kind = makeKind(object);
  kinds.set(object, kind);
  return kind;
}

function makeKind(object: object): Kind {
  const isProxy = types.isProxy(object);
  const type = isProxy ? "Proxy" : classNameOf(object);
  const isPromise = types.isPromise(object);
  const is = types.isMap(object)
    ? "map"
    : types.isSet(object)
    ? "set"
    : !isProxy && isArray(object)
    ? "list"
    : "object";
  const isAtom = isProxy || Unread.textOf(object) !== undefined || types.isDate(object) ||
    types.isRegExp(object) || types.isNativeError(object) || types.isWeakMap(object) ||
    types.isWeakSet(object) || ArrayBuffer.isView(object);
  const name = `${is} ${isAtom} ${isPromise} ${type}`;
  const kind = plainKinds.get(name) ?? { is, type, isAtom, isPromise };
  plainKinds.set(name, kind);
  return kind;
}

/** A placeholder for a value that cannot be read without running code. */
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

const GETTER = new Unread("(getter)");

/** The key of members without a key. */
export const NO_KEY = Symbol("no key");

/** Receives a member: its name, its key, and its value. */
type OnMember = (name: string | undefined, key: unknown, value: unknown) => void;

/** Visits the members of an object, up to a number of them.
 *
 * @returns The number of all members. */
export function visit(object: object, kind: Kind, countMax: number, onMember: OnMember): number {
  if (kind.isPromise) {
    const [state, value] = promiseDetails(object);
    if (countMax > 0) onMember(state, NO_KEY, value);
    return 1;
  }
  if (kind.isAtom) return 0;
  let left = countMax;
  switch (kind.is) {
    case "map":
      for (const [key, value] of mapEntries.call(object as Map<unknown, unknown>)) {
        if (--left < 0) break;
        onMember(undefined, key, value);
      }
      return sizeOfMap.call(object);
    case "set":
      for (const value of setValues.call(object as Set<unknown>)) {
        if (--left < 0) break;
        onMember(undefined, NO_KEY, value);
      }
      return sizeOfSet.call(object);
    case "list": {
      const list = object as unknown[];
      for (let i = 0; i < list.length && i < countMax; i++) onMember(String(i), NO_KEY, list[i]);
      return list.length;
    }
    case "object":
      return visitFields(object, countMax, onMember);
  }
}

type PromiseDetails = readonly [state: string, result: unknown];

/** The outcomes of settled promises, which never change. */
const settled = new WeakMap<object, PromiseDetails>();

function promiseDetails(promise: object): PromiseDetails {
  const known = settled.get(promise);
  if (known !== undefined) return known;
  const [code, result] = core.getPromiseDetails(promise);
  const details = [PROMISE_STATES[code]!, result] as const;
  if (details[0] !== PENDING) settled.set(promise, details);
  return details;
}

function visitFields(object: object, countMax: number, onMember: OnMember): number {
  let count = 0;
  for (const name of getOwnPropertyNames(object)) {
    if (count++ >= countMax) continue;
    const property = getOwnPropertyDescriptor(object, name)!;
    onMember(name, NO_KEY, "value" in property ? property.value : GETTER);
  }
  const hidden = privateFieldsOf(object);
  for (const name in hidden) {
    if (count++ < countMax) onMember(name, NO_KEY, hidden[name]);
  }
  return count;
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const classNames = new WeakMap<object, string>();

function classNameOf(object: object): string {
  const prototype = getPrototypeOf(object);
  if (prototype === null) return "Object";
  const known = classNames.get(prototype);
  if (known !== undefined) return known;
  const maker = getOwnPropertyDescriptor(prototype, "constructor")?.value;
  const name = typeof maker === "function" && getOwnPropertyDescriptor(maker, "name")?.value;
  const shown = typeof name === "string" && name !== "" ? name.slice(0, 100) : "Object";
  classNames.set(prototype, shown);
  return shown;
}

export type Text = Extract<Shown, { is: "text" }>;

export function other(text: string): Text {
  return { is: "text", type: "other", text };
}

export function textOf(value: unknown, lengthMax: number): Text {
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
  if (types.isNativeError(value)) {
    const message = getOwnPropertyDescriptor(value, "message")?.value;
    return `${classNameOf(value)}: ${typeof message === "string" ? message : ""}`;
  }
  if (ArrayBuffer.isView(value)) return `${classNameOf(value)}, ${value.byteLength} bytes`;
  return classNameOf(value);
}
