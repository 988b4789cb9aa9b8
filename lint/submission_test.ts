import * as assertions from "@std/assert";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import * as async from "@std/async";
import { checkSubmission } from "./check_submission.ts";
import { GLOBALS, IMPORTS, MEMBERS } from "./submission_rules.ts";

function refused(source: string, file = "server.ts"): string[] {
  return checkSubmission(file, source)
    .map(({ place, message }) => `${place.split(":")[1]}: ${message}`);
}

Deno.test("imports reports a module that is not listed and says what to use instead", () => {
  const [refusal] = checkSubmission("client.ts", '\nimport { randomUUID } from "node:crypto";');
  assertEquals(refusal, {
    place: "client.ts:2",
    message: 'The import of "node:crypto" is not allowed',
    advice: "use crypto.randomUUID(), which needs no import",
  });
});

Deno.test("imports reports each way to import a module", () => {
  const no = '1: The import of "x" is not allowed';
  for (
    const source of [
      'import "x";',
      'import type { A } from "x";',
      'export * from "x";',
      'export { a } from "x";',
      'await import("x");',
      'import x = require("x");',
      'type A = import("x").A;',
    ]
  ) assertEquals(refused(source), [no], source);
  assertEquals(refused("const name = ``; await import(name);"), [
    "1: An import whose name is computed is not allowed",
  ]);
});

Deno.test("imports reports values of the lab that a machine lacks, but no types", () => {
  assertEquals(refused('import { Network } from "./labrpc.ts";'), [
    '1: The import of "Network" from "./labrpc.ts" is not allowed',
  ]);
  assertEquals(refused('import * as lab from "./config.ts";').length, 1);
  assertEquals(refused('import type { Network } from "./labrpc.ts";'), []);
  assertEquals(refused('import { type Config, ShardConfig } from "./config.ts";'), []);
});

Deno.test("globals reports names and members that a machine lacks", () => {
  assertEquals(refused("const id =\n process.pid;"), ['2: "process" is not allowed']);
  assertEquals(refused("globalThis.process;"), ['1: "process" is not allowed']);
  assertEquals(refused("globalThis.count = 1;"), ['1: "globalThis.count" is not allowed']);
  assertEquals(refused('crypto["subtle"];'), ['1: "crypto.subtle" is not allowed']);
  assertEquals(refused("const { subtle } = crypto;"), ['1: "crypto.subtle" is not allowed']);
  assertEquals(refused("performance.mark('x');"), ['1: "performance.mark" is not allowed']);
  assertEquals(refused("new Function('x');"), ['1: "Function" may not be called']);
  assertEquals(refused("const o = { fetch };"), ['1: "fetch" is not allowed']);
  assertEquals(refused("f(() => Deno);"), ['1: "Deno" is not allowed']);
  assertEquals(refused("new Blob();"), ['1: "Blob" is not allowed']);
});

Deno.test("globals allows names that the file declares, members, keys, labels and types", () => {
  assertEquals(
    refused(`
    import { z } from "zod";
    type Buffer = { process: number };
    class X { process = 1; fetch() { return this.process; } get self() { return this; } }
    function f({ global, x: [name = 1] }: Buffer, ...self: Worker[]): asserts self is any {
      Deno: for (const event of self) { try { break Deno; } catch (location) { location; } }
      const o = { process: 1, global, [name]: z, window() {} };
      return (o.process as unknown as Blob)!;
    }
    const arrow = (location: URL) => location;
    enum E { fetch, close }
    export { f, X, arrow, E };
    setTimeout(() => crypto.randomUUID() + performance.now() + Math.random(), 1);
    globalThis.setTimeout(f, 1);
    f instanceof Function; interface Window { x: typeof process }
  `),
    [],
  );
});

Deno.test("globals reports a global that the file declares as ambient", () => {
  assertEquals(refused("declare const process: unknown; process;"), [
    '1: "process" is not allowed',
  ]);
});

Deno.test("globals ignores names that exist nowhere, which the compiler reports", () => {
  assertEquals(refused("nowhere;"), []);
});

Deno.test("state reports variables outside of classes that methods change", () => {
  const changes = (source: string) => refused(source).map((line) => /"(.*?)"/.exec(line)![1]);
  assertEquals(changes("let next = 0; class Clerk { id = next++; }"), ["next"]);
  assertEquals(changes("let n = 0; class C { m() { n += 1; } }"), ["n"]);
  assertEquals(changes("let n = 0; export function fresh() { return ++n; }"), ["n"]);
  assertEquals(changes("const s = new Map(); class C { m() { s.set(1, 2); } }"), ["s"]);
  assertEquals(changes("const s = { n: 0 }; class C { m() { s.n++; } }"), ["s"]);
  assertEquals(changes("class C { static next = 0; id = C.next++; }"), ["C.next"]);
  assertEquals(changes("class C { static #n = 0; static m() { this.#n++; } }"), ["this.#n"]);
  assertEquals(changes("class C { static s = new Map(); m() { C.s.set(1, 2); } }"), ["C.s"]);
  assertEquals(changes("let a = 0, b = 1; class C { m() { [a, { b }] = [1, { b: 2 }]; } }"), [
    "a",
    "b",
  ]);
});

