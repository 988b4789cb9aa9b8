/**
 * Mistakes that the rules for submissions refuse, in `deno test` and in grading.
 *
 * @module
 */

import { type Additions, inClerk, inServer, type Program } from "./program.ts";

const refused = (name: string, additions: Additions, says: RegExp): Program => {
  return { name, client: inClerk(additions), fails: "refused", says };
};
/** The programs. */
export const REFUSED: readonly Program[] = [
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
];
