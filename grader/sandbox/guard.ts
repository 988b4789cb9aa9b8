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

import * as asserts from "@std/assert";
import * as async from "@std/async";
import { z } from "zod";
import * as zod from "zod";
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
  asserts,
  async,
  zod,
  zod.core,
];

/** What the simulation replaces while a test runs. */
const OPEN: Record<string, readonly string[]> = {
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

/** Doors out of the simulation, and memory that servers could share: no solution needs
 * them. */
const CLOSED = [
  "process",
  "Worker",
  "SharedWorker",
  "BroadcastChannel",
  "MessageChannel",
  "SharedArrayBuffer",
  "WebAssembly",
  "global",
];

/** What code may assign a name on that it inherits: plain objects, functions, errors,
 * lists and maps of one's own. Only these, since a method behind a getter costs time; and
 * not what the runtime is fast at only as long as it is plain, such as `then`. */
const OVERRIDABLE: object[] = [
  Object.prototype,
  Function.prototype,
  Error.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
  WeakMap.prototype,
];

/** The globals that are made when first asked for, and stay. */
const LAZY_KEPT = ["TextEncoder", "TextDecoder", "atob", "btoa", "crypto", "self"];

/** What is to be run. */
export interface GuardOptions {
  /** The tests, up to the colon. */
  tests: readonly string[];
  seeds: readonly number[];
  /** How long one test may take with all seeds, in real milliseconds. */
  testMsMax: number;
  /** Modules for one server or clerk each. */
  modules: {
    server: readonly (() => Promise<object>)[];
    client: readonly (() => Promise<object>)[];
  };
}

/** With how many of the seeds each server and each clerk is a module of its own as well. */
const ALONE_SEEDS = 3;

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
  // It replaces itself when it is first called.
  queueMicrotask(() => {});
  for (const name of CLOSED) Reflect.deleteProperty(globalThis, name);
  for (const name of Reflect.ownKeys(globalThis).map(String)) {
    const { get } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {};
    if (get === undefined || LAZY_KEPT.includes(name) || SIMULATED_GLOBALS.includes(name)) continue;
    Reflect.deleteProperty(globalThis, name);
  }
  Object.defineProperty(globalThis, "Deno", { get: () => shown, configurable: false });
  closeRegistry();
  for (const module of LAB) for (const value of Object.values(module)) harden(value);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (["Deno", "globalThis", "self", "Error"].includes(name)) continue;
    harden((globalThis as unknown as Record<string, unknown>)[name], OPEN[name]);
  }
  for (const hidden of hiddenIntrinsics()) harden(hidden);
  // Nobody gets to see the functions and receivers of a stack.
  harden(Error.prototype);
  for (const name of ["captureStackTrace", "isError"] as const) {
    const value = (Error as unknown as Record<string, unknown>)[name];
    Object.freeze(value);
    Object.defineProperty(Error, name, { value, writable: false, configurable: false });
  }
  Object.preventExtensions(Error);
  Object.freeze(version);
  harden(deno);
  lockGlobals();
  // The runner remembers there that it is leaving.
  Object.defineProperty(globalThis, Symbol.for("Deno.isUnloadDispatched"), {
    value: false,
    writable: true,
  });
  Object.preventExtensions(globalThis);
  shown = deno;
}

/** zod's register of schemas is one for all: it keeps what belongs to a schema, and
 * nothing else finds it. */
function closeRegistry(): void {
  const kept = new WeakMap<object, unknown>();
  const { globalRegistry } = z;
  const closed = {
    add(schema: object, meta: unknown) {
      if (Object.hasOwn(schema, "_zod")) kept.set(schema, meta);
      return this;
    },
    get: (schema: object) => kept.get(schema),
    has: (schema: object) => kept.has(schema),
    remove(schema: object) {
      kept.delete(schema);
      return this;
    },
    clear() {
      return this;
    },
  };
  Object.assign(globalRegistry, closed, { _map: undefined, _idmap: undefined });
  Object.freeze(globalRegistry);
  Object.freeze(z.config());
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
  if (!isObject(value) || Object.isFrozen(value)) return;
  if (Object.prototype.toString.call(value) === "[object Module]") {
    for (const inside of Object.values(value)) if (inside !== value) harden(inside);
    return;
  }
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
  // What the simulation replaces is there already, so that nothing needs to be added.
  for (const name of open) {
    const value = (target as Record<string, unknown>)[name];
    Object.defineProperty(target, name, { value, writable: false, configurable: true });
    if (name !== "constructor") Object.freeze(value);
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
  Object.preventExtensions(target);
}

/** Lets objects that inherit a name from a frozen one have it of their own by assigning
 * to it, as they can where nothing is frozen. */
function letOverride(target: object): void {
  const isError = target instanceof Error;
  if (!isError && !OVERRIDABLE.some((each) => each === target)) return;
  for (const name of Object.getOwnPropertyNames(target)) {
    if (target === Array.prototype && name === "constructor") continue;
    const descriptor = Object.getOwnPropertyDescriptor(target, name)!;
    if (!("value" in descriptor) || !descriptor.configurable) continue;
    const { value, enumerable = false } = descriptor;
    Object.defineProperty(target, name, {
      get: () => value,
      set(this: object, own: unknown) {
        if (this === target) {
          throw new TypeError(`Cannot assign to "${String(name)}": it is frozen`);
        }
        if (Object.hasOwn(this, name)) {
          // A setter is asked even where the object's own property is what it inherits from.
          Object.defineProperty(this, name, { value: own });
          return;
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
  { tests, seeds, testMsMax, modules }: GuardOptions,
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
      const [servers, clients] = await Promise.all([modules.server, modules.client].map(loadAll));
      const alone = {
        server: (me: number) => servers![me % servers!.length],
        client: (id: number) => clients![id % clients!.length],
      };
      for (const [i, seed] of seeds.entries()) {
        const run = { seed, clock: "virtual", network: "unreliable" };
        const both = async () => {
          await body({ name, origin, run });
          if (i >= ALONE_SEEDS) return;
          const hooks = { modules: alone, print() {} };
          await body({ name, origin, run, hooks }).catch((error: Error) => {
            throw new Error(sharingMessage(short, error));
          });
        };
        if (!await t.step(`seed ${seed}`, both)) return;
      }
    };
    withRealDeno(() => register(name, { timeout: testMsMax }, runAll));
  };
  return Object.assign(test, {
    afterEach: (action: () => void) => withRealDeno(() => register.afterEach(action)),
  });
}

function loadAll(loads: readonly (() => Promise<object>)[]): Promise<object[]> {
  return Promise.all(loads.map((load) => load()));
}

function sharingMessage(test: string, { message }: Error): string {
  return `${test} passes only where servers and clerks share variables of their modules, ` +
    "which the processes of a cluster cannot; keep what they need in KVServer and Clerk. " +
    `Without sharing: ${message}`;
}

function isObject(value: unknown): value is object & { prototype?: unknown } {
  return value !== null && (typeof value === "object" || typeof value === "function");
}
