/**
 * A realm cannot reach objects of another realm: every object that student code can get has its
 * prototypes in its own realm.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { stopBundler } from "./bundle.ts";
import { evaluate, evaluateAgain } from "./fixture.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };

/** Code that visits every object that can be reached from a value, and lists foreign ones. */
const WALKER = `
const OWN = new Set<unknown>([Object.prototype, Function.prototype, null]);
const seen = new Set<unknown>();
const foreign: string[] = [];
function isObject(value: unknown) {
  return value !== null && (typeof value === "object" || typeof value === "function");
}
function walk(start: any, name: string): void {
  const rest: [any, string][] = [[start, name]];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) look(...next, rest);
}
function look(value: any, path: string, rest: [any, string][]): void {
  if (!isObject(value) || seen.has(value)) return;
  seen.add(value);
  let root: any = value;
  while (Object.getPrototypeOf(root) !== null) root = Object.getPrototypeOf(root);
  if (root !== Object.prototype && Object.hasOwn(root, "hasOwnProperty")) foreign.push(path);
  if (typeof value === "function") {
    const home = Object.getPrototypeOf(value).constructor;
    try {
      const isHome = home === value || home("return globalThis")() === globalThis;
      // The constructors of async functions and generators make other functions.
      if (!isHome && home.name === "Function") foreign.push(path + " (its constructor)");
    } catch { /* no function makes one of text */ }
  }
  rest.push([Object.getPrototypeOf(value), path + ".__proto__"]);
  for (const key of Reflect.ownKeys(value)) {
    const name = path + "." + String(key);
    const { get, set } = Object.getOwnPropertyDescriptor(value, key)!;
    rest.push([get, name + " (getter)"], [set, name + " (setter)"]);
    try { rest.push([value[key], name]); } catch (error) { rest.push([error, name + " (thrown)"]); }
  }
}
`;

const WALK_ALL = `
  walk(globalThis, "globalThis");
  walk(servers, "servers");
  walk(this, "this");
  walk({ TimeoutError, RpcError, labrpc }, "labrpc");
  walk([async () => {}, function* () {}, async function* () {}, [].values(), new Map().values(),
    "a".matchAll(/a/g), Promise.resolve(), new Proxy({}, {}), Symbol.for("a")], "made");
  walk((function () { return arguments; })(), "arguments");
  walk(new Error("a"), "error");
  walk(setTimeout(() => {}, 1), "timer");
  walk(performance, "performance");
  walk(new AbortController().signal, "signal");
  walk(new URL("https://a.b/c?d=e"), "url");
  walk(structuredClone({ a: [new Map([[1, 2]])] }), "clone");
  return JSON.stringify({ foreign, isWalked: seen.size > 500 });
`;
const LABRPC = 'import * as labrpc from "./labrpc.ts";';

for (const [which, run] of [["new", evaluate], ["used", evaluateAgain]] as const) {
  Deno.test(
    `a realm in a ${which} context reaches only its own objects`,
    options,
    async () => {
      const { returned } = await run(WALK_ALL, `${LABRPC}\n${WALKER}`);
      assertEquals(returned, JSON.stringify({ foreign: [], isWalked: true }));
    },
  );
}

Deno.test("a realm catches only its own errors", options, async () => {
  const { returned } = await evaluate(
    `
    const catching = async (name: string, action: () => unknown) => {
      try { await action(); } catch (error) { walk(error, name); }
    };
    await catching("import", () => import(["node", "fs"].join(":")));
    await catching("import in eval", () => (0, eval)('import("node:fs")'));
    await catching("eval", () => (0, eval)("null.x"));
    await catching("syntax", () => new Function("}{"));
    await catching("null", () => (null as any).x);
    await catching("json", () => JSON.parse("{"));
    await catching("json cycle", () => { const a: any = {}; a.a = a; JSON.stringify(a); });
    await catching("bigint", () => servers[0].call("KVServer.get", { a: 1n }));
    await catching("method", () => servers[0].call(Symbol() as any, {}));
    await catching("uri", () => decodeURIComponent("%"));
    await catching("array", () => new Array(-1));
    await catching("atob", () => atob("%"));
    await catching("url", () => new URL("?"));
    await catching("clone", () => structuredClone(() => {}));
    await catching("import.meta", () => (0, eval)("import.meta"));
    await catching("regexp", () => new RegExp("("));
    return JSON.stringify(foreign);
  `,
    WALKER,
  );
  assertEquals(returned, "[]");
});

Deno.test("a full stack gives a realm no error of the host", options, async () => {
  const { returned } = await evaluate(
    `
    const caught: unknown[] = [];
    const attempts = [
      () => Math.random(), () => setTimeout(() => {}), () => Date.now(), () => console.log("a"),
      () => crypto.randomUUID(), () => servers[0].call("KVServer.get", { key: "k" }),
      () => new URL("https://a.b"), () => performance.now(), () => clearTimeout(1),
    ];
    for (const attempt of attempts) {
      let left = 400;
      const dive = (): void => {
        try { dive(); } catch (error) { caught.push(error); }
        if (left-- <= 0) return;
        try { attempt(); } catch (error) { caught.push(error); }
      };
      dive();
    }
    caught.forEach((error, i) => walk(error, "caught " + i));
    return JSON.stringify([foreign, caught.length > 100]);
  `,
    WALKER,
  );
  assertEquals(returned, "[[],true]");
});

