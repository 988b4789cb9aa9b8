/**
 * Mistakes that students make: `deno test` and grading fail the same tests, or both refuse the
 * program.
 *
 * @module
 */

import { type Additions, ALL, type Edit, inClerk, inServer, type Program } from "./program.ts";

const UNRELIABLE = ["TestUnreliable", "TestUnreliableOneKey"];
const SHARDS = ["TestStaticShards", "TestRejection", "TestUnreliableShards"];
/** All tests that put; TestUnreliableOneKey only appends. */
const PUTTING = ALL.filter((test) => test !== "TestUnreliableOneKey");
const LOSSY = [...UNRELIABLE, ...SHARDS];

const refused = (name: string, additions: Additions, says: RegExp): Program => {
  return { name, client: inClerk(additions), fails: "refused", says };
};
const client = (name: string, edit: Edit, fails: readonly string[], says?: RegExp): Program => {
  return { name, client: [edit], fails, ...says && { says } };
};
const server = (name: string, edit: Edit, fails: readonly string[], says?: RegExp): Program => {
  return { name, server: [edit], fails, ...says && { says } };
};

const RETRY = "if (!(error instanceof TimeoutError)) throw error;";

export const MISTAKES: readonly Program[] = [
  refused("an import of node:crypto", {
    top: 'import { randomUUID } from "node:crypto";',
    id: "randomUUID()",
  }, /"node:crypto" is not allowed[^]*crypto\.randomUUID\(\)/),
  refused("an import of node:timers", {
    top: 'import { setTimeout as later } from "node:timers/promises";',
    init: "    later(1);",
  }, /"node:timers\/promises"/),
  refused("an import of a function of config.ts", {
    top: 'import { makeShardConfig } from "./config.ts";',
    init: "    void makeShardConfig;",
  }, /"makeShardConfig" from "\.\/config\.ts"/),
  refused("an import of the network", {
    top: 'import { Network } from "./labrpc.ts";',
    init: "    void Network;",
  }, /"Network" from/),
  refused(
    "a computed import",
    { init: "    const name = 'zod'; import(name);" },
    /name is computed/,
  ),
  refused(
    "process.nextTick",
    { init: "    process.nextTick(() => {});" },
    /"process" is not allowed/,
  ),
  refused(
    "process.pid as an id",
    { id: "String(globalThis.process.pid)" },
    /"process" is not allowed/,
  ),
  refused("Buffer", { id: "Buffer.from('a').toString('hex')" }, /"Buffer" is not allowed/),
  refused("Deno.memoryUsage", { id: "String(Deno.memoryUsage().rss)" }, /"Deno" is not allowed/),
  refused("navigator", { id: "navigator.userAgent" }, /"navigator" is not allowed/),
  refused(
    "localStorage",
    { init: "    localStorage.setItem('a', 'b');" },
    /"localStorage" is not allowed/,
  ),
  refused(
    "MessageChannel",
    { init: "    new MessageChannel();" },
    /"MessageChannel" is not allowed/,
  ),
  refused(
    "ReadableStream",
    { init: "    new ReadableStream();" },
    /"ReadableStream" is not allowed/,
  ),
  refused("fetch", { init: "    fetch('http://x');" }, /"fetch" is not allowed[^]*use call\(\)/),
  refused("a worker", { init: "    new Worker('x');" }, /"Worker" is not allowed/),
  refused(
    "crypto.subtle",
    { init: "    crypto.subtle.digest('SHA-1', new Uint8Array());" },
    /"crypto\.subtle" is not allowed/,
  ),
  refused(
    "performance.mark",
    { init: "    performance.mark('x');" },
    /"performance\.mark" is not allowed/,
  ),
  refused(
    "SharedArrayBuffer",
    { init: "    new SharedArrayBuffer(1);" },
    /"SharedArrayBuffer" is not allowed/,
  ),
  refused(
    "new Function",
    { init: "    new Function('return 1')();" },
    /"Function" may not be called/,
  ),
  refused(
    "a new property of globalThis",
    { init: "    (globalThis as any).n = 1;" },
    /"globalThis" is not allowed/,
  ),
  refused(
    "a counter at the top of the file",
    { top: "let nextId = 0;", id: "String(nextId++)" },
    /"nextId" may not change[^]*machine of its own/,
  ),
  refused(
    "a static counter",
    { members: "  static nextId = 0;", init: "    Clerk.nextId++;" },
    /"Clerk\.nextId" may not change/,
  ),
  refused(
    "a cache at the top of the file",
    {
      top: "const shards = new Map<string, number>();",
      members: "  shardOf(key: string) { shards.set(key, Number(key)); return shards.get(key); }",
    },
    /"shards" may not change: it would be memory that machines share[^]*even if it is only a cache/,
  ),
  {
    name: "a store at the top of server.ts",
    server: [
      ...inServer({ top: "const store = new Map<string, Entry>();" }),
      ["this.#entries.set(key, { value, version });", "store.set(key, { value, version });"],
    ],
    fails: "refused",
    says: /"store" may not change/,
  },
  client("a clerk that gives up", [RETRY, "throw error;"], LOSSY, /threw TimeoutError/),
  client(
    "a clerk that returns nothing",
    [
      "return (await request(server)).value;",
      "return (await request(server)).value.length as never;",
    ],
    ALL,
    /did not return a string/,
  ),
  client(
    "a clerk that calls no server",
    ['return await this.#ask(key, (server) => server.call("KVServer.get", args));', 'return "";'],
    ALL,
    /without making an RPC/,
  ),
  client("a clerk that does not wait for its put", [
    '    await this.#ask(key, (server) => server.call("KVServer.put", args));',
    '    this.#ask(key, (server) => server.call("KVServer.put", args));',
  ], PUTTING),
  client(
    "a clerk that calls one server only",
    ["(first + attempt % nreplicas) % nservers", "first"],
    ["TestStaticShards", "TestUnreliableShards"],
  ),
  client("a clerk that calls the wrong server", [
    "const first = Number(key) % nservers;",
    "const first = 0;",
  ], ["TestStaticShards", "TestUnreliableShards"]),
  client("all clerks with one id", ["#id = crypto.randomUUID();", '#id = "me";'], ALL),
  client(
    "a busy wait",
    [RETRY, `${RETRY} const until = Date.now() + 10; while (Date.now() < until) {}`],
    LOSSY,
    /Busy waiting/,
  ),
  {
    name: "a loop that never yields",
    client: [[RETRY, `${RETRY} for (;;);`]],
    fails: LOSSY,
    says: /never let go of the processor/,
    spins: true,
  },
  {
    name: "a loop that awaits nothing",
    client: [[RETRY, `${RETRY} while (true) await null;`]],
    fails: LOSSY,
    says: /never let go of the processor/,
    spins: true,
  },
  client(
    "a request with a field that its schema lacks",
    ["seq: ++this.#seq };", "seq: ++this.#seq, more: 1 } as { clerk: string; seq: number };"],
    ALL,
    /more/,
  ),
  client(
    "an RpcError that a retry swallows",
    [
      `${RETRY}\n      }`,
      `void TimeoutError;\n      }\n      try { await server.call("KVServer.get", { key } as never); } catch { continue; }`,
    ],
    LOSSY,
    /Cannot send the arguments of KVServer\.get/,
  ),
  client(
    "a rejection that nobody handles",
    ["    this.#cfg = cfg;", '    this.#cfg = cfg; Promise.reject(new Error("lost"));'],
    ALL,
    /lost/,
  ),
  client(
    "a constructor that throws",
    ["    this.#cfg = cfg;", '    this.#cfg = cfg; throw new Error("boom");'],
    ALL,
    /new Clerk\(\) threw Error: boom/,
  ),
  server("a server that executes retries again", [
    "if (latest !== undefined && seq === latest.seq) return await latest.reply;",
    "",
  ], [...UNRELIABLE, "TestRejection", "TestUnreliableShards"]),
  server("a server that answers retries with the new value", [
    "return await latest.reply;",
    "return { value: this.#value((arguments[0] as never as { key: string }).key) };",
  ], [...UNRELIABLE, "TestRejection", "TestUnreliableShards"]),
  server("a put that appends", [
    "await this.#write(args.key, args.value);\n      return",
    "await this.#write(args.key, this.#value(args.key) + args.value);\n      return",
  ], ALL.filter((test) => !["TestUnreliableOneKey", "TestStaticShards"].includes(test))),
  server("an append that returns the new value", [
    "return { value: old };",
    "return { value: old + args.value };",
  ], ALL),
  server(
    "undefined for a key that does not exist",
    ['?? "";', "?? (undefined as never);"],
    ALL.filter((test) => test !== "TestStaticShards"),
    /Cannot send the reply/,
  ),
  server(
    "a reply with a field that its schema lacks",
    ['return { value: "" };', 'return { value: "", more: 1 } as never;'],
    PUTTING,
    /more/,
  ),
  server(
    "a handler that throws",
    [
      "const old = this.#value(args.key);",
      'const old = ""; if (args.key !== "") throw new Error("boom");',
    ],
    ALL,
    /KVServer\.append threw Error: boom/,
  ),
  server("a handler that never replies", [
    "const old = this.#value(args.key);",
    "await new Promise(() => {}); const old = '';",
  ], ALL),
  server(
    "a missing entry of the rpc table",
    ["append: { args: PutAppendArgs, reply: PutAppendReply },", ""],
    ALL,
    /no entry "append"/,
  ),
  server("a replica that replies from its own data", [
    'if (first !== this.#cfg.me) return await this.#cfg.peers[first]!.call("KVServer.get", args);',
    "",
  ], ["TestUnreliableShards"]),
];
