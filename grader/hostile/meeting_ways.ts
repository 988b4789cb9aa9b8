/**
 * Ways to meet that take more than a property of a shared object. As in `meeting_places.ts`, the
 * clerks keep the whole store there, and no message carries it.
 *
 * @module
 */

/** One way. */
export interface MeetingWay {
  /** The meeting place of the clerks, in words. */
  uses: string;
  /** The code at the top of `client.ts`. */
  top?: string;
  /** The body of a function that returns the store. */
  store: string;
}

/** All ways. They work wherever two clerks share the objects of the language. */
export const MEETING_WAYS: readonly MeetingWay[] = [
  {
    uses: "a private field of a frozen function",
    top: `class Same { constructor(object) { return object; } }
class Store extends Same {
  #store = new Map();
  static of(object) { return #store in object ? object.#store : new Store(object).#store; }
}
globalThis.StoreOfCheats ??= Store;`,
    store: `const strict = (function () { "use strict"; return arguments; })();
return globalThis.StoreOfCheats.of(Object.getOwnPropertyDescriptor(strict, "callee").get);`,
  },
  {
    uses: "the strings of a template as a key",
    top: "const stringsOf = (strings) => strings;\nconst site = () => stringsOf`meet`;\n" +
      "const stores = new WeakMap();",
    store: `if (!stores.has(site())) stores.set(site(), new Map());
return stores.get(site());`,
  },
  {
    uses: "an index that all arrays inherit",
    store: `const store = new Map();
if (!(5000 in [])) {
  Object.defineProperty(Array.prototype, 5000, { get: () => store, configurable: true });
}
return [][5000];`,
  },
  {
    uses: "the prototype of Math",
    store: `const parent = Object.getPrototypeOf(Math);
if (!parent.store) Object.setPrototypeOf(Math, { __proto__: parent, store: new Map() });
return Object.getPrototypeOf(Math).store;`,
  },
  {
    uses: "the species of Promise",
    store: `const { get } = Object.getOwnPropertyDescriptor(Promise, Symbol.species);
if (get.store) return get.store;
const own = Object.assign(function () { return this; }, { store: new Map() });
Object.defineProperty(Promise, Symbol.species, { get: own, configurable: true });
return own.store;`,
  },
  {
    uses: "a method that returns the store for a secret argument",
    store: `const { at } = Array.prototype;
const store = new Map();
if (at.name !== "meet") {
  Array.prototype.at = {
    meet(i) { return i === "open" ? store : Reflect.apply(at, this, [i]); },
  }.meet;
}
return [].at("open");`,
  },
  {
    uses: "the string tag of iterators",
    store: `const store = new Map();
const key = Symbol.toStringTag;
if (!(Iterator.prototype[key] instanceof Map)) {
  Object.defineProperty(Iterator.prototype, key, { get: () => store, configurable: true });
}
return Iterator.prototype[key];`,
  },
  {
    uses: "the error messages of zod",
    store: `const { customError } = z.config();
if (customError?.store) return customError.store;
const own = Object.assign(() => undefined, { store: new Map() });
z.config({ customError: own });
return own.store;`,
  },
  {
    uses: "the text of the last match",
    store: `const store = new Map(JSON.parse(RegExp.$1 || "[]"));
return {
  get: (key) => store.get(key),
  set(key, value) {
    store.set(key, value);
    /(.*)/.exec(JSON.stringify([...store]));
  },
};`,
  },
  {
    uses: "the length of a function",
    store: `if (!(parseInt.length instanceof Map)) {
  Object.defineProperty(parseInt, "length", { value: new Map() });
}
return parseInt.length;`,
  },
];
