/**
 * The first script of a context: removes what no machine may have, and records the objects
 * of the language, so that the host can use the context for another run of the same machine.
 *
 * Everything else in a realm is made anew for each run: the prelude, the polyfills, zod and
 * the submission's module. What could outlive a run is only what code left on these objects.
 * The means used here are taken before any other code runs, and none of them can be changed
 * without a change of an object that is recorded.
 *
 * @module
 */

import { closeScope } from "./platform.ts";

/** The objects of the language in one context. */
export interface Intrinsics {
  /** Puts the global object and what the prelude replaces back to the state of the record.
   *
   * @returns False if that is not possible. */
  restore(): boolean;
  /** Returns true if no recorded object differs from the record. Call it after
   * {@linkcode Intrinsics.restore}. */
  isUnchanged(): boolean;
}

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { isExtensible, ownKeys } = Reflect;
const { is, setPrototypeOf } = Object;
const { exec } = RegExp.prototype;
const anything = /^/;
const scope = globalThis;

/** What the prelude replaces outside of the global object. */
const REPLACED: readonly [holder: object, key: string][] = [
  [Math, "random"],
  [Date.prototype, "constructor"],
];

/** Objects that have no name: what follows from them are the prototypes of iterators and of
 * functions of other kinds. */
function nameless(): unknown[] {
  const segments = new Intl.Segmenter().segment("a");
  return [
    ...[async () => {}, function* () {}, async function* () {}],
    ...[(function* () {})(), (async function* () {})()],
    ...[[].values(), new Map().values(), new Set().values(), "a"[Symbol.iterator]()],
    ..."a".matchAll(/a/g).toArray(),
    ...["a".matchAll(/a/g), [].values().map(String), Iterator.from({ next() {} } as never)],
    ...[segments, segments[Symbol.iterator]()],
  ];
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** Finds the objects of the language. */
function findAll(): object[] {
  const found = new Set<object>();
  const rest: unknown[] = [scope];
  for (const each of nameless()) {
    for (let type = getPrototypeOf(Object(each)); type !== null; type = getPrototypeOf(type)) {
      rest.push(type);
    }
  }
  while (rest.length > 0) {
    const next = rest.pop();
    if (!isObject(next) || found.has(next)) continue;
    found.add(next);
    rest.push(getPrototypeOf(next));
    for (const key of ownKeys(next)) {
      const { value, get, set } = getOwnPropertyDescriptor(next, key)!;
      rest.push(value, get, set);
    }
  }
  return [...found];
}

/** The state of one object. */
interface Recorded {
  readonly object: object;
  readonly parent: object | null;
  readonly keys: readonly PropertyKey[];
  readonly properties: readonly PropertyDescriptor[];
}

function recordOf(object: object): Recorded {
  const keys = ownKeys(object);
  const properties = keys.map((key) => getOwnPropertyDescriptor(object, key)!);
  return { object, parent: getPrototypeOf(object), keys, properties };
}

/** Describes a property such that it can be defined again, whatever code added to all
 * objects. */
function definitionOf(object: object, key: PropertyKey): PropertyDescriptor {
  return setPrototypeOf(getOwnPropertyDescriptor(object, key)!, null);
}

function isSame(one: PropertyDescriptor | undefined, other: PropertyDescriptor): boolean {
  return one !== undefined && is(one.value, other.value) && one.get === other.get &&
    one.set === other.set && one.writable === other.writable &&
    one.enumerable === other.enumerable && one.configurable === other.configurable;
}

function isAsRecorded({ object, parent, keys, properties }: Recorded): boolean {
  if (getPrototypeOf(object) !== parent || !isExtensible(object)) return false;
  const found = ownKeys(object);
  if (found.length !== keys.length) return false;
  for (let i = 0; i < keys.length; i++) {
    // The order of global names changes when they are put back.
    if (found[i] !== keys[i] && object !== scope) return false;
    if (!isSame(getOwnPropertyDescriptor(object, keys[i]!), properties[i]!)) return false;
  }
  return true;
}

/** Records the objects of the language. */
function recordAll(): Intrinsics {
  // Some cannot be extended from the start: nothing can be left on them.
  const records = findAll().filter((each) => isExtensible(each)).map(recordOf);
  const global: Record<PropertyKey, PropertyDescriptor> = setPrototypeOf({}, null);
  for (const key of ownKeys(scope)) global[key] = definitionOf(scope, key);
  const replaced = REPLACED.map(([holder, key]) => definitionOf(holder, key));

  const putBack = (holder: object, key: PropertyKey, recorded: PropertyDescriptor) => {
    return isSame(getOwnPropertyDescriptor(holder, key), recorded) ||
      defineProperty(holder, key, recorded);
  };
  const restore = () => {
    // Resets the properties of `RegExp` that tell of the last match.
    apply(exec, anything, [""]);
    const keys = ownKeys(scope);
    for (let i = 0; i < keys.length; i++) {
      const recorded = global[keys[i]!];
      if (recorded === undefined) {
        if (!deleteProperty(scope, keys[i]!)) return false;
      } else if (!putBack(scope, keys[i]!, recorded)) return false;
    }
    for (let i = 0; i < REPLACED.length; i++) {
      if (!putBack(REPLACED[i]![0], REPLACED[i]![1], replaced[i]!)) return false;
    }
    return true;
  };
  const isUnchanged = () => {
    for (let i = 0; i < records.length; i++) if (!isAsRecorded(records[i]!)) return false;
    return true;
  };
  const attempt = (action: () => boolean) => () => {
    try {
      return action();
    } catch {
      return false;
    }
  };
  return { restore: attempt(restore), isUnchanged: attempt(isUnchanged) };
}

closeScope(scope);
export const made = { record: recordAll };
