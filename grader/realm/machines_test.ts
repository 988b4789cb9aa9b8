/**
 * Reports of runs in realms have the words that they would have without; what is unusual but
 * right passes.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { type Bundle, bundleSubmission, stopBundler } from "./bundle.ts";
import { evaluate, plainMachines, runOutcome } from "./fixture.ts";
import { RealmFactory } from "./machines.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };
const LAB = new URL("../../", import.meta.url);

/** Changes the lab's own solution. */
async function variant(changes: [file: string, from: string, to: string][]): Promise<Bundle> {
  const files = new Map<string, string>();
  for (const file of ["client.ts", "server.ts"]) {
    files.set(file, await Deno.readTextFile(new URL(file, LAB)));
  }
  for (const [file, from, to] of changes) {
    assertStringIncludes(files.get(file)!, from);
    files.set(file, files.get(file)!.replace(from, to));
  }
  return await bundleSubmission(files);
}

/** Changes in which a run fails, each with what the report must say. */
const MISTAKES: [what: string, changes: Parameters<typeof variant>[0], says: RegExp][] = [
  [
    "a handler that throws",
    [["server.ts", "const old = this.#value(args.key);", 'const old = (null as any)["x"];']],
    /The handler KVServer\.append threw TypeError: Cannot read properties of null[^]*where: +server\.ts:\d+:\d+/,
  ],
  [
    "a handler that throws a text",
    [["server.ts", "const old = this.#value(args.key);", 'const old = ""; throw "no";']],
    /The handler KVServer\.append threw no\b/,
  ],
  [
    "an operation that throws",
    [[
      "client.ts",
      "async append(key: string, value: string): Promise<string> {",
      "async append(key: string, value: string): Promise<string> {\n    throw new RangeError('out');",
    ]],
    /append\(.*\) threw RangeError: out[^]*where: +client\.ts:\d+:\d+ \(Clerk\.append\)/,
  ],
  [
    "a result that is no string",
    [[
      "client.ts",
      'return await this.#ask(key, (server) => server.call("KVServer.append", args));',
      'await this.#ask(key, (server) => server.call("KVServer.append", args));\n    return { a: [1, undefined] } as any;',
    ]],
    /did not return a string[^]*actual: +\{ a: \[ ?1, undefined ?\] \}/,
  ],
  [
    "a field that is not declared",
    [[
      "client.ts",
      "const args = { key, value, ...this.#nextRequest() };\n    await",
      "const args = { key, value, extra: 1, ...this.#nextRequest() };\n    await",
    ]],
    /Cannot send the arguments of KVServer\.put: the field "extra" is not declared[^]*schema KVServer\.rpc\.put\.args/,
  ],
  [
    "an argument that cannot be encoded",
    [[
      "client.ts",
      "const args = { key, value, ...this.#nextRequest() };\n    await",
      "const args = { key, value, extra: new Map() as any, ...this.#nextRequest() };\n    await",
    ]],
    /Cannot send the arguments of KVServer\.put: the field "extra" is an instance of Map; only plain data can be sent/,
  ],
  [
    "a reply that does not fit",
    [["server.ts", 'return { value: "" };', "return { value: 7 } as any;"]],
    /Cannot send the reply of KVServer\.put: the field "value" does not fit/,
  ],
  [
    "a rejection that nobody handles",
    [[
      "server.ts",
      "const old = this.#value(args.key);",
      'const old = this.#value(args.key); Promise.reject(new Error("left"));',
    ]],
    /Nobody handled Error: left/,
  ],
  [
    "a timeout that nobody handles",
    [[
      "server.ts",
      "const old = this.#value(args.key);",
      'const old = this.#value(args.key); void this.#cfg.peers[0]!.call("KVServer.get", { ...args, key: "7", value: undefined });',
    ], [
      "server.ts",
      "return await this.#once(args, () => ({ value: this.#value(args.key) }));",
      'return args.key === "7" ? await new Promise(() => {}) : { value: this.#value(args.key) };',
    ]],
    /Nobody handled the timeout of KVServer\.get, which server 0 called on server 0/,
  ],
  [
    "a timer that throws",
    [[
      "server.ts",
      "const old = this.#value(args.key);",
      'const old = this.#value(args.key); setTimeout(() => { throw new Error("late"); }, 1);',
    ]],
    /Nobody handled Error: late/,
  ],
  [
    "a constructor that throws",
    [["server.ts", "this.#cfg = cfg;", 'this.#cfg = cfg; throw new Error("no server");']],
    /new KVServer\(\) threw Error: no server[^]*where: +server\.ts:\d+:\d+/,
  ],
  [
    "a method that does not exist",
    [[
      "client.ts",
      'server.call("KVServer.get", args)',
      'server.call("KVServer.gets" as any, args as any) as any',
    ]],
    /This server has no method "KVServer\.gets", only KVServer\.get/,
  ],
];

for (const [what, changes, says] of MISTAKES) {
  Deno.test(`a report in realms has the words of one without: ${what}`, options, async () => {
    const bundle = await variant(changes);
    const inRealms = await runOutcome("TestBasic", 1, await new RealmFactory(bundle).machines());
    assertMatch(inRealms, says);
    const plain = await runOutcome("TestBasic", 1, plainMachines(bundle));
    const words = (report: string) =>
      report.split("\n").filter((line) => !/^ +(?:where:|\S+:\d+:\d+)/.test(line));
    assertEquals(words(inRealms), words(plain));
  });
}

