/**
 * The first script of a realm. It makes the realm's globals, and gives the host the functions of
 * {@linkcode RealmCalls}.
 *
 * The bundler turns it into a function with one parameter, `host`. The functions of the host
 * belong to another realm: they stay in closures, so that student code never gets one of them, or
 * anything that they throw.
 *
 * @module
 */

import { restoreScope } from "./basics.ts";
import { RpcError, type ServiceMethod, type SettleCall, TimeoutError } from "../../../labrpc.ts";
import { linkOfTimeout } from "../../../labrpc/errors.ts";
import * as labrpc from "../../../labrpc.ts";
import { isSendable, MessageError, pack } from "../../../labrpc/message.ts";
import { GlobalsGuard, type Timer } from "../../../sim/mod.ts";
import {
  type ClerkMachine,
  makeClerk,
  makeServer,
  SubmissionError,
} from "../../../testing/machines.ts";
import type { Request } from "../../../testing/cluster.ts";
import type {
  LateScript,
  MadeMethod,
  MadeServer,
  PackedText,
  RealmCalls,
  ThrownText,
} from "./boundary.ts";
import { calls } from "./host.ts";
import { makeConsole } from "./console.ts";
import { define, defineBasicGlobals, defineLateGlobals } from "./platform.ts";
import type { Tools } from "./tools.ts";

const { parse, stringify } = JSON;

let timers = new Map<number, () => void>();
let nextTimer = 1;

const late: Partial<Record<LateScript, unknown>> = {};

function lateScript<T>(name: LateScript): T {
  if (late[name] === undefined) {
    // The script may read the globals that it is about to make.
    late[name] = {};
    calls.loadScript(name);
  }
  return late[name] as T;
}

const tools = () => lateScript<Tools>("tools");

const clock = {
  kind: "virtual" as const,
  now: calls.now,
  setTimer(delayMs: number, action: () => void): Timer {
    const id = nextTimer++;
    timers.set(id, action);
    calls.setTimer(id, delayMs);
    return id as unknown as Timer;
  },
  clearTimer(timer: Timer): void {
    const id = timer as unknown as number;
    if (timers.delete(id)) calls.clearTimer(id);
  },
};

/** Defines the globals of a run, except for those of the language. */
function offerAll(): GlobalsGuard {
  define(
    globalThis,
    "console",
    makeConsole(calls.print, (value) => {
      return typeof value === "string" ? value : tools().print(value);
    }),
  );
  const guard = new GlobalsGuard(clock, calls, () => calls.busyWait());
  defineLateGlobals(globalThis, () => lateScript("platform"));
  // Compiling a schema takes longer than a run.
  define(globalThis, "__zod_globalConfig", { jitless: true });
  return guard;
}

let guard = offerAll();

/** The calls without an outcome. */
let pending = new Map<number, SettleCall>();
let nextCall = 1;
let module: object = {};
let methods: ReadonlyMap<string, ServiceMethod> = new Map();
let clerk: ClerkMachine | undefined;

function thrownText(error: unknown): string {
  // Timeouts are frequent, and the script for other errors takes a while to load.
  if (isA(TimeoutError, error)) {
    const { name, message } = error;
    const link = linkOfTimeout(error);
    return stringify({ kind: "timeout", name, message, stack: "", link } satisfies ThrownText);
  }
  return tools().thrown(error, kindOf);
}

function kindOf(error: object): ThrownText["kind"] {
  if (isA(TimeoutError, error)) return "timeout";
  if (isA(RpcError, error)) return "rpc";
  return isA(SubmissionError, error) ? "submission" : "error";
}

/** Returns true for an instance of a class. A proxy may throw instead of answering. */
function isA<T>(type: new (...args: never[]) => T, value: unknown): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/** Returns a readable text of the result of an operation. Every put returns `undefined`, and the
 * script for other values takes a while to load. */
function shown(result: unknown): string {
  return result === undefined ? "undefined" : tools().show(result);
}

/** Implements {@linkcode RealmCalls.beginAgain}. */
function beginAgain(): boolean {
  try {
    guard[Symbol.dispose]();
    if (!restoreScope()) return false;
    defineBasicGlobals(globalThis);
    guard = offerAll();
  } catch {
    return false;
  }
  timers = new Map();
  pending = new Map();
  methods = new Map();
  nextTimer = 1;
  nextCall = 1;
  // Code may have changed the globals of this script.
  delete late.platform;
  module = {};
  clerk = undefined;
  return true;
}

