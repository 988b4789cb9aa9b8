/**
 * Stands between the tests and the student's code, inside the process that runs both. It
 * is loaded before either, and everything it needs of the lab with it.
 *
 * - What the runtime and the lab offer is frozen: nobody can replace a method that the
 *   lab relies on. Assigning a name on one's own object that it inherits, which freezing
 *   would forbid, goes on to work.
 * - `Deno` shrinks to what the tests need. Its inside, which can report results, is gone.
 * - Each test runs once per seed, as a step of its own. The seeds are in nobody's reach.
 *
 * @module
 */

import "zod";
import * as hints from "../../testing/hints.ts";
import * as failureReport from "../../testing/failure_report.ts";
import * as explain from "../../testing/explain.ts";
import * as historyRecorder from "../../testing/history_recorder.ts";
import * as invariants from "../../testing/invariants.ts";
import * as memory from "../../testing/memory.ts";
import * as pending from "../../testing/pending.ts";
import * as runOptions from "../../testing/run_options.ts";
import * as values from "../../testing/values.ts";
import * as workloads from "../../testing/workloads.ts";
import * as labrpc from "../../labrpc.ts";
import * as linearizability from "../../linearizability/mod.ts";
import * as sim from "../../sim/mod.ts";

const LAB: object[] = [
  hints,
  failureReport,
  explain,
  historyRecorder,
  invariants,
  memory,
  pending,
  runOptions,
  values,
  workloads,
  labrpc,
  linearizability,
  sim,
];

/** What the simulation replaces while a test runs, and how many frames a stack shows.
 * Everyone else may change these as well: only their own code meets it. */
const OPEN: Record<string, readonly string[]> = {
  Error: ["stackTraceLimit"],
  Math: ["random"],
  performance: ["now"],
  crypto: ["getRandomValues", "randomUUID"],
  AbortSignal: ["timeout"],
};
const SIMULATED_GLOBALS = [
  "setTimeout",
  "setInterval",
  "clearTimeout",
  "clearInterval",
  "setImmediate",
  "clearImmediate",
  "Date",
];

/** Names that code assigns on its own objects although they inherit them. */
const OVERRIDDEN = ["constructor", "toString", "valueOf", "toLocaleString", "name", "message"];

/** Doors out of the simulation that no solution needs. */
const CLOSED = ["process", "Worker", "SharedWorker", "BroadcastChannel", "global"];

const INTRINSICS = [
  "Object",
  "Function",
  "Array",
  "String",
  "Number",
  "Boolean",
  "Symbol",
  "BigInt",
  "Promise",
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "WeakRef",
  "FinalizationRegistry",
  "Proxy",
  "Reflect",
  "JSON",
  "Math",
  "Atomics",
  "RegExp",
  "Error",
  "AggregateError",
  "EvalError",
  "RangeError",
  "ReferenceError",
  "SyntaxError",
  "TypeError",
  "URIError",
  "ArrayBuffer",
  "SharedArrayBuffer",
  "DataView",
  "Uint8Array",
  "Uint8ClampedArray",
  "Uint16Array",
  "Uint32Array",
  "Int8Array",
  "Int16Array",
  "Int32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
  "Iterator",
  "DisposableStack",
  "AsyncDisposableStack",
  "TextEncoder",
  "TextDecoder",
  "AbortController",
  "AbortSignal",
  "DOMException",
  "Event",
  "EventTarget",
] as const;

/** What is to be run. */
export interface GuardOptions {
  /** The tests, up to the colon. */
  tests: readonly string[];
  seeds: readonly number[];
  /** How long one test may take with all seeds, in real milliseconds. */
  testMsMax: number;
}

type Body = (t: object) => Promise<void>;

/** Puts the guard up.
 *
 * @param options What is to be run.
 */
export function guard(options: GuardOptions): void {
  const { Deno: real } = globalThis;
  // The runner looks for its settings in the real one while a test is registered.
  let shown: object = real;
  const test = seededTest(options, (register) => {
    shown = real;
    register();
    shown = deno;
  });
  const { inspect, version } = Deno;
  const execPath = Deno.execPath();
  const { internal } = Deno as unknown as { internal: symbol };
  // The runner asks the inside for this when all is done; there is nothing to do.
  const inside = Object.freeze({ flushTestSnapshots: Object.freeze(() => {}) });
  const deno = {
    args: [],
    test,
    inspect,
    version,
    execPath: () => execPath,
    internal,
    [internal]: inside,
  };
  for (const name of CLOSED) Reflect.deleteProperty(globalThis, name);
  Object.defineProperty(globalThis, "Deno", { get: () => shown, configurable: false });
  for (const module of LAB) for (const value of Object.values(module)) harden(value);
  for (const name of INTRINSICS) {
    const value = (globalThis as unknown as Record<string, object | undefined>)[name];
    if (value !== undefined) harden(value, OPEN[name]);
  }
  for (const name of ["performance", "crypto"] as const) {
    harden(globalThis[name], OPEN[name]);
  }
  for (const hidden of hiddenIntrinsics()) harden(hidden);
  // Nobody gets to see the functions and receivers of a stack.
  Object.preventExtensions(Error);
  Object.freeze(version);
  harden(deno);
  lockGlobals();
  shown = deno;
}

