/**
 * Honest programs, some of them unusual: they pass every test, in `deno test` and in grading.
 *
 * @module
 */

import { type Additions, ALL, type Edit, inClerk, inServer, type Program } from "./program.ts";

const clerk = (name: string, additions: Additions): Program => {
  return { name, client: inClerk(additions), fails: [] };
};
const server = (name: string, additions: Additions): Program => {
  return { name, server: inServer(additions), fails: [] };
};
/** Adds a field to the requests of clerks, which servers also replicate. */
const field = (name: string, schema: string, value: string): Program => {
  const edits: Edit[] = [["seq: z.number() };", `seq: z.number(), extra: ${schema} };`]];
  const sent: Edit[] = [
    ["#nextRequest(): { clerk: string; seq: number } {", "#nextRequest() {"],
    ["seq: ++this.#seq };", `seq: ++this.#seq, extra: ${value} };`],
  ];
  const runs = ["TestUnreliableOneKey", "TestStaticShards"];
  return { name, client: sent, server: edits, fails: [], runs };
};

export const HONEST: readonly Program[] = [
  { name: "the reference", fails: [], runs: ALL },
  clerk("a field named toString", {
    members: "  toString = () => `clerk`;",
    id: "`${Math.random()}`",
  }),
  server("fields named constructor and toString in data", {
    init: 'const o = { constructor: 1, toString: "x" }; if (o.constructor !== 1) throw o;',
  }),
  server("a class with a computed field named constructor", {
    top: 'class Odd { ["constructor"] = 3; hasOwnProperty = 1; }',
    init: "    if (Number(new Odd().constructor) !== 3) throw new Error('odd');",
  }),
  clerk("a subclass of Error", {
    top:
      "class Gone extends Error { override name = 'Gone'; constructor(m: string) { super(m); } }",
    init: "    try { throw new Gone('x'); } catch (e) { if (!(e instanceof Gone)) throw e; }",
  }),
  server("a subclass of Map", {
    top: "class Table extends Map<string, number> { add(k: string) { return this.set(k, 1); } }",
    members: "  readonly table = new Table();",
    init: "    if (this.table.add('a').get('a') !== 1) throw new Error('table');",
  }),
  server("a subclass of Array", {
    top: "class List extends Array<number> { sum() { return this.reduce((a, b) => a + b, 0); } }",
    init: "    if (List.from([1, 2]).map((n) => n).length !== 2) throw new Error('list');",
  }),
  server("a subclass of Promise", {
    top: "class Later<T> extends Promise<T> { done = false; }",
    init: "    Later.resolve(1).then((n) => n + 1);",
  }),
  clerk("a decorator of a method", {
    top:
      "function traced<T extends (...args: never[]) => unknown>(f: T, _: unknown): T { return f; }",
    members: "  @traced size(): number { return 1; }",
    init: "    this.size();",
  }),
  {
    name: "a decorator of a class",
    server: [[
      "\nexport class KVServer {",
      "\nfunction kept(value: any, _: any) { return value; }\n@kept\nexport class KVServer {",
    ]],
    fails: [],
  },
  clerk("using", {
    init: "    { using r = { n: 1, [Symbol.dispose]() { this.n = 0; } }; if (r.n !== 1) throw r; }",
  }),
  clerk("a top-level await in client.ts", {
    top: "const tag = await Promise.resolve('c');",
    id: "tag + Math.random()",
  }),
  server("a top-level await in server.ts", {
    top: "const limit = await (async () => 3)();",
    init: "    void limit;",
  }),
  server("BigInt", {
    init: "    if (2n ** 64n !== 18446744073709551616n) throw new Error('big');",
  }),
  server("generators", {
    members: "  *numbers() { yield 1; yield* [2, 3]; }",
    init: "    if ([...this.numbers()].length !== 3) throw new Error('numbers');",
  }),
  server("async generators", {
    members: "  async *later() { yield 1; await null; yield 2; }",
    init: "    (async () => { for await (const n of this.later()) void n; })();",
  }),
  server("Object.create(null)", {
    init:
      "    const o = Object.create(null); o.constructor = 1; if ('toString' in o) throw new Error();",
  }),
  server("private statics", {
    members: "  static #hash(n: number) { return n * 31 % 7; }\n  static readonly #limit = 3;",
    init: "    if (KVServer.#hash(1) + KVServer.#limit !== 6) throw new Error('hash');",
  }),
  server("a static block that touches its own class", {
    members: "  static limit = 0;\n  static { KVServer.limit = 5; this.limit++; }",
    init: "    if (KVServer.limit !== 6) throw new Error('limit');",
  }),
  server("console.table", { init: "    console.table([{ a: 1 }]);" }),
  clerk("console.log, group, time and count", {
    init:
      "    console.group('g'); console.count(); console.time('t'); console.timeEnd('t'); console.groupEnd();",
  }),
  clerk("an id from getRandomValues", {
    id: "[...crypto.getRandomValues(new Uint32Array(4))].join()",
  }),
  clerk("an id from Math.random", { id: "String(Math.random()) + Math.random()" }),
  clerk("an id from the clock and chance", {
    id: "`${Date.now()} ${performance.now()} ${Math.random()}`",
  }),
  clerk("delay() with a deadline and retries", {
    top: 'import { deadline, delay, retry } from "@std/async";',
    members: "  async pause() { await deadline(retry(() => delay(1)), 50); }",
    init: "    this.pause();",
  }),
  clerk("assert and assertExists", {
    top: 'import { assert, assertExists } from "@std/assert";',
    init: "    assertExists(servers[0]); assert(servers[0].call.length > 0);",
  }),
  clerk("Promise.race with a timer", {
    init: "    Promise.race([new Promise((r) => setTimeout(r, 60)), Promise.resolve()]);",
  }),
  clerk("an interval that clears itself", {
    init: "    const timer = setInterval(() => clearInterval(timer), 5);",
  }),
  clerk("queueMicrotask and setImmediate", {
    init: "    queueMicrotask(() => {}); setImmediate(() => {});",
  }),
  clerk("structuredClone of maps and dates", {
    init:
      "    if (structuredClone(new Map([[1, new Date(5)]])).get(1)!.getTime() !== 5) throw new Error();",
  }),
  clerk("AbortController and AbortSignal.timeout", {
    init:
      "    const c = new AbortController(); AbortSignal.any([c.signal, AbortSignal.timeout(50)]); c.abort();",
  }),
  server("EventTarget and CustomEvent", {
    init: "    const t = new EventTarget(); let n = 0; t.addEventListener('x', () => n++); " +
      "t.dispatchEvent(new CustomEvent('x')); if (n !== 1) throw new Error('event');",
  }),
  server("TextEncoder and TextDecoder", {
    init:
      "    if (new TextDecoder().decode(new TextEncoder().encode('ä')) !== 'ä') throw new Error();",
  }),
  server("URL and URLSearchParams", {
    init: "    if (new URL('/a?b=1', 'http://x').searchParams.get('b') !== '1') throw new Error();",
  }),
  server("atob and btoa", { init: "    if (atob(btoa('abc')) !== 'abc') throw new Error();" }),
  server("DOMException", {
    init: "    if (new DOMException('m', 'n').name !== 'n') throw new Error();",
  }),
  server("Intl, RegExp and typed arrays", {
    init:
      "    new Intl.NumberFormat('en').format(1); /(?<a>x)/v.exec('x'); new Float64Array(2).fill(1);",
  }),
  server("Proxy, Reflect, WeakMap and symbols", {
    init:
      "    const p = new Proxy({}, { get: () => 1 }); new WeakMap([[p, 1]]); Reflect.ownKeys({ [Symbol('a')]: 1 });",
  }),
  server("an enum and a namespace", {
    top: "enum Kind { A, B = 4 }\nnamespace Sizes { export const small = 1; }",
    init: "    if (Kind.B + Sizes.small !== 5) throw new Error();",
  }),
  server("variables with the names of globals", {
    init:
      "    const process = 1, location = 2; const { self: global } = { self: 3 }; void [process, location, global];",
  }),
  server("a variable of the file that changes only while the file loads", {
    top: "let size = 1; size = 2; const table = new Map<number, number>(); table.set(size, 1);",
    init: "    if (table.get(size) !== 1) throw new Error();",
  }),
  field("an optional field", "z.string().optional()", "undefined as string | undefined"),
  field("a field of a union", "z.union([z.literal('a'), z.number()])", '"a" as const'),
  field("a field with a default and a nullable", "z.nullable(z.int()).default(3)", "null"),
  field(
    "a list, a tuple and an enum",
    "z.tuple([z.array(z.int()), z.enum(['x', 'y'])])",
    '[[1, 2], "x"] as [number[], "x"]',
  ),
  field("a record", "z.record(z.string(), z.number())", "{ a: 1 }"),
  field("a lazy schema", "z.lazy(() => z.object({ deep: z.boolean() }))", "{ deep: true }"),
  field("a refined uuid", "z.uuid().refine((id) => id.length === 36)", "crypto.randomUUID()"),
  {
    name: "a clerk that skips sequence numbers",
    client: [[
      "return (await request(server)).value;",
      "this.#seq++; return (await request(server)).value;",
    ]],
    fails: [],
  },
  {
    name: "a server that forwards everything and replicates nothing",
    server: [["for (let i = 1; i < nreplicas; i++)", "for (let i = 1; i < 1; i++)"]],
    fails: [],
    runs: ["TestStaticShards", "TestUnreliableShards"],
  },
];