/** Runs an action for the host, and returns its error as text. */
function attempt(action: () => string | void): string {
  try {
    return action() ?? "";
  } catch (error) {
    return thrownText(error);
  }
}

/** Checks a message against a schema.
 *
 * @returns "" if it fits and arrives unchanged, or the JSON text of a `PackedText`. */
function check(schema: ServiceMethod["args"], text: string): string {
  const value: unknown = parse(text);
  try {
    const { success, data } = schema.safeParse(value);
    if (success && isSendable(data) && stringify(data) === text) return "";
  } catch {
    // The call below throws again.
  }
  return packed(value, schema);
}

function packed(message: unknown, schema: ServiceMethod["args"]): string {
  let result: PackedText;
  try {
    const { value, bytes, content } = pack(message, schema);
    result = { text: stringify(value), bytes, content };
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    result = { problem: error.message };
  }
  return stringify(result);
}

function send(link: number, method: string, args: unknown, settle: SettleCall): void {
  const call = nextCall++;
  pending.set(call, settle);
  if (isSendable(args)) calls.send(link, call, String(method), stringify(args), false);
  else calls.send(link, call, String(method), problemOf(args), true);
}

/** Returns the reason that a message cannot be sent. */
function problemOf(message: unknown): string {
  try {
    pack(message);
    return "it changes while it is read";
  } catch (error) {
    if (error instanceof MessageError) return error.message;
    throw error;
  }
}

function reply(run: number, { reply: schema }: ServiceMethod, result: unknown): void {
  if (!isSendable(result)) return calls.replied(run, packed(result, schema), "packed");
  const text = stringify(result);
  const made = check(schema, text);
  if (made === "") calls.replied(run, text, "unchanged");
  else calls.replied(run, made, "packed");
}

function linksOf(count: number) {
  return Array.from({ length: count }, (_, link) => {
    return (method: string, args: unknown, settle: SettleCall) => send(link, method, args, settle);
  });
}

/** Removes a call from those without an outcome. */
function settled(call: number): SettleCall | undefined {
  const settle = pending.get(call);
  pending.delete(call);
  return settle;
}

export const realm: RealmCalls = {
  beginAgain,
  giveScript: (name, made) => void (late[name] = made),
  load: (wrapper) =>
    attempt(() => {
      const loaded = (wrapper as (lab: object) => object | Promise<object>)(labrpc);
      if (!(loaded instanceof Promise)) {
        module = loaded;
        calls.loaded("");
        return;
      }
      loaded.then((each) => {
        module = each;
        calls.loaded("");
      }, (error) => calls.loaded(thrownText(error)));
    }),
  makeServer: (cfg, links) =>
    attempt(() => {
      ({ methods } = makeServer(module, parse(cfg), linksOf(links)));
      const made = Array.from(methods, ([name, { table }]): MadeMethod => ({ name, table }));
      return stringify({ methods: made } satisfies MadeServer);
    }),
  makeClerk: (cfg, links) =>
    attempt(() => void (clerk = makeClerk(module, parse(cfg), linksOf(links)))),
  start(operation, op, key, value) {
    const request = op === "get" ? { op, key } : { op: op as "put" | "append", key, value };
    clerk!.start(request as Request, {
      resolve(result) {
        const isString = typeof result === "string";
        calls.returned(operation, isString ? result : shown(result), isString);
      },
      reject: (error) => calls.operationThrew(operation, thrownText(error)),
    });
  },
  run(run, name, args) {
    const method = methods.get(name)!;
    method.run(parse(args), {
      resolve: (result) => reply(run, method, result),
      reject: (error) => calls.handlerThrew(run, thrownText(error)),
    });
  },
  packArgs: (name, args) => check(methods.get(name)!.args, args),
  receive: (call, reply) => settled(call)?.resolve(parse(reply)),
  timeOut: (call, request, link) => settled(call)?.timeOut(request, link),
  refuse: (call, message) => settled(call)?.reject(new RpcError(message)),
  fire: (id) =>
    attempt(() => {
      const action = timers.get(id);
      timers.delete(id);
      action?.();
    }),
};