Deno.test("state reports variables that functions outside of classes change", () => {
  for (
    const source of [
      "const fresh = () => n++;",
      "const fresh = function () { n++; };",
      "function fresh() { [1].forEach(() => n++); }",
      "const ids = { next: () => n++ }, fresh = () => ids.next();",
      "const ids = { next() { n++; } }, { next: fresh } = ids;",
      "const step = () => n++, steps = [step], fresh = () => steps[0]();",
      "const fresh = (() => { n = 1; return () => n++; })();",
      "class Ids { static next = () => n++; } const fresh = Ids.next;",
    ]
  ) {
    const text = `let n = 0; ${source} class C { id = fresh(); }`;
    assertEquals(refused(text).length, 1, source);
  }
  assertEquals(refused("const f = (() => { let n = 0; return () => n++; })(); export { f };"), [
    '1: "n" may not change: it would be memory that machines share',
  ]);
});

Deno.test("state reports a shared object whose class changes it", () => {
  const lock =
    "class Lock { #n = 0; free() { this.#n--; } get isFree() { return this.#n === 0; } }";
  for (
    const [source, name] of [
      ["const lock = new Lock(); class C { m() { lock.free(); } }", "lock"],
      [
        "class L { f() { this.#f(); } #f() { this.n = 1; } } const l = new L(); class C { m() { l.f(); } }",
        "l",
      ],
      [
        "class M { s = new Set(); add() { this.s.add(1); } } const m = new M(); class C { m() { m.add(); } }",
        "m",
      ],
      ["class C { static lock = new Lock(); m() { C.lock.free(); } }", "C.lock"],
      ["class C { static #lock = new Lock(); m() { C.#lock.free(); } }", "C.#lock"],
    ]
  ) {
    assertEquals(refused(`${lock} ${source}`), [
      `1: "${name}" may not change: it would be memory that machines share`,
    ]);
  }
  assertEquals(
    refused(`${lock} const other = new Lock(); other.free();
    class C { lock = new Lock(); m() { this.lock.free(); return other.isFree; } }`),
    [],
  );
});

Deno.test("state allows what changes while the file is loaded, fields, and names declared twice", () => {
  assertEquals(
    refused(`
    let size = 0; size = 3;
    const table = new Map<string, number>(); table.set("a", 1);
    const fill = (key: string) => { table.set(key, table.size); return table.size; };
    function fillAll() { ["b", "c"].map(fill); ["d"].forEach((key) => table.set(key, 0)); }
    fillAll();
    const [first] = [(() => { table.delete("d"); return fill("e"); })()];
    await Promise.all([1].map(async () => { table.set("f", first); }));
    const counter = () => { let own = 0; return () => ++own; };
    const sum = (values: number[]) => { let all = 0; for (const each of values) all += each; return all; };
    class KVServer {
      static #limit = 3; static { KVServer.#limit = 4; this.#limit = 5; }
      #n = 0; #entries = new Map<string, number>(); #next = counter(); first = first + sum([]);
      m(size: number) { size++; this.#n++; this.#entries.set("a", size); return table.get("a"); }
      static of(n: number) { return KVServer.#limit + n; }
    }
    export { KVServer };
  `),
    [],
  );
});

Deno.test("state allows functions that have the name of a change", () => {
  assertEquals(
    refused(`
    class Versions { static add(a: number, b: number) { return a + b; } }
    const lists = { push: (list: number[], n: number) => [...list, n] } as const;
    class Version { n = 0; add(n: number) { return this.n + n; } next() { return this.add(1); } }
    class Counters { make() { return { n: 0, next() { this.n++; } }; } }
    const zero = new Version(), counters = new Counters();
    const frozen = Object.freeze({ add: (n: number) => n + 1 });
    class C {
      static ops = { add: (n: number) => n + 1 };
      counter = counters.make();
      m() { return Versions.add(1, lists.push([], 2).length) + zero.next(); }
      n() { return zero.add(frozen.add(C.ops.add(1))); }
    }
    export { C };
  `),
    [],
  );
});

Deno.test("checkSubmission() says where a file cannot be parsed", () => {
  const [refusal] = checkSubmission("client.ts", "\nlet a: = 3;");
  assertEquals(refusal!.place, "client.ts:2");
  assertStringIncludes(refusal!.message, "client.ts cannot be parsed: Unexpected token");
});

const ignore = Deno.permissions.querySync({ name: "read" }).state !== "granted";

Deno.test("checkSubmission() allows the lab's own two files", { ignore }, async () => {
  for (const file of ["client.ts", "server.ts"]) {
    assertEquals(
      refused(await Deno.readTextFile(new URL(`../${file}`, import.meta.url)), file),
      [],
    );
  }
});

Deno.test("the types of the standard library name all that submissions may import", {
  ignore,
}, async () => {
  const text = await Deno.readTextFile(new URL("../cli/std.d.ts", import.meta.url));
  const offered = [...Object.keys(assertions), ...Object.keys(async)];
  for (const name of offered) {
    // No machine has the stream that it needs.
    if (name === "pooledMap") continue;
    assertMatch(text, new RegExp(`^  export (function|class) ${name}\\b`, "m"));
  }
});

Deno.test("the assignment names every module and global that is offered", {
  ignore,
}, async () => {
  const text = await Deno.readTextFile(new URL("../handout/assignment.md", import.meta.url));
  const words = text.replaceAll(/\s+/g, " ");
  const offered = GLOBALS.slice(GLOBALS.indexOf("clearImmediate") + 1);
  for (const name of [...Object.keys(IMPORTS).slice(0, 5), ...offered]) {
    if (name !== "performance" && name !== "crypto") assertStringIncludes(words, `\`${name}\``);
  }
  for (const [object, allowed] of Object.entries(MEMBERS)) {
    for (const member of allowed) assertStringIncludes(words, `\`${object}.${member}\``);
  }
});
