/**
 * What the solution promises beyond what the seven tests can see: handlers are called
 * directly here, with retries and duplicates that come as late as they like.
 *
 * @module
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { makeEnd, makeServer } from "../labrpc/fixture.ts";
import { type ClientEnd, Network, TimeoutError } from "../labrpc.ts";
import { type CopyArgs, type CopyReply, KVServer, type PutAppendArgs } from "../server.ts";
import { Simulation } from "../sim/mod.ts";

/** A backup that the test decides for: it keeps what it is sent until it may reply. */
class Backup {
  static readonly rpc = { copy: KVServer.rpc.copy };
  readonly copies: CopyArgs[] = [];
  #mayReply = Promise.withResolvers<CopyReply>();

  copy(args: CopyArgs): Promise<CopyReply> {
    this.copies.push(args);
    return this.#mayReply.promise;
  }

  reply(): void {
    this.#mayReply.resolve({});
  }
}
Object.defineProperty(Backup, "name", { value: "KVServer" });

/** Server 0 of two, with a backup. */
function makeFirstServer(simulation: Simulation): { server: KVServer; backup: Backup } {
  const network = new Network(simulation);
  const backup = new Backup();
  network.addServer("server 0", makeServer(backup));
  const peer: ClientEnd<KVServer> = makeEnd(network, "server 0 to server 1");
  return {
    server: new KVServer({ nservers: 2, nreplicas: 2, me: 0, peers: [peer, peer] }),
    backup,
  };
}

function makeSingleServer(): KVServer {
  return new KVServer({ nservers: 1, nreplicas: 1, me: 0, peers: [] });
}

function append(seq: number, value: string, clerk = "a"): PutAppendArgs {
  return { key: "0", value, clerk, seq };
}

async function valueOf(server: KVServer): Promise<string> {
  return (await server.get({ key: "0", clerk: "reader", seq: nextRead++ })).value;
}
let nextRead = 1;

Deno.test("KVServer executes a request once and answers its retries the same, however many come", async () => {
  const server = makeSingleServer();
  await server.append(append(1, "x"));
  assertEquals(await server.append(append(2, "y")), { value: "x" });
  for (let i = 0; i < 3; i++) assertEquals(await server.append(append(2, "y")), { value: "x" });
  assertEquals(await valueOf(server), "xy");
});

Deno.test("KVServer leaves a retry unexecuted and unanswered when its clerk has moved on", async () => {
  const server = makeSingleServer();
  await server.append(append(1, "x"));
  await server.put({ ...append(2, "y") });
  await assertRejects(() => server.append(append(1, "x")), TimeoutError);
  await server.get({ key: "0", clerk: "a", seq: 3 });
  await assertRejects(() => server.put(append(2, "y")), TimeoutError);
  assertEquals(await valueOf(server), "y");
});

Deno.test("KVServer answers retries that come while the first is executed, and executes it once", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { server, backup } = makeFirstServer(simulation);
  const replies: string[] = [];
  for (let i = 0; i < 3; i++) {
    server.append(append(1, "x")).then(({ value }) => replies.push(value));
  }
  await simulation.sleep(50);
  assertEquals([backup.copies.length, replies.length], [1, 0]);
  backup.reply();
  await simulation.sleep(50);
  assertEquals(replies, ["", "", ""]);
  assertEquals(await valueOf(server), "x");
});

Deno.test("KVServer replies only when every backup has the value, also when calls time out", async () => {
  using simulation = new Simulation({ seed: 1, clock: "virtual" });
  const { server, backup } = makeFirstServer(simulation);
  let replied = false;
  server.put(append(1, "x")).then(() => replied = true);
  await simulation.sleep(1000);
  assert(backup.copies.length > 5);
  assertEquals(replied, false);
  backup.reply();
  await simulation.sleep(200);
  assertEquals(replied, true);
  assertEquals(backup.copies[0], { key: "0", value: "x", version: 1 });
});

Deno.test("KVServer.copy() keeps the newer value when an older one comes late", async () => {
  const server = makeSingleServer();
  server.copy({ key: "0", value: "new", version: 2 });
  server.copy({ key: "0", value: "old", version: 1 });
  assertEquals(await valueOf(server), "new");
});

Deno.test("KVServer lets go of a reply when the clerk's next request arrives", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const heapMb = () => {
    collectGarbage();
    return Deno.memoryUsage().heapUsed / 1e6;
  };
  const server = makeSingleServer();
  const clerks = Array.from({ length: 100 }, (_, i) => `clerk ${i}`);
  const beforeMb = heapMb();
  for (const [i, clerk] of clerks.entries()) {
    // What the append finds is a megabyte of its own, and replaced by the next put.
    const value = new TextDecoder().decode(new Uint8Array(1_000_000).fill(97 + i % 26));
    await server.put(append(1, value, clerk));
    await server.append(append(2, "y", clerk));
  }
  assert(heapMb() - beforeMb > 50);
  for (const clerk of clerks) await server.put(append(3, "", clerk));
  assert(heapMb() - beforeMb < 5);
});
