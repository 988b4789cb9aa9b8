/**
 * The cluster under test: servers and clerks on a simulated network, after
 * `config.go` of MIT 6.5840. One config is one run of one test.
 *
 * A config makes each server and each clerk from the student's classes, with its
 * own links. A test gets each clerk in a wrapper that records every operation in the
 * history and checks what must hold for any operation, see `testing/test_run.ts`.
 *
 * @module
 */

import { endLoading } from "./testing/loading_guard.ts";
import * as clientModule from "./client.ts";
import clientText from "./client.ts" with { type: "text" };
import * as labrpc from "./labrpc.ts";
import { type ClientEnd, Server, type Transport } from "./labrpc.ts";
import type { KVServer } from "./server.ts";
import * as serverModule from "./server.ts";
import serverText from "./server.ts" with { type: "text" };
import type { Request, TestClerk } from "./testing/cluster.ts";
import { LoopCounters } from "./testing/loop_counters.ts";
import type { ClusterOptions, Machines, ShardConfig } from "./testing/machines.ts";
import { clerkName, linkName, serverName } from "./testing/names.ts";
import { PlainMachines } from "./testing/plain_machines.ts";
import type { Run, RunHooks, RunSummary, TestHandle } from "./testing/run_hooks.ts";
import { submissionViolation } from "./testing/submission_check.ts";
import { TestRun } from "./testing/test_run.ts";

export type { ClusterOptions, Run, RunHooks, RunSummary, TestHandle };

endLoading();

/** The configuration that a clerk gets: `nservers` is the number of servers and of shards,
 * `nreplicas` the number of servers that store each shard. */
export type { ShardConfig };

/** The configuration that a server gets. */
export type ServerConfig = ShardConfig & {
  /** The number of this server, from 0. */
  me: number;
  /** A link to each server, itself included. */
  peers: ClientEnd<KVServer>[];
};

declare module "./labrpc/client_end.ts" {
  interface RpcClasses {
    KVServer: typeof KVServer;
  }
}

/** Makes a cluster of one server.
 *
 * @param t The test that it is for.
 */
export function makeSingleConfig(
  t: TestHandle,
  options: Pick<ClusterOptions, "unreliable">,
): Config {
  return new Config(t, { nservers: 1, nreplicas: 1, ...options });
}

/** Makes a cluster in which each server is the first server of one shard, and a replica of others.
 *
 * @param t The test that it is for.
 * @throws {RangeError} The numbers of servers and replicas do not fit together.
 */
export function makeShardConfig(t: TestHandle, options: ClusterOptions): Config {
  const { nservers, nreplicas } = options;
  const isCount = (n: number) => Number.isInteger(n) && n >= 1;
  if (isCount(nservers) && isCount(nreplicas) && nreplicas <= nservers) {
    return new Config(t, options);
  }
  throw new RangeError(
    `Cannot make a cluster with nservers ${nservers} and nreplicas ${nreplicas}; ` +
      "expected whole numbers from 1 up, and at most as many replicas as servers",
  );
}

/** Machines of the student's classes in this realm. */
const SHARED_MODULES = new PlainMachines({
  server: () => serverModule,
  client: () => clientModule,
});

/** The text of each of the student's files. */
const STUDENT_FILES = { "client.ts": clientText, "server.ts": serverText };

/** Makes copies of the student's files that count the rounds of their loops. */
export function countLoops(): LoopCounters {
  return new LoopCounters(STUDENT_FILES, {
    "./labrpc.ts": labrpc,
    "./client.ts": clientModule,
    "./server.ts": serverModule,
  });
}

/** One cluster and one run of it. Made by {@linkcode makeSingleConfig} and
 * {@linkcode makeShardConfig}; `await using` stops it. */
export class Config extends TestRun implements Run {
  readonly #machines: Machines;
  readonly #size: ShardConfig;
  readonly #stopped = new Set<number>();
  /** The names of each clerk's links, in the order of the servers. */
  readonly #clerkLinks = new Map<number, string[]>();
  #nextClerk = 0;

