/**
 * The names that client.ts and server.ts may use, besides the language. Grading runs each server and
 * each clerk alone and offers only these names. `deno test`, the editor and grading all read this
 * list.
 *
 * @module
 */

/** The modules that a submission may import. If there is a list, only its values may be imported, and
 * all types. */
export const IMPORTS: Readonly<Record<string, "all" | readonly string[]>> = {
  "zod": "all",
  "@std/assert": "all",
  "@std/async": "all",
  "./labrpc.ts": ["ClientEnd", "TimeoutError", "RpcError"],
  "./config.ts": ["ShardConfig", "ServerConfig"],
  "./client.ts": "all",
  "./server.ts": "all",
};

/** Advice for other modules, by patterns of which the first match counts. */
export const IMPORT_ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [/^(?:node:)?crypto$/, "use crypto.randomUUID(), which needs no import"],
  [/^(?:node:)?timers(?:\/promises)?$/, 'use setTimeout, or delay from "@std/async"'],
  [/^(?:node:)?events$/, "use EventTarget, which needs no import"],
  [/^(?:node:)?async_hooks$/, "pass the value as an argument"],
  [/^(?:node:)?assert(?:\/strict)?$/, 'use "@std/assert"'],
  [/^(?:node:)?perf_hooks$/, "use performance.now(), which needs no import"],
  [/^(?:node:)?util$/, "use structuredClone() or JSON.stringify(), which need no import"],
  [/^(?:node:)?url$/, "use URL, which needs no import"],
  [/^(?:node:)?buffer$/, "use Uint8Array, TextEncoder, atob and btoa"],
  [/^(?:node:)?worker_threads$/, "servers and clerks meet only through call()"],
  [/^(?:node:)?(?:fs|os|path|process|net|http|child_process)(?:\/|$)/, "keep the data in fields"],
  [/^(?:npm:|jsr:|https:.*\/)?@?zod\b/, 'write "zod"'],
  [/^(?:jsr:)?@std\/assert/, 'write "@std/assert"'],
  [/^(?:jsr:)?@std\/async/, 'write "@std/async"'],
  [/labrpc\.ts$/, 'write "./labrpc.ts"'],
  [/config\.ts$/, 'write "./config.ts"'],
];

/** The globals that a submission may use. */
export const GLOBALS: readonly string[] = [
  "undefined NaN Infinity globalThis arguments",
  "Object Function Array String Number Boolean Symbol BigInt Math JSON Reflect Proxy Intl",
  "Map Set WeakMap WeakSet Promise Iterator RegExp Date",
  "Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError",
  "SuppressedError DisposableStack AsyncDisposableStack",
  "ArrayBuffer DataView Uint8Array Uint8ClampedArray Uint16Array Uint32Array BigUint64Array",
  "Int8Array Int16Array Int32Array BigInt64Array Float16Array Float32Array Float64Array",
  "parseInt parseFloat isNaN isFinite encodeURI encodeURIComponent decodeURI decodeURIComponent",
  "escape unescape",
  "setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate",
  "console queueMicrotask structuredClone crypto performance",
  "AbortController AbortSignal Event EventTarget CustomEvent DOMException",
  "TextEncoder TextDecoder URL URLSearchParams atob btoa",
].flatMap((line) => line.split(" "));

const NO_IO = "a machine has no files, no network and no environment: keep the data in fields";
const ONE_THREAD = "servers and clerks meet only through call()";

/** Advice for other globals and members. */
export const GLOBAL_ADVICE: Readonly<Record<string, string>> = {
  process: "use queueMicrotask() for nextTick(), performance.now() for hrtime()",
  Buffer: "use Uint8Array, TextEncoder, atob and btoa",
  Deno: NO_IO,
  navigator: NO_IO,
  location: NO_IO,
  fetch: "use call()",
  WebSocket: "use call()",
  EventSource: "use call()",
  localStorage: NO_IO,
  sessionStorage: NO_IO,
  caches: NO_IO,
  indexedDB: NO_IO,
  MessageChannel: "use queueMicrotask() or setTimeout()",
  MessagePort: "use queueMicrotask() or setTimeout()",
  BroadcastChannel: ONE_THREAD,
  Worker: ONE_THREAD,
  SharedArrayBuffer: ONE_THREAD,
  Atomics: ONE_THREAD,
  WebAssembly: "write it in TypeScript",
  WeakRef: "use WeakMap, or delete the entry yourself",
  FinalizationRegistry: "use WeakMap, or delete the entry yourself",
  Temporal: "use Date or performance.now()",
  ReadableStream: "use an async generator",
  WritableStream: "use an async function",
  TransformStream: "use an async generator",
  reportError: "throw the error",
  require: "use import",
  eval: "write the code out",
  global: "name what you need, without global",
  self: "name what you need, without self",
  window: "name what you need, without window",
  "crypto.subtle": "compare the values themselves, or write the hash as a function",
};

/** Advice for all other globals of the runtime. */
export const OTHER_ADVICE = "use the language and what the README lists";

/** The members that may be used of a global, where these are not all. */
export const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  crypto: ["randomUUID", "getRandomValues"],
  performance: ["now"],
};

/** Methods that change a collection. */
export const MUTATORS: readonly string[] = "set add delete clear push pop shift unshift splice"
  .split(" ");

/** Advice for code that is not refused by a name alone. */
export const ADVICE = {
  computedImport: "write the name in quotes",
  importMeta: NO_IO,
  newFunction: "write the function out",
  globalThis: "name what you need, and keep data in fields",
  sharedState:
    "each clerk and each server is a machine of its own, with its own memory: make it a field " +
    "of the class, even if it is only a cache",
} as const;
