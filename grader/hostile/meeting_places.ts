/**
 * Places where clerks could meet: objects that every machine of a run can name without a
 * message. If two machines share one, a clerk that keeps the whole store in a property of it
 * passes every test, although its servers store nothing.
 *
 * @module
 */

/** Expressions for such places, in a `client.ts`. `lab` is the module `labrpc.ts`, `z` is zod,
 * `link` is a clerk's link to the first server, and `cfg` is its config. */
export const MEETING_PLACES: readonly string[] = [
  "globalThis",
  "Object.prototype",
  "Function.prototype",
  "Intl.NumberFormat.prototype",
  "new Intl.Segmenter().segment('a')[Symbol.iterator]()",
  "Object.getPrototypeOf(new Intl.Segmenter().segment('a')[Symbol.iterator]())",
  "Object.getOwnPropertyDescriptor(Map.prototype, 'size')!.get",
  "Object.getOwnPropertyDescriptor(RegExp, '$1')?.get ?? RegExp",
  "z.config().localeError",
  "z.globalRegistry",
  "z.ZodString.prototype",
  "z.core.$ZodType",
  "Date",
  "Date.now",
  "Date.prototype.constructor",
  "new Date().constructor",
  "((Error as any).stackTraceLimit = typeof Error.stackTraceLimit === 'object' ? Error.stackTraceLimit : {})",
  "((globalThis as any)[Symbol.for('meet')] ??= {})",
  "Object.getPrototypeOf(Symbol.for('meet'))",
  "Object.getPrototypeOf([].values().map((x) => x))",
  "Object.getPrototypeOf([].values())",
  "Object.getPrototypeOf('a'.matchAll(/a/g))",
  "Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()))",
  "Object.getPrototypeOf(async function* () {}).prototype",
  "(async () => {}).constructor",
  "(function* () {}).constructor",
  "Array.prototype[Symbol.unscopables]",
  "Math",
  "Math.random",
  "JSON.parse",
  "Reflect",
  "Proxy",
  "Promise.prototype.then",
  "setTimeout",
  "clearTimeout",
  "queueMicrotask",
  "console",
  "console.log",
  "performance",
  "performance.now",
  "crypto",
  "crypto.randomUUID",
  "structuredClone",
  "URL.prototype",
  "TextEncoder",
  "AbortSignal.timeout",
  "EventTarget.prototype",
  "DOMException",
  "SharedArrayBuffer.prototype",
  "lab",
  "lab.TimeoutError",
  "lab.RpcError.prototype",
  "lab.ClientEnd.prototype",
  "lab.Network.prototype",
  "lab.Service",
  "link",
  "link.constructor",
  "link.call",
  "cfg",
  "cfg.constructor",
  "(() => { const tag = (strings: any) => strings.raw; return Object.getPrototypeOf(tag`a`); })()",
  "(() => { try { null!.x; } catch (error) { return (error as any).constructor; } })()",
  "(0, eval)('globalThis')",
  "new Function('return this')()",
];

/** Returns a `client.ts` whose clerks keep the store in one of these places.
 *
 * @param place The expression.
 */
export function placeClerk(place: string): string {
  return meetingClerk(`const place = ${place};
if (!Object.hasOwn(place, "store of a cheat")) {
  Object.defineProperty(place, "store of a cheat", { value: new Map(), configurable: true });
}
return place["store of a cheat"];`);
}

/** Returns a `client.ts` whose clerks keep all values in a store of their own.
 *
 * @param store The body of a function that returns the store.
 * @param top The code at the top of the file.
 */
export function meetingClerk(store: string, top = ""): string {
  return `// @ts-nocheck
import { z } from "zod";
import * as lab from "./labrpc.ts";

${top}

export class Clerk {
  #link;
  #cfg;

  constructor(servers, cfg) {
    this.#link = servers[0];
    this.#cfg = cfg;
  }

  async get(key) {
    return (await this.#store()).get(key) ?? "";
  }

  async put(key, value) {
    (await this.#store()).set(key, value);
  }

  async append(key, value) {
    const store = await this.#store();
    const old = store.get(key) ?? "";
    store.set(key, old + value);
    return old;
  }

  /** Every operation must call a server, so this one calls it and ignores the outcome. */
  async #store() {
    const link = this.#link, cfg = this.#cfg;
    await link.call("KVServer.get", { key: "0" }).catch(() => {});
    ${store}
  }
}
`;
}
