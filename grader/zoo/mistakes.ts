/**
 * Mistakes that students make: `deno test` and grading fail the same tests.
 *
 * @module
 */

import { ALL, type Edit, type Program } from "./program.ts";

const UNRELIABLE = ["TestUnreliable", "TestUnreliableOneKey"];
const SHARDS = ["TestStaticShards", "TestRejection", "TestUnreliableShards"];
/** All tests that put; TestUnreliableOneKey only appends. */
const PUTTING = ALL.filter((test) => test !== "TestUnreliableOneKey");
const LOSSY = [...UNRELIABLE, ...SHARDS];

const client = (name: string, edit: Edit, fails: readonly string[], says?: RegExp): Program => {
  return { name, client: [edit], fails, ...says && { says } };
};
const server = (name: string, edit: Edit, fails: readonly string[], says?: RegExp): Program => {
  return { name, server: [edit], fails, ...says && { says } };
};

const RETRY = "if (!(error instanceof TimeoutError)) throw error;";

export const MISTAKES: readonly Program[] = [
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
    "an operation that throws",
    [
      "const args = { key, value, ...this.#nextRequest() };\n    return",
      "throw new RangeError('out'); const args = { key, value, ...this.#nextRequest() };\n    return",
    ],
    ALL,
    /append\(.*\) threw RangeError: out[^]*where: +client\.ts:\d+:\d+ \(Clerk\.append\)/,
  ),
  client(
    "a clerk that returns an object",
    [
      'return await this.#ask(key, (server) => server.call("KVServer.append", args));',
      'await this.#ask(key, (server) => server.call("KVServer.append", args));\n    return { a: [1, undefined] } as any;',
    ],
    ALL,
    /did not return a string[^]*actual: +\{ a: \[ ?1, undefined ?\] \}/,
  ),
  client(
    "a request that cannot be encoded",
    ["seq: ++this.#seq };", "seq: ++this.#seq, more: new Map() } as any;"],
    ALL,
    /the field "more" is an instance of Map; only plain data can be sent/,
  ),
  client(
    "a call of a method that does not exist",
    [
      'server.call("KVServer.get", args)',
      'server.call("KVServer.gets" as any, args as any) as any',
    ],
    ALL,
    /This server has no method "KVServer\.gets", only KVServer\.get/,
  ),
  client(
    "a clerk that calls no server",
    ['return await this.#ask(key, (server) => server.call("KVServer.get", args));', 'return "";'],
    ALL,
    /without making an RPC/,
  ),
  {
    ...client("a clerk that does not wait for its put", [
      '    await this.#ask(key, (server) => server.call("KVServer.put", args));',
      '    this.#ask(key, (server) => server.call("KVServer.put", args));',
    ], PUTTING),
    runs: ["TestBasic", "TestUnreliableOneKey"],
  },
  client(
    "a clerk that calls one server only",
    ["(first + attempt % nreplicas) % nservers", "first"],
    ["TestStaticShards", "TestUnreliableShards"],
  ),
  {
    ...client("a clerk that calls the wrong server", [
      "const first = Number(key) % nservers;",
      "const first = 0;",
    ], ["TestStaticShards", "TestUnreliableShards"]),
    runs: ["TestBasic", "TestStaticShards"],
  },
  {
    ...client("all clerks with one id", ["#id = crypto.randomUUID();", '#id = "me";'], ALL),
    runs: ["TestConcurrent", "TestStaticShards"],
  },
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
    "a handler that throws an error of the language",
    ["const old = this.#value(args.key);", 'const old = (null as any)["x"];'],
    ALL,
    /The handler KVServer\.append threw TypeError: Cannot read properties of null[^]*where: +server\.ts:\d+:\d+/,
  ),
  server(
    "a handler that throws a text",
    ["const old = this.#value(args.key);", 'const old = ""; throw "no";'],
    ALL,
    /The handler KVServer\.append threw no\b/,
  ),
  {
    name: "a timeout that nobody handles",
    server: [[
      "const old = this.#value(args.key);",
      "const old = this.#value(args.key); void this.#cfg.peers[0]!.call(" +
      '"KVServer.get", { ...args, key: "7", value: undefined });',
    ], [
      "return await this.#once(args, () => ({ value: this.#value(args.key) }));",
      'return args.key === "7" ? await new Promise(() => {}) : { value: this.#value(args.key) };',
    ]],
    fails: ALL,
    runs: ["TestBasic"],
    says: /timeout of KVServer\.get, which server 0 called on server 0/,
  },
  server(
    "a timer that throws",
    [
      "const old = this.#value(args.key);",
      "const old = this.#value(args.key); setTimeout(() => { throw new Error('late'); }, 1);",
    ],
    ALL,
    /Error: late/,
  ),
  server(
    "a constructor of a server that throws",
    ["    this.#cfg = cfg;", '    this.#cfg = cfg; throw new Error("no server");'],
    ALL,
    /new KVServer\(\) threw Error: no server[^]*where: +server\.ts:\d+:\d+/,
  ),
  {
    ...server("a handler that never replies", [
      "const old = this.#value(args.key);",
      "await new Promise(() => {}); const old = '';",
    ], ALL),
    runs: ["TestStaticShards"],
  },
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
