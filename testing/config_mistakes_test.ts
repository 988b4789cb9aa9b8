/**
 * The failures of programs that make no progress or lack a part.
 *
 * @module
 */

import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import * as clientModule from "../client.ts";
import {
  makeShardConfig,
  type ServerConfig,
  type ShardConfig,
  type TestHandle,
} from "../config.ts";
import type { ClientEnd } from "../labrpc.ts";
import { type GetArgs, type GetReply, KVServer } from "../server.ts";
import { LabFailure, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import { PlainMachines } from "./plain_machines.ts";

type Class<Args extends unknown[]> = new (...args: Args) => object;

/** Returns the violation of clerks that get key "0" in sequence from two servers.
 *
 * @param Server The class of the servers.
 * @param Clerk The class of the clerks; absent, the lab's own.
 */
async function violationOf(
  Server: Class<[cfg: ServerConfig]> | undefined,
  Clerk: Class<[servers: ClientEnd<KVServer>[], cfg: ShardConfig]> | undefined = clientModule.Clerk,
): Promise<Violation> {
  const machines = new PlainMachines({
    server: () => ({ KVServer: Server }),
    client: () => ({ Clerk }),
  });
  const run = { seed: 1, clock: "virtual", network: "unreliable" } as const;
  const t: TestHandle = { name: "TestX", run, hooks: { machines } };
  const failure = await assertRejects(async () => {
    await using cfg = makeShardConfig(t, { nservers: 2, nreplicas: 2, unreliable: false });
    for (let clerk = 0; clerk < 3; clerk++) await cfg.makeClient().get("0");
    await cfg.sleep(1_000);
  }, LabFailure);
  return failure.violation;
}

/** Makes the lab's server with another get. */
function serverWith(
  get: (cfg: ServerConfig, args: GetArgs) => Promise<GetReply>,
): typeof KVServer {
  const Server = class KVServer2 extends KVServer {
    readonly #own: ServerConfig;
    constructor(cfg: ServerConfig) {
      super(cfg);
      this.#own = cfg;
    }
    override get(args: GetArgs): Promise<GetReply> {
      return get(this.#own, args);
    }
  };
  return Object.defineProperty(Server, "name", { value: "KVServer" });
}

Deno.test("servers that pass a request around are named, and the clerk is not blamed", async () => {
  const violation = await violationOf(serverWith(async ({ me, peers }, args) => {
    return await peers[1 - me]!.call("KVServer.get", args);
  }));
  assertMatch(
    violation.what,
    /^Livelock.*:\n {4}clerk 0: get\("0"\), since 0\.0 ms\n {4}server \d: sent get to server \d, \d+ times/,
  );
  assertEquals(new Set(violation.what.match(/sent get to server \d/g)).size, 2);
  assertEquals(violation.hint, HINTS.serverLoop);
});

Deno.test("handlers that never reply are named when a clerk asks them forever", async () => {
  const violation = await violationOf(serverWith(() => new Promise(() => {})));
  assertMatch(violation.what, /server 0 and server 1: got get\("0"\), but no handler replied$/);
  assertEquals(violation.hint, HINTS.silentServer);
});

Deno.test("two clerks with the same id are named when a server answers only one of them", async () => {
  class SameId {
    readonly #servers: ClientEnd<KVServer>[];
    constructor(servers: ClientEnd<KVServer>[]) {
      this.#servers = servers;
    }
    async get(key: string): Promise<string> {
      const args = { key, clerk: "me", seq: 1 };
      for (;;) {
        try {
          return (await this.#servers[0]!.call("KVServer.get", args)).value;
        } catch {
          // Try again.
        }
      }
    }
    put(): void {}
    append(): void {}
  }
  let isAsked = false;
  const violation = await violationOf(
    serverWith(() => {
      if (isAsked) return new Promise(() => {});
      isAsked = true;
      return Promise.resolve({ value: "" });
    }),
    SameId,
  );
  assertMatch(violation.what, /clerk 0 and clerk 1 sent different requests with the same \{.*\}$/);
  assertEquals(violation.hint, HINTS.sharedNumbers);
});

Deno.test("the report of an unhandled timeout names its caller", async () => {
  const violation = await violationOf(serverWith(({ me, peers }) => {
    // The backup never replies, and nothing awaits the call.
    if (me === 1) return new Promise(() => {});
    void peers[1]!.call("KVServer.get", { key: "1", clerk: "none", seq: 1 });
    return Promise.resolve({ value: "" });
  }));
  assertEquals(
    violation.what,
    "Unhandled timeout of KVServer.get, which server 0 called on server 1",
  );
  assertEquals(violation.hint, HINTS.unhandledTimeout);
});

Deno.test("an asynchronous constructor is named", async () => {
  const later = function () {
    return Promise.resolve();
  } as unknown as new () => object;
  const words = (file: string, name: string) => {
    return `${file}: the constructor of ${name} returned a promise, which nothing awaits; ` +
      "await in the methods instead";
  };
  const Server = Object.assign(later, { rpc: KVServer.rpc });
  assertEquals((await violationOf(Server)).what, words("server.ts", "KVServer"));
  assertEquals((await violationOf(KVServer, later)).what, words("client.ts", "Clerk"));
});

Deno.test("a missing class or method is reported in one line", async () => {
  const { get, put, append } = KVServer.rpc;
  class ShortTable {
    static readonly rpc = { get, put };
  }
  class ShortServer {
    static readonly rpc = { get, put, append };
    get() {}
    put() {}
  }
  class ShortClerk {
    get() {}
    append() {}
  }
  const incomplete = async (words: string, ...classes: Parameters<typeof violationOf>) => {
    assertStringIncludes((await violationOf(...classes)).what, words);
  };
  await incomplete('server.ts does not export a class "KVServer"; add "export class', undefined);
  await incomplete('server.ts: KVServer.rpc has no entry "append"; add it', ShortTable);
  await incomplete('its rpc table lists "append" but it has no method "append"', ShortServer);
  await incomplete('client.ts: Clerk has no method "put"; add it', KVServer, ShortClerk);
});