/** Changes that are unusual and right. */
const UNUSUAL: [what: string, changes: Parameters<typeof variant>[0]][] = [
  ["an await at the top", [[
    "server.ts",
    "interface Entry",
    "const ready = await Promise.resolve(true);\nif (!ready) throw new Error();\ninterface Entry",
  ], ["client.ts", "export class Clerk", "await null;\nexport class Clerk"]]],
  ["a static block that touches its class", [[
    "server.ts",
    "  readonly #cfg: ServerConfig;",
    "  static made = 0;\n  static { KVServer.made++; }\n  readonly #cfg: ServerConfig;",
  ]]],
  ["a decorator", [[
    "server.ts",
    "\nexport class KVServer {",
    "\nfunction kept(value: any, _context: any) { return value; }\n@kept\nexport class KVServer {",
  ]]],
  ["fields with names of methods that all objects have", [[
    "server.ts",
    "  readonly #cfg: ServerConfig;",
    "  toString = () => 'server';\n  hasOwnProperty = () => false;\n  readonly #cfg: ServerConfig;",
  ]]],
  ["classes of its own that extend those of the language", [[
    "server.ts",
    "new Map<string, Entry>()",
    "new (class Entries<K, V> extends Map<K, V> {})<string, Entry>()",
  ]]],
  ["the globals of the platform", [[
    "client.ts",
    "#seq = 0;",
    "#seq = structuredClone({ a: 0 }).a + new TextEncoder().encode('').length + new URL('https://a.b/').search.length;",
  ]]],
  ["printing", [[
    "server.ts",
    "const old = this.#value(args.key);",
    "const old = this.#value(args.key); console.log(args, new Map([[1, 2]])); console.table([args]);",
  ]]],
  ["using", [[
    "server.ts",
    "const old = this.#value(args.key);",
    "using _lock = { [Symbol.dispose]() {} }; const old = this.#value(args.key);",
  ]]],
];

for (const [what, changes] of UNUSUAL) {
  Deno.test(`unusual code passes in realms: ${what}`, options, async () => {
    const bundle = await variant(changes);
    const factory = new RealmFactory(bundle);
    for (const test of ["TestBasic", "TestStaticShards"]) {
      assertMatch(await runOutcome(test, 1, await factory.machines()), /^[\da-f]{16}$/);
    }
  });
}

Deno.test("every schema type that zod exports can be built in a realm", options, async () => {
  const { returned } = await evaluate(
    "return JSON.stringify(failed);",
    `
    import * as zod from "zod";
    const { z } = zod;
    const s = z.string();
    const built: Record<string, () => unknown> = {
      array: () => z.array(s), object: () => z.object({ s }), strictObject: () => z.strictObject({ s }),
      looseObject: () => z.looseObject({ s }), union: () => z.union([s, z.number()]), tuple: () => z.tuple([s]),
      discriminatedUnion: () => z.discriminatedUnion("k", [z.object({ k: z.literal("a") })]),
      intersection: () => z.intersection(z.object({ a: s }), z.object({ b: s })), record: () => z.record(s, s),
      partialRecord: () => z.partialRecord(z.enum(["a"]), s), map: () => z.map(s, s), set: () => z.set(s),
      enum: () => z.enum(["a"]), nativeEnum: () => z.nativeEnum({ A: "a" }), literal: () => z.literal(1),
      transform: () => z.transform((value) => value), optional: () => z.optional(s), nullable: () => z.nullable(s),
      nullish: () => z.nullish(s), nonoptional: () => z.nonoptional(z.optional(s)), success: () => z.success(s),
      catch: () => z.catch(s, "a"), pipe: () => z.pipe(s, s), readonly: () => z.readonly(s),
      templateLiteral: () => z.templateLiteral(["a", s]), lazy: () => z.lazy(() => s), promise: () => z.promise(s),
      custom: () => z.custom<string>(() => true), instanceof: () => z.instanceof(Map), preprocess: () => z.preprocess((v) => v, s),
      prefault: () => z.prefault(s, "a"), stringFormat: () => z.stringFormat("x", /a/), codec: () => z.codec(s, s, { decode: (v) => v, encode: (v) => v }),
      keyof: () => z.keyof(z.object({ a: s })), refine: () => s.refine(() => true), _default: () => s.default("a"),
      coerce: () => z.coerce.number().parse("1"), json: () => z.json().parse({ a: [1] }), stringbool: () => z.stringbool().parse("true"),
      function: () => z.function({ input: [s], output: s }), iso: () => [z.iso.datetime(), z.iso.date(), z.iso.time(), z.iso.duration()],
      uuid: () => z.uuid().parse(crypto.randomUUID()), describe: () => s.describe("a").meta({ id: "a" }), toJSONSchema: () => z.toJSONSchema(z.object({ s })),
      file: () => "no files here", hash: () => z.hash("sha256"), hostname: () => z.hostname(), httpUrl: () => z.httpUrl(),
    };
    const failed: string[] = [];
    for (const [name, value] of Object.entries(z)) {
      if (!/^[a-z]/.test(name) || typeof value !== "function") continue;
      try { (built[name] ?? value)(); } catch (error) {
        const isSchema = /^(?:any|big|boolean|cidr|cuid|date|email|emoji|float|guid|hex|int|ip|jwt|ksuid|mac|nan|nanoid|never|null|number|string|symbol|u|void|xid)/.test(name);
        if (built[name] !== undefined || isSchema) failed.push(name + ": " + error);
      }
    }
    for (const [name, build] of Object.entries(built)) if (!(name in z)) build();
  `,
  );
  assertEquals(returned, "[]");
});

Deno.test.afterAll(stopBundler);
