/**
 * The cluster under test: servers and clerks on a simulated network, after
 * `config.go` of MIT 6.5840. One config is one run of one test.
 *
 * Each server and each clerk is made from the student's classes with links of
 * its own. Clerks that a test gets are wrapped: every operation is recorded in
 * the history, and held to what can be said of any operation at all, see
 * `testing/test_run.ts`.
 *
 * @module
 */

import { endLoading } from "./testing/loading_guard.ts";
import "./testing/no_permissions.ts";
import * as clientModule from "./client.ts";
import clientText from "./client.ts" with { type: "text" };
import type { ClientEnd } from "./labrpc.ts";
import type { KVServer } from "./server.ts";
import * as serverModule from "./server.ts";
import serverText from "./server.ts" with { type: "text" };
import type { TestClerk } from "./testing/cluster.ts";
import { ClusterMachines } from "./testing/cluster_machines.ts";
import type { Violation } from "./testing/failure_report.ts";
import type { Request } from "./testing/history_recorder.ts";
import { serverName } from "./testing/names.ts";
import { PlainMachines } from "./testing/plain_machines.ts";
import type { Run, RunHooks, RunSummary, TestHandle } from "./testing/run_hooks.ts";
import { submissionViolation } from "./testing/submission_check.ts";
import { TestRun } from "./testing/test_run.ts";

export type { Run, RunHooks, RunSummary, TestHandle };

endLoading();

/** The configuration that a clerk gets. */
export type ShardConfig = {
  /** The number of servers, which is the number of shards. */
  nservers: number;
  /** The number of servers that hold each shard. */
  nreplicas: number;
};

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

/** The size of a cluster, and whether its network loses messages. */
export interface ClusterOptions extends ShardConfig {
  unreliable: boolean;
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

/** Makes a cluster of servers that each come first for one shard, and hold replicas of others.
 *
 * @param t The test that it is for.
 * @throws {RangeError} There is no such cluster.
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

/** The student's classes, as all machines of this realm share them. */
const SHARED_MODULES = new PlainMachines({
  server: () => serverModule,
  client: () => clientModule,
});

/** The student's files by their names. */
const STUDENT_FILES = { "client.ts": clientText, "server.ts": serverText };

/** One cluster and one run of it. Made by {@linkcode makeSingleConfig} and
 * {@linkcode makeShardConfig}; `await using` stops it. */
export class Config extends TestRun implements Run {
  readonly #machines: ClusterMachines;
  #nextClerk = 0;

  constructor(t: TestHandle, options: ClusterOptions) {
    const { machines = SHARED_MODULES, started } = t.hooks ?? {};
    // The files of other machines are not known here.
    const files = machines === SHARED_MODULES ? STUDENT_FILES : {};
    super(t, options, machines, files);
    const fail = (violation: Violation) => this.fail(violation);
    this.#machines = new ClusterMachines(machines, options, this.network, fail);
    started?.(this);
    const refused = submissionViolation(files);
    if (refused !== undefined) this.fail(refused);
    this.#machines.addServers();
  }

  protected get made(): string | undefined {
    return this.#machines.made;
  }

  protected rpcsOf(client: number): number {
    return this.#machines.rpcsOf(client);
  }

  /** Makes a clerk that is connected to all servers. */
  makeClient(): TestClerk {
    const id = this.#nextClerk++;
    const clerk = this.#machines.makeClerk(id);
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
    this.#machines.deleteClerk(id);
  }

  /** Cuts every clerk off from a server. Servers still reach each other. */
  stopServer(server: number): void {
    this.#machines.enable(server, false);
    this.simulation.trace.record({ kind: "fault", what: `${serverName(server)} stopped` });
  }

  /** Ends what {@linkcode Config.stopServer} did. */
  startServer(server: number): void {
    this.#machines.enable(server, true);
    this.simulation.trace.record({ kind: "fault", what: `${serverName(server)} started` });
  }

  /** Returns the number of requests that each server got so far. */
  requestCounts(): number[] {
    return this.servers.map((server) => this.network.getCount(serverName(server)));
  }

  /** Runs one operation of a clerk, and records it in the history.
   *
   * @param client The number of the clerk.
   * @param request What it is asked to do.
   * @param run Asks it.
   * @returns What the operation returned, "" for a put.
   * @throws {LabFailure} The operation did what no operation may do.
   */
  op(client: number, request: Request, run: () => unknown): Promise<string> {
    return this.perform(client, request, (settle) => {
      (async () => await run())().then(settle.resolve, settle.reject);
    });
  }
}
