/**
 * The globals that a realm has beside those of the language.
 *
 * What few submissions use comes from a late script, which runs when one of its names is
 * first read.
 *
 * @module
 */

/** The names of the globals that a late script brings. */
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

/** Globals of a V8 context that no machine of a run may have: means to block the thread, and a view
 * of the garbage collector, which is one for all realms. */
const TAKEN_AWAY = [
  "Atomics",
  "FinalizationRegistry",
  // It knows the real time, and to replace that would cost every realm half a millisecond.
  "Temporal",
  "WeakRef",
  "WebAssembly",
];

/** Takes what no machine may have away from a fresh context.
 *
 * @param scope The global object.
 */
export function closeScope(scope: typeof globalThis): void {
  lockStacks(scope);
  for (const name of TAKEN_AWAY) Reflect.deleteProperty(scope, name);
}

/** Fits a global object out, but for what the simulation and the second script bring.
 *
 * @param scope The global object.
 */
export function offerBasics(scope: typeof globalThis): void {
  define(scope, "self", scope);
  define(scope, "performance", {});
  define(scope, "crypto", {});
  define(scope, "queueMicrotask", (action: () => void) => {
    if (typeof action !== "function") throw new TypeError("Cannot queue what is no function");
    NOW.then(() => action());
  });
}

/** Offers what a late script brings.
 *
 * @param scope The global object.
 * @param late Returns what that script made; called when one of its names is read.
 */
export function offerLate(
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

/** Keeps the runtime from handing out the frames of a stack: they are objects of the host's
 * realm. */
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
