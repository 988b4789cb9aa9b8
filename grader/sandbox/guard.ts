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
import { harden, hiddenIntrinsics } from "./freeze.ts";
import { seededTest, type SeededTestOptions } from "./seeded_runs.ts";

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

/** The globals that are made when first asked for, and stay. */
const LAZY_KEPT = ["TextEncoder", "TextDecoder", "atob", "btoa", "crypto", "self"];

/** Puts the guard up.
 *
 * @param options What is to be run.
 */
export function guard(options: SeededTestOptions): void {
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
