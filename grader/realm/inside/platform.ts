/**
 * The globals of a realm that are not part of the language.
 *
 * A late script makes those that few submissions use, when code first reads one of them.
 *
 * @module
 */

/** The names of the globals that the late script makes. */
export const LATE_NAMES = [
  "AbortController",
  "AbortSignal",
  "CustomEvent",
  "DOMException",
  "Event",
  "EventTarget",
  "TextDecoder",
  "TextEncoder",
  "URL",
  "URLSearchParams",
  "atob",
  "btoa",
  "structuredClone",
] as const;

/** Globals of a V8 context that no machine may have: they block the thread, or observe the garbage
 * collector, which all realms share. */
const TAKEN_AWAY = [
  "Atomics",
  "FinalizationRegistry",
  // It knows the real time, and replacing it would cost every realm half a millisecond.
  "Temporal",
  "WeakRef",
  "WebAssembly",
];

/** Removes from a new context what no machine may have.
 *
 * @param scope The global object.
 */
export function closeScope(scope: typeof globalThis): void {
  lockStacks(scope);
  for (const name of TAKEN_AWAY) Reflect.deleteProperty(scope, name);
}

/** Defines the globals that neither the simulation nor the late script makes.
 *
 * @param scope The global object.
 */
export function defineBasicGlobals(scope: typeof globalThis): void {
  define(scope, "self", scope);
  define(scope, "performance", {});
  define(scope, "crypto", {});
  define(scope, "queueMicrotask", (action: () => void) => {
    if (typeof action !== "function") {
      throw new TypeError("Cannot queue a value that is not a function");
    }
    NOW.then(() => action());
  });
}

/** Defines getters for the globals of the late script.
 *
 * @param scope The global object.
 * @param late Runs that script; called when code first reads one of the names.
 */
export function defineLateGlobals(
  scope: typeof globalThis,
  late: () => Record<string, unknown>,
): void {
  for (const name of LATE_NAMES) {
    Object.defineProperty(scope, name, {
      get() {
        const value = late()[name];
        if (value !== undefined) define(scope, name, value);
        return value;
      },
      set: (value: unknown) => define(scope, name, value),
      enumerable: false,
      configurable: true,
    });
  }
}

const NOW = Promise.resolve();

/** Prevents access to the frames of a stack, which are objects of the host's realm. */
function lockStacks(scope: typeof globalThis): void {
  const fixed = { writable: false, configurable: false, enumerable: false };
  Object.defineProperty(scope.Error, "prepareStackTrace", { value: undefined, ...fixed });
  Object.defineProperty(scope, "Error", { value: scope.Error, ...fixed });
}

/** Defines a global as the platform does. */
export function define(scope: object, name: string, value: unknown): void {
  Object.defineProperty(scope, name, {
    value,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
