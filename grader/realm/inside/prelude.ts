/**
 * The first script of a realm. It makes what student code finds there from primitives, and
 * gives the host the functions that {@linkcode RealmCalls} lists.
 *
 * It is bundled as the body of a function of one argument, `host`, and its value is the
 * result. The host's functions stay in its closures. They belong to another realm, so no
 * student code may ever hold one of them, or anything that they throw.
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
  HostCalls,
  LateScript,
  MadeMethod,
  MadeServer,
  PackedText,
  RealmCalls,
  ThrownText,
} from "./boundary.ts";
import { makeConsole } from "./console.ts";
import { isPlainSchema } from "./plain_schema.ts";
import { define, offerBasics, offerLate } from "./platform.ts";
import { RecentTexts } from "./recent_texts.ts";
import type { Tools } from "./tools.ts";

/** The functions of the host; the wrapper of the bundle has it as its argument. */
declare const host: HostCalls;

const { parse, stringify } = JSON;

type Primitive = string | number | boolean;

/** Wraps a function of the host. What it throws, for example since the stack is full, is an
 * object of the host's realm and must not be seen here. The arguments are not spread, since
 * student code can change what spreading does. */
function guarded<
  R,
  A extends Primitive = never,
  B extends Primitive = never,
  C extends Primitive = never,
  D extends Primitive = never,
  E extends Primitive = never,
>(call: (a: A, b: B, c: C, d: D, e: E) => R) {
  return (a?: A, b?: B, c?: C, d?: D, e?: E): R => {
    try {
      return call(a!, b!, c!, d!, e!);
    } catch {
      throw new RangeError("Maximum call stack size exceeded");
    }
  };
}

const calls = {
  now: guarded(host.now),
  bits: guarded(host.bits),
  setTimer: guarded(host.setTimer),
  clearTimer: guarded(host.clearTimer),
  busyWait: guarded(host.busyWait),
  send: guarded(host.send),
  replied: guarded(host.replied),
  handlerThrew: guarded(host.handlerThrew),
  returned: guarded(host.returned),
  operationThrew: guarded(host.operationThrew),
  loaded: guarded(host.loaded),
  print: guarded(host.print),
  loadScript: guarded(host.loadScript),
};

let timers = new Map<number, () => void>();
let nextTimer = 1;

const late: Partial<Record<LateScript, unknown>> = {};

function lateScript<T>(name: LateScript): T {
  if (late[name] === undefined) {
    // The script may look at the globals that it is about to make.
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

/** Makes what a run finds in the global object besides the language. */
function offerAll(): GlobalsGuard {
  define(
    globalThis,
    "console",
    makeConsole(calls.print, (value) => {
      return typeof value === "string" ? value : tools().print(value);
    }),
  );
  const guard = new GlobalsGuard(clock, calls, () => calls.busyWait());
  offerLate(globalThis, () => lateScript("platform"));
  // To compile a schema takes longer than a run.
  define(globalThis, "__zod_globalConfig", { jitless: true });
  return guard;
}

let guard = offerAll();

/** The outcome of calls under way. */
let pending = new Map<number, SettleCall>();
let nextCall = 1;
let module: object = {};
let methods: ReadonlyMap<string, ServiceMethod> = new Map();
/** The replies that fitted, by their schemas. */
let fitting = new Map<unknown, RecentTexts<true>>();
let clerk: ClerkMachine | undefined;

function thrownText(error: unknown): string {
  // This happens all the time, and what describes it takes a while to load.
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

/** Returns true for an instance of a class; a proxy may throw when it is asked. */
function isA<T>(type: new (...args: never[]) => T, value: unknown): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/** Makes a readable text of what an operation returned. Every put returns `undefined`, and
 * the script that shows other values takes a while to load. */
function shown(result: unknown): string {
  return result === undefined ? "undefined" : tools().show(result);
}

/** Forgets the run that is over, and makes everything ready for the next one.
 *
 * @returns False if that run changed too much. */
function beginAgain(): boolean {
  try {
    guard[Symbol.dispose]();
    if (!restoreScope()) return false;
    offerBasics(globalThis);
    guard = offerAll();
  } catch {
    return false;
  }
  timers = new Map();
  pending = new Map();
  methods = new Map();
  fitting = new Map();
  nextTimer = 1;
  nextCall = 1;
  // Code can change what it made.
  delete late.platform;
  module = {};
  clerk = undefined;
  return true;
}

/** Runs something for the host, which gets what it throws as text. */
function attempt(action: () => string | void): string {
  try {
    return action() ?? "";
  } catch (error) {
    return thrownText(error);
  }
}

/** Holds a message to a schema.
 *
 * @returns "" if it fits and arrives as it is, or the JSON text of a `PackedText`. */
function check(schema: ServiceMethod["args"], text: string): string {
  const value: unknown = parse(text);
  try {
    const { success, data } = schema.safeParse(value);
    if (success && isSendable(data) && stringify(data) === text) return "";
  } catch {
    // It throws again below.
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

/** Says what is wrong with a message that cannot be sent. */
function problemOf(message: unknown): string {
  try {
    pack(message);
    return "it changes while it is looked at";
  } catch (error) {
    if (error instanceof MessageError) return error.message;
    throw error;
  }
}

function reply(run: number, { reply: schema }: ServiceMethod, result: unknown): void {
  if (!isSendable(result)) return calls.replied(run, packed(result, schema), "packed");
  const text = stringify(result);
  const known = fitting.get(schema);
  const made = known?.get(text) ? "" : check(schema, text);
  if (made !== "") return calls.replied(run, made, "packed");
  known?.set(text, true);
  calls.replied(run, text, "as it is");
}

function linksOf(count: number) {
  return Array.from({ length: count }, (_, link) => {
    return (method: string, args: unknown, settle: SettleCall) => send(link, method, args, settle);
  });
}

/** Takes a call out of those under way. */
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
      const made = Array.from(methods, ([name, { table, args, reply }]): MadeMethod => {
        if (isPlainSchema(reply)) fitting.set(reply, new RecentTexts());
        return { name, table, isPlain: isPlainSchema(args) };
      });
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