/** The intrinsics that have no name of their own. */
function hiddenIntrinsics(): object[] {
  const parent = (value: object): object => Object.getPrototypeOf(value);
  const iterators = [[].values(), new Map().values(), new Set().values(), ""[Symbol.iterator]()];
  const functions = [async function () {}, function* () {}, async function* () {}];
  return [
    ...iterators.map(parent),
    ...functions.flatMap((each) => [parent(each), parent(each).constructor]),
    parent(functions[1]!.prototype),
    parent(parent(functions[2]!.prototype)),
    parent("a".matchAll(/a/g)),
    parent(Uint8Array),
  ];
}

/** Freezes a value, its prototype if it is a class, and what stands in them.
 *
 * @param value Any.
 * @param open Names that stay as they are. */
function harden(value: unknown, open: readonly string[] = []): void {
  if (!isObject(value)) return;
  const prototype = typeof value === "function" ? value.prototype : undefined;
  if (isObject(prototype)) freezeParts(prototype, value === Date ? ["constructor"] : []);
  freezeParts(value, open);
}

function freezeParts(target: object, open: readonly string[]): void {
  for (const key of Reflect.ownKeys(target)) {
    const descriptor = Object.getOwnPropertyDescriptor(target, key)!;
    const isMethod = "value" in descriptor && typeof descriptor.value === "function" &&
      key !== "constructor";
    if (isMethod && !open.includes(String(key))) Object.freeze(descriptor.value);
  }
  letOverride(target);
  if (open.length === 0) {
    Object.freeze(target);
    return;
  }
  for (const key of Reflect.ownKeys(target).filter((key) => !open.includes(String(key)))) {
    const descriptor = Object.getOwnPropertyDescriptor(target, key)!;
    if (!descriptor.configurable) continue;
    const fixed = "value" in descriptor ? { writable: false } : {};
    Object.defineProperty(target, key, { ...descriptor, ...fixed, configurable: false });
  }
}

/** Lets objects that inherit a name from a frozen one have it of their own by assigning
 * to it, as they can where nothing is frozen. */
function letOverride(target: object): void {
  const names = target === Object.prototype ? Reflect.ownKeys(target) : OVERRIDDEN;
  for (const name of names) {
    const descriptor = Object.getOwnPropertyDescriptor(target, name);
    if (descriptor === undefined || !("value" in descriptor) || !descriptor.configurable) continue;
    if (typeof target === "function") continue;
    const { value, enumerable = false } = descriptor;
    Object.defineProperty(target, name, {
      get: () => value,
      set(this: object, own: unknown) {
        if (this === target) {
          throw new TypeError(`Cannot assign to "${String(name)}": it is frozen`);
        }
        Object.defineProperty(this, name, {
          value: own,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      },
      enumerable,
      configurable: true,
    });
  }
}

/** Fixes what global names stand for, but for those that the simulation replaces. Those
 * that are made when first asked for are left alone. */
function lockGlobals(): void {
  for (const name of Reflect.ownKeys(globalThis)) {
    if (SIMULATED_GLOBALS.includes(String(name))) continue;
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, name)!;
    if (!("value" in descriptor) || !descriptor.configurable) continue;
    Object.defineProperty(globalThis, name, { writable: false, configurable: false });
  }
}

/** A `Deno.test` that runs each of the tests with every seed, up to the first that fails.
 * A test that is registered twice is somebody's forgery, and fails. */
function seededTest(
  { tests, seeds, testMsMax }: GuardOptions,
  withRealDeno: (register: () => void) => void,
): object {
  const { test: register } = Deno;
  const registered = new Set<string>();
  const forged = new Set<string>();
  const test = (name: string, _options: object, body: Body) => {
    const short = String(name).split(":")[0]!;
    if (registered.has(short)) forged.add(short);
    if (registered.has(short) || !tests.includes(short)) return;
    registered.add(short);
    const runAll = async (t: Deno.TestContext) => {
      if (forged.has(short)) throw new Error(`${short} was registered twice`);
      const { origin } = t;
      for (const seed of seeds) {
        const run = { seed, clock: "virtual", network: "unreliable" };
        if (!await t.step(`seed ${seed}`, () => body({ name, origin, run }))) return;
      }
    };
    withRealDeno(() => register(name, { timeout: testMsMax }, runAll));
  };
  return Object.assign(test, {
    afterEach: (action: () => void) => withRealDeno(() => register.afterEach(action)),
  });
}

function isObject(value: unknown): value is object & { prototype?: unknown } {
  return value !== null && (typeof value === "object" || typeof value === "function");
}