Deno.test(
  "a realm cannot read the frames of a stack or the caller of a function",
  options,
  async () => {
    const { returned } = await evaluate(
      `
    const seenFrames: unknown[] = [];
    const take = (_: unknown, frames: unknown) => { seenFrames.push(frames); return "taken"; };
    const attempts = [
      () => { (Error as any).prepareStackTrace = take; },
      () => { Object.defineProperty(Error, "prepareStackTrace", { value: take }); },
      () => { (globalThis as any).Error = { prepareStackTrace: take }; },
      () => { Object.defineProperty(globalThis, "Error", { value: { prepareStackTrace: take } }); },
      () => { (Object.prototype as any).prepareStackTrace = take; },
      () => { (Function.prototype as any).prepareStackTrace = take; },
      () => { (TypeError as any).prepareStackTrace = take; },
    ];
    for (const attempt of attempts) {
      try { attempt(); } catch { /* refused */ }
      void new Error("a").stack;
      void new TypeError("a").stack;
      try { (null as any).x; } catch (error) { void (error as Error).stack; }
      const target: any = {};
      (Error as any).captureStackTrace(target);
      void target.stack;
      await Promise.reject(new Error("b")).catch((error) => error.stack);
    }
    const loose = new Function("return arguments.callee.caller");
    walk(loose(), "caller");
    return JSON.stringify([seenFrames.length, foreign]);
  `,
      WALKER,
    );
    assertEquals(returned, "[0,[]]");
  },
);

Deno.test(
  "code that replaces what the prelude relies on does not reach the host",
  options,
  async () => {
    const { returned } = await evaluate(
      `
    const got: unknown[] = [];
    const spy = function (this: unknown, ...args: unknown[]) { got.push(this, ...args); return this; };
    const targets: [any, PropertyKey][] = [
      [Array.prototype, Symbol.iterator], [Array.prototype, "map"], [Array.prototype, "every"],
      [Map.prototype, "get"], [Map.prototype, "set"], [Map.prototype, "delete"],
      [Function.prototype, "call"], [Function.prototype, "apply"], [Function.prototype, "bind"],
      [Promise.prototype, "then"], [Promise, "resolve"], [JSON, "parse"], [JSON, "stringify"],
      [Object, "keys"], [Object, "getPrototypeOf"], [Number, "isFinite"], [String.prototype, "slice"],
      [Reflect, "construct"], [Math, "floor"],
    ];
    const actions = [
      () => setTimeout(() => {}, 1), () => Math.random(), () => new Date(), () => console.log({}),
      () => servers[0].call("KVServer.get", { key: "k" }).catch(() => {}), () => crypto.randomUUID(),
    ];
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]![0], name = targets[i]![1];
      const original = Object.getOwnPropertyDescriptor(target, name)!;
      const define = Object.defineProperty;
      define(target, name, { value: spy, configurable: true, writable: true });
      for (let j = 0; j < actions.length; j++) {
        try { actions[j]!(); } catch { /* it broke its own realm */ }
      }
      define(target, name, original);
    }
    got.forEach((value, i) => walk(value, "got " + i));
    return JSON.stringify([foreign, got.length > 0]);
  `,
      WALKER,
    );
    assertEquals(returned, "[[],true]");
  },
);

Deno.test("a thrown value gets no object of the host", options, async () => {
  const thrower = (value: string) => `
    const custom = (...args: unknown[]) => { (globalThis as any).got.push(...args); return "x"; };
    throw ${value};
  `;
  for (
    const value of [
      '{ [Symbol.for("Deno.customInspect")]: custom, [Symbol.for("nodejs.util.inspect.custom")]: custom }',
      "{ inspect: custom, toString: custom, then: undefined }",
      'new Proxy(new Error("a"), { get: custom as any, getPrototypeOf: custom as any })',
      'Object.assign(new Error("a"), { get stack() { return custom(); } })',
    ]
  ) {
    const { threw } = await evaluate(thrower(value), "(globalThis as any).got = [];", false);
    assertEquals(threw !== undefined, true);
  }
  const { returned } = await evaluate(
    `
    const custom = (...args: unknown[]) => { got.push(...args); return "x"; };
    console.log({ inspect: custom, [Symbol.for("Deno.customInspect")]: custom,
      [Symbol.for("nodejs.util.inspect.custom")]: custom });
    got.forEach((value, i) => walk(value, "got " + i));
    return JSON.stringify(foreign);
  `,
    `const got: unknown[] = [];\n${WALKER}`,
  );
  assertEquals(returned, "[]");
});

Deno.test("two realms share no object, not even through a registered symbol", options, async () => {
  await evaluate(
    `(Symbol.for("meet") as any).description; (Symbol.prototype as any).store = "full"; return "";`,
  );
  const { returned } = await evaluate(`return String((Symbol.for("meet") as any).store);`);
  assertEquals(returned, "undefined");
});

Deno.test("a realm has no input, no output and no real time", options, async () => {
  const { returned } = await evaluate(`
    return ["Deno", "process", "fetch", "require", "Worker", "Atomics",
      "WebAssembly", "WeakRef", "FinalizationRegistry", "Temporal", "navigator", "localStorage",
      "MessageChannel", "BroadcastChannel", "WebSocket", "EventSource", "Buffer", "global",
    ].filter((name) => name in globalThis || typeof (globalThis as any)[name] !== "undefined").join();
  `);
  assertEquals(returned, "");
  const dates = await evaluate(
    `return [new Date(), new (new Date().constructor as any)(), new (Date.prototype.constructor as any)()]
      .map((date) => date.getUTCFullYear()).join();`,
  );
  assertEquals(dates.returned, "2000,2000,2000");
  const others = await evaluate(`
    const year = new Intl.DateTimeFormat("en", { year: "numeric", timeZone: "UTC" });
    const { mark, timeOrigin } = performance as Partial<Performance>;
    return [year.format(), year.formatToParts()[0]!.value, mark, timeOrigin].join();
  `);
  assertEquals(others.returned, "2000,2000,,");
});

Deno.test.afterAll(stopBundler);
