/**
 * The cluster under test: servers and clerks on a simulated network, after
 * `config.go` of MIT 6.5840. One config is one run of one test.
 *
 * Each server and each clerk is made from the student's classes with links of
 * its own. Clerks that a test gets are wrapped: every operation is recorded in
 * the history, and held to what can be said of any operation at all, see
 * `testing/recorded_clerk.ts`.
 *
 * @module
 */

import { endLoading } from "./testing/loading_guard.ts";
import "./testing/no_permissions.ts";
import * as clientModule from "./client.ts";
import clientText from "./client.ts" with { type: "text" };
import { type ClientEnd, Network } from "./labrpc.ts";
import type { History } from "./linearizability/mod.ts";
import type { KVServer } from "./server.ts";
import * as serverModule from "./server.ts";
import serverText from "./server.ts" with { type: "text" };
import { type EndOfTurn, GLOBALS_LABEL, type Random, Simulation, StuckError } from "./sim/mod.ts";
import type { TestClerk } from "./testing/cluster.ts";
import { ClusterLinks } from "./testing/cluster_links.ts";
import { ClusterMachines } from "./testing/cluster_machines.ts";
import type { LabFailure, Violation } from "./testing/failure_report.ts";
import { HINTS } from "./testing/hints.ts";
import { HistoryRecorder, type Request } from "./testing/history_recorder.ts";
import type { Machines } from "./testing/machines.ts";
import { MessageLog } from "./testing/message_log.ts";
import { serverName } from "./testing/names.ts";
import { PlainMachines } from "./testing/plain_machines.ts";
import { performOperation, recordedClerk } from "./testing/recorded_clerk.ts";
import { RunFailures } from "./testing/run_failures.ts";
import type { Run, RunHooks, RunSummary, TestHandle } from "./testing/run_hooks.ts";
import { commandLineOptions, type RunOptions } from "./testing/run_options.ts";
import { RunParts } from "./testing/run_parts.ts";
import { submissionViolation } from "./testing/submission_check.ts";
import { foldTraceEvent, type TraceEvent } from "./testing/trace_event.ts";

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
export class Config implements Run, AsyncDisposable {
  /** The name of the test. */
  readonly name: string;
  /** The requests of the run, for the hints of its failure. */
  readonly messages = new MessageLog();
  readonly #cluster: ClusterOptions;
  readonly #run: RunOptions;
  readonly #simulation: Simulation<TraceEvent>;
  readonly #network: Network;
  readonly #recorder = new HistoryRecorder(() => this.now());
  readonly #failures: RunFailures;
  readonly #links: ClusterLinks;
  readonly #machines: ClusterMachines;
  readonly #parts: RunParts;
  #nextClerk = 0;
  #ended: RunSummary | undefined;

  constructor(t: TestHandle, options: ClusterOptions) {
    const { name, origin, run = commandLineOptions(), hooks = {} } = t;
    this.name = name;
    this.#cluster = options;
    this.#run = run;
    this.#parts = new RunParts(this, run, hooks.print);
    const machines: Machines = hooks.machines ?? SHARED_MODULES;
    // The files of other machines are not known here.
    const files = hooks.machines === undefined ? STUDENT_FILES : {};
    this.#failures = new RunFailures({ name, origin, ...run }, this, options, files);
    this.#simulation = this.#simulate(hooks, machines);
    this.#network = new Network(this.#simulation, hooks.network);
    this.#network.reliable(!options.unreliable);
    this.#network.hostile(run.network === "hostile");
    this.#links = new ClusterLinks(this.#network, options.nservers);
    const fail = (violation: Violation) => this.#fail(violation);
    this.#machines = new ClusterMachines(machines, options, this.#links, fail);
    const { clock, random } = this.#simulation;
    const chance = random.child(GLOBALS_LABEL);
    machines.begin?.({ clock, random: chance, busyWait: () => this.#simulation.busyWait() });
    hooks.started?.(this);
    const refused = hooks.machines === undefined ? submissionViolation(STUDENT_FILES) : undefined;
    if (refused !== undefined) this.#fail(refused);
    this.#machines.addServers(this.#network);
  }

  /** The operations of all clerks so far. */
  get history(): History {
    return this.#recorder.history;
  }

  /** The summary of the run when it ended: with {@linkcode Config.end}, or by failing. */
  get summary(): RunSummary {
    return this.#ended ?? this.#summarize();
  }

  flaps(): { server: number; startMs: number; endMs: number }[] {
    return this.#serverNumbers().flatMap((server) => {
      return this.#network.flapsOf(serverName(server)).map((flap) => ({ server, ...flap }));
    });
  }

  now(): number {
    return this.#simulation.clock.now();
  }

  async sleep(delayMs: number): Promise<void> {
    await this.#simulation.sleep(delayMs);
  }

