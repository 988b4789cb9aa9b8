/**
 * What a failure says of programs that get nowhere, run on the lab's own clerk.
 *
 * @module
 */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import * as clientModule from "./client.ts";
import { makeShardConfig, type ServerConfig, type TestHandle } from "./config.ts";
import { type GetArgs, type GetReply, KVServer } from "./server.ts";
import { LabFailure, type Violation } from "./testing/failure_report.ts";
import { HINTS } from "./testing/hints.ts";
import { PlainMachines } from "./testing/machines.ts";

/** Returns the violation of a get of key "0" on two servers of a class. */
async function violationOf(Server: typeof KVServer): Promise<Violation> {
  const machines = new PlainMachines({
    server: () => ({ KVServer: Server }),
    client: () => clientModule,
  });
  const run = { seed: 1, clock: "virtual", network: "unreliable" } as const;
  const t: TestHandle = { name: "TestX", run, hooks: { machines } };
  await using cfg = makeShardConfig(t, { nservers: 2, nreplicas: 2, unreliable: false });
  const failure = await assertRejects(() => cfg.makeClient().get("0"), LabFailure);
  return failure.violation;
}

/** A server as the lab's own, with another get. */
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

Deno.test("a server that asks itself again and again is named", async () => {
  const violation = await violationOf(serverWith(async ({ me, peers }, args) => {
    return await peers[me]!.call("KVServer.get", args);
  }));
  assertMatch(violation.what, /server 0: sent get to itself, \d+ times/);
  assertEquals(violation.hint, HINTS.serverLoop);
});

Deno.test("handlers that never reply are named when a clerk asks them for ever", async () => {
  const violation = await violationOf(serverWith(() => new Promise(() => {})));
  assertMatch(violation.what, /server 0 and server 1: got get\("0"\), and no handler replied$/);
  assertEquals(violation.hint, HINTS.silentServer);
});