  constructor(t: TestHandle, options: ClusterOptions) {
    const { machines = SHARED_MODULES, started } = t.hooks ?? {};
    // The source of other machines is not known here.
    const files = machines === SHARED_MODULES ? STUDENT_FILES : {};
    super(t, options, machines, files);
    const { nservers, nreplicas } = options;
    this.#machines = machines;
    this.#size = { nservers, nreplicas };
    started?.(this);
    const refused = submissionViolation(files);
    if (refused !== undefined) this.fail(refused);
    for (const me of this.servers) {
      const links = this.servers.map((to) => this.#link(serverName(me), to));
      const server = new Server();
      const makeServer = () => machines.server({ ...this.#size, me }, links);
      server.addService(this.make("KVServer", makeServer));
      this.network.addServer(serverName(me), server);
    }
  }

  /** Makes a clerk that is connected to all servers. */
  makeClient(): TestClerk {
    const id = this.#nextClerk++;
    const name = clerkName(id);
    const links = this.servers.map((to) => {
      const link = this.#link(name, to, !this.#stopped.has(to));
      this.network.flap(linkName(name, to), true);
      return link;
    });
    this.#clerkLinks.set(id, this.servers.map((to) => linkName(name, to)));
    const clerk = this.make("Clerk", () => this.#machines.clerk(id, { ...this.#size }, links));
    const perform = (request: Request) => {
      return this.perform(id, request, (settle) => clerk.start(request, settle));
    };
    return {
      id,
      get: (key) => perform({ op: "get", key }),
      put: async (key, value) => void await perform({ op: "put", key, value }),
      append: (key, value) => perform({ op: "append", key, value }),
    };
  }

  /** Removes a clerk's links. */
  deleteClient({ id }: TestClerk): void {
    for (const link of this.#clerkLinks.get(id) ?? []) this.network.deleteEnd(link);
    this.#clerkLinks.delete(id);
  }

  /** Cuts every clerk off from a server. Servers still reach each other.
   *
   * @throws {RangeError} There is no such server. */
  stopServer(server: number): void {
    this.#enable(server, false);
    this.#stopped.add(server);
    this.simulation.trace.record({ kind: "fault", server, what: "stopped" });
  }

  /** Connects every clerk to a server again that {@linkcode Config.stopServer} cut off. */
  startServer(server: number): void {
    this.#enable(server, true);
    this.#stopped.delete(server);
    this.simulation.trace.record({ kind: "fault", server, what: "started" });
  }

  /** Returns the number of requests that each server has received. */
  requestCounts(): number[] {
    return this.servers.map((server) => this.network.getCount(serverName(server)));
  }

  flaps(): { server: number; startMs: number; endMs: number }[] {
    return this.servers.flatMap((server) => {
      return this.network.flapsOf(serverName(server)).map((flap) => ({ server, ...flap }));
    });
  }

  countLoops(): LoopCounters | undefined {
    return this.#machines === SHARED_MODULES ? countLoops() : undefined;
  }

  /** Runs one operation of a clerk, and records it in the history.
   *
   * @param client The number of the clerk.
   * @param request The operation, for the history.
   * @param run Performs it.
   * @returns The result of the operation, "" for a put.
   * @throws {LabFailure} The operation broke a rule that holds for any operation.
   */
  op(client: number, request: Request, run: () => unknown): Promise<string> {
    return this.perform(client, request, (settle) => {
      (async () => await run())().then(settle.resolve, settle.reject);
    });
  }

  protected rpcsOf(client: number): number {
    const links = this.#clerkLinks.get(client) ?? [];
    return links.reduce((sum, link) => sum + this.network.getEndCount(link), 0);
  }

  #link(from: string, to: number, enabled = true): Transport {
    const name = linkName(from, to);
    const link = this.network.makeTransport(name);
    this.network.connect(name, serverName(to));
    this.network.enable(name, enabled);
    return link;
  }

  #enable(server: number, enabled: boolean): void {
    if (!this.servers.includes(server)) {
      const expected = `expected one from 0 to ${this.servers.length - 1}`;
      throw new RangeError(`There is no server ${server}; ${expected}`);
    }
    for (const links of this.#clerkLinks.values()) this.network.enable(links[server]!, enabled);
  }
}