  random(label: string): Random {
    return this.#simulation.random.child(`workload ${label}`);
  }

  /** Starts a part of a test and prints its title. */
  begin(title: string): void {
    this.#ended = undefined;
    this.#parts.begin(title);
  }

  /** Ends a part of a test. Its figures are printed when the config is disposed of, and only
   * if nothing failed until then.
   *
   * @throws {LabFailure} Something failed that nobody waited for.
   */
  end(): void {
    if (this.#simulation.failure) throw this.#simulation.failure.error;
    this.#ended = this.#summarize();
    this.#parts.end();
  }

  /** Makes a clerk that is connected to all servers. */
  makeClient(): TestClerk {
    const id = this.#nextClerk++;
    const clerk = this.#machines.makeClerk(id);
    return recordedClerk(this.#operations, id, (request, settle) => clerk.start(request, settle));
  }

  /** Removes a clerk's links. */
  deleteClient({ id }: TestClerk): void {
    this.#links.deleteClerk(id);
  }

  /** Cuts every clerk off from a server. Servers still reach each other. */
  stopServer(server: number): void {
    this.#links.stop(server);
    this.#simulation.trace.record({ kind: "fault", what: `${serverName(server)} stopped` });
  }

  /** Ends what {@linkcode Config.stopServer} did. */
  startServer(server: number): void {
    this.#links.start(server);
    this.#simulation.trace.record({ kind: "fault", what: `${serverName(server)} started` });
  }

  /** Returns the number of requests that each server got so far. */
  requestCounts(): number[] {
    return this.#serverNumbers().map((server) => this.#network.getCount(serverName(server)));
  }

  /** Fails the test if there is a violation.
   *
   * @throws {LabFailure} There is one.
   */
  check(violation: Violation | undefined): void {
    if (violation === undefined) return;
    this.#simulation.fail(this.#failures.withCause(violation));
    throw this.#simulation.failure!.error;
  }

  interrupt(how: EndOfTurn): void {
    this.#simulation.stuck(how);
  }

  /** Returns the failure of a test that the runner ended: what failed before, if anything
   * did. */
  unfinished(): Error {
    const { failure, waiting } = this.#simulation;
    if (failure) return failure.error as Error;
    const list = waiting.map((line) => `\n    ${line}`).join("") || " nobody";
    const what = `${this.name} did not finish in time, while these waited:${list}`;
    return this.#failures.of({ what, hint: HINTS.livelock });
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
    return performOperation(this.#operations, client, request, (_, settle) => {
      (async () => await run())().then(settle.resolve, settle.reject);
    });
  }

  cleanup(): void {
    this.#network.cleanup();
    this.#simulation[Symbol.dispose]();
  }

  /** Stops everything, after what failed late has come to light.
   *
   * @throws {LabFailure} Something failed after the scenario had come to its end.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const { failure } = this.#simulation;
    await this.#simulation.settle();
    const lateFailure = this.#simulation.failure;
    this.cleanup();
    if (!failure && lateFailure) throw lateFailure.error;
    if (lateFailure) return;
    this.#parts.printFigures();
  }

  #simulate(
    { limits, listener, timers, failed }: RunHooks,
    machines: Machines,
  ): Simulation<TraceEvent> {
    return new Simulation<TraceEvent>({
      ...this.#run,
      fold: foldTraceEvent,
      limits,
      timers,
      listener: (event, atMs, carried) => {
        this.messages.record(event, atMs, carried);
        listener?.(event, atMs, carried);
      },
      explain: (error) => {
        this.#ended ??= this.#summarize();
        const own = machines.adopt?.(error) ?? error;
        const failure = this.#failures.explain(own, this.#machines.made);
        if (error instanceof StuckError) failed?.(failure);
        return failure;
      },
    });
  }

  /** The parts of this run that recorded operations use. */
  get #operations() {
    return {
      simulation: this.#simulation,
      recorder: this.#recorder,
      rpcsOf: (client: number) => this.#links.rpcsOf(client),
      check: (violation: Violation | undefined) => this.check(violation),
    };
  }

  /** Ends the run before its test has a config that it could clean up. */
  #fail(violation: Violation): never {
    const failure: LabFailure = this.#failures.of(violation);
    this.#simulation.fail(failure);
    this.cleanup();
    throw failure;
  }

  #serverNumbers(): number[] {
    return [...Array(this.#cluster.nservers).keys()];
  }

  #summarize(): RunSummary {
    const { nservers, nreplicas } = this.#cluster;
    const { digest, count: events } = this.#simulation.trace;
    const rpcs = this.#network.getTotalCount();
    return { nservers, nreplicas, digest, events, virtualMs: this.now(), rpcs };
  }
}
