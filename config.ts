/**
 * The cluster under test: servers and clerks on a simulated network, after
 * `config.go` of MIT 6.5840. One config is one run of one test.
 *
 * Each server and each clerk is made from the student's classes with links of
 * its own. Clerks that a test gets are wrapped: every operation is recorded in
 * the history, and held to what can be said of any operation at all (it asked a
 * server, it returned the right type, it did not throw).
 *
 * @module
 */

import { z } from "zod";
import * as clientModule from "./client.ts";
import { type ClientEnd, Network, type NetworkOptions, Server, Service } from "./labrpc.ts";
import type { History } from "./linearizability/mod.ts";
import type { KVServer } from "./server.ts";
import * as serverModule from "./server.ts";
import { type Random, realNow, Simulation, type TraceListener } from "./sim/mod.ts";
import type { Cluster, TestClerk } from "./testing/cluster.ts";
import {
  constructionViolation,
  explainError,
  resultViolation,
  SubmissionError,
  thrownViolation,
} from "./testing/explain.ts";
import {
  LabFailure,
  type ReplayTarget,
  showCall,
  type Violation,
} from "./testing/failure_report.ts";
import { HINTS } from "./testing/hints.ts";
import { HistoryRecorder, type Request } from "./testing/history_recorder.ts";
import { MessageLog } from "./testing/message_log.ts";
import {
  keepsMuch,
  type MakeCluster,
  measureRetained,
  retainedHint,
  retainedLine,
} from "./testing/memory.ts";
import { parseRunOptions, type RunOptions } from "./testing/run_options.ts";
import { withSharedNumbers } from "./testing/shared_numbers.ts";

/** What a clerk knows of the cluster. */
export type ShardConfig = {
  /** How many servers there are, and how many shards. */
  nservers: number;
  /** How many servers hold each shard. */
  nreplicas: number;
};

/** What a server knows of the cluster. */
export type ServerConfig = ShardConfig & {
  /** The number of this server, from 0. */
  me: number;
  /** A link to each server, itself included. */
  peers: ClientEnd<KVServer>[];
};

const ClusterOptions = z.strictObject({
  nservers: z.int().min(1),
  nreplicas: z.int().min(1),
  unreliable: z.boolean(),
}).refine(({ nservers, nreplicas }) => nreplicas <= nservers, {
  path: ["nreplicas"],
  error: "expected at most as many replicas as there are servers",
});

/** The size of a cluster, and whether its network loses messages. */
export type ClusterOptions = z.infer<typeof ClusterOptions>;

/** What a config needs of a test; every `Deno.TestContext` has it. */
export interface TestHandle {
  /** The name of the test. */
  readonly name: string;
  /** The address of the file that holds it. */
  readonly origin?: string;
  /** How to run it; absent in a test of the command line, which says that itself. */
  readonly run?: RunOptions;
  /** What else its runner wants. */
  readonly hooks?: RunHooks;
}

/** What a runner of tests wants of a run besides its outcome. None of it changes the
 * run, but for what the network's options decide. */
export interface RunHooks {
  /** Sees everything that happens, as it happens. */
  listener?: TraceListener;
  /** Decides what chance would decide. */
  network?: NetworkOptions;
  /** Gets the config as soon as there is one. */
  started?(config: Config): void;
  /** Gets what the test says of itself, which otherwise goes to the console. */
  print?(line: string): void;
  /** Where the classes come from; absent, all are of the same two modules. */
  modules?: StudentModules;
}

/** Chooses the modules of servers and clerks, so that each can have variables of its
 * own, as in a process of its own. */
export interface StudentModules {
  /** A `server.ts`, for server `me`. */
  server(me: number): object;
  /** A `client.ts`, for clerk `id`. */
  client(id: number): object;
}

/** What a run came to: all of it is the same when it is run again. */
export interface RunSummary {
  /** How many servers there were. */
  nservers: number;
  /** The digest of everything that happened. */
  digest: string;
  /** How many events that was. */
  events: number;
  /** How long it took, in virtual milliseconds. */
  virtualMs: number;
  /** How many calls were made. */
  rpcs: number;
}

/** A clerk as a student writes it, before its results are known to be right. */
type StudentClerk = Record<Request["op"], (...args: string[]) => unknown>;

const OPERATIONS = ["get", "put", "append"] as const;

/** How long one test may take in real milliseconds before the runner ends it: a
 * loop that never yields cannot be ended in any other way. On the real clock nothing
 * but this ends a test that stands still, and a loop in a handler may take the tests
 * after it along. */
const TIMEOUT_MS = { virtual: 30_000, real: 180_000 };

/** The options of this process, from behind the `--` of its command line. */
const runOptions: RunOptions = parseRunOptions(Deno.args);

/** The options that each of the seven tests is registered with. */
export const limits = { timeout: TIMEOUT_MS[runOptions.clock] };

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

/** Makes a cluster of servers that hold one shard each, and copies of others.
 *
 * @param t The test that it is for.
 * @throws {RangeError} There is no such cluster.
 */
export function makeShardConfig(t: TestHandle, options: ClusterOptions): Config {
  return new Config(t, options);
}

/** What is said of the memory of clusters, by their size: in one process that is the same
 * for every test. */
const memoryNotes = new Map<string, Promise<string | undefined>>();

const SHARED_MODULES: StudentModules = {
  server: () => serverModule,
  client: () => clientModule,
};

/** The config whose test is running. */
let current: Config | undefined;

// A test that the runner ended never reached the end of its "await using".
Deno.test.afterEach?.(() => {
  if (current === undefined) return;
  console.error(current.unfinished().message);
  current.cleanup();
});

/** One cluster and one run of it. Made by {@linkcode makeSingleConfig} and
 * {@linkcode makeShardConfig}; `await using` stops it. */
export class Config implements Cluster, AsyncDisposable {
  /** The name of the test. */
  readonly name: string;
  /** The requests of the run, for the hints of its failure. */
  readonly messages = new MessageLog();
  readonly #origin: string | undefined;
  readonly #cluster: ClusterOptions;
  readonly #run: RunOptions;
  readonly #print: (line: string) => void;
  /** Whoever says how to run it, runs it many times or measures it. */
  readonly #saysMemory: boolean;
  readonly #modules: StudentModules;
  readonly #simulation: Simulation;
  readonly #network: Network;
  readonly #recorder: HistoryRecorder;
  readonly #stopped = new Set<number>();
  readonly #clerks = new Map<number, string[]>();
  #nextClerk = 0;
  #part = { startMs: 0, realStartMs: 0, rpcs: 0, operations: 0 };
  #ended: RunSummary | undefined;

  constructor(t: TestHandle, options: ClusterOptions) {
    this.#cluster = checkCluster(options);
    this.name = t.name;
    this.#origin = t.origin;
    this.#run = t.run ?? runOptions;
    this.#saysMemory = t.run === undefined && this.#run.clock === "virtual";
    const { listener, network, started, print, modules } = t.hooks ?? {};
    this.#print = print ?? ((line) => console.log(line));
    this.#modules = modules ?? SHARED_MODULES;
    this.#simulation = new Simulation({
      ...this.#run,
      listener: (event, atMs, carried) => {
        this.messages.record(event, atMs, carried);
        listener?.(event, atMs, carried);
      },
      explain: (error) => this.#explain(error),
    });
    this.#recorder = new HistoryRecorder(() => this.#simulation.clock.now());
    this.#network = new Network(this.#simulation, network);
    this.#network.reliable(!options.unreliable);
    this.#network.hostile(this.#run.network === "hostile");
    current = this;
    started?.(this);
    for (const i of this.#serverNumbers()) this.#addServer(i);
  }

  /** What all clerks did so far. */
  get history(): History {
    return this.#recorder.history;
  }

  /** What the run came to when it ended: with {@linkcode Config.end}, or by failing. */
  get summary(): RunSummary {
    return this.#ended ?? this.#summarize();
  }

  /** When each server was out of the clerks' reach although nobody stopped it. */
  flaps(): { server: number; startMs: number; endMs: number }[] {
    return Array.from(this.#serverNumbers()).flatMap((server) => {
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
    this.#print(`Test: ${title} ...`);
    this.#part = {
      startMs: this.now(),
      realStartMs: realNow(),
      rpcs: this.#network.getTotalCount(),
      operations: this.history.operations.length,
    };
  }

  /** Ends a part of a test, and prints what it took.
   *
   * @throws {LabFailure} Something failed that nobody waited for.
   */
  end(): void {
    if (this.#simulation.failure) throw this.#simulation.failure.error;
    this.#ended = this.#summarize();
    const { startMs, realStartMs, rpcs, operations } = this.#part;
    const seconds = (ms: number) => (ms / 1000).toFixed(2);
    const figures = [
      `${seconds(this.now() - startMs)} s virtual`,
      `${seconds(realNow() - realStartMs)} s real`,
      `${this.#network.getTotalCount() - rpcs} RPCs`,
      `${this.history.operations.length - operations} ops`,
      `seed ${this.#run.seed}`,
    ];
    if (this.#run.clock === "virtual") figures.push(`digest ${this.#ended.digest}`);
    this.#print(`  ... Passed -- ${figures.join(", ")}`);
  }

  /** Makes a clerk that is connected to all servers. */
  makeClient(): TestClerk {
    const id = this.#nextClerk++;
    const ends = Array.from(this.#serverNumbers(), (i) => `clerk ${id} to server ${i}`);
    const servers = ends.map((end, i) => this.#makeEnd(end, i, !this.#stopped.has(i)));
    for (const end of ends) this.#network.flap(end, true);
    this.#clerks.set(id, ends);
    const { nservers, nreplicas } = this.#cluster;
    const clerk = this.#construct("Clerk", () => {
      return makeClerk(this.#modules.client(id), servers, { nservers, nreplicas });
    });
    return {
      id,
      get: (key) => this.op(id, { op: "get", key }, () => clerk.get(key)),
      put: async (key, value) => {
        await this.op(id, { op: "put", key, value }, () => clerk.put(key, value));
      },
      append: (key, value) => {
        return this.op(id, { op: "append", key, value }, () => clerk.append(key, value));
      },
    };
  }

  /** Takes a clerk's links away. */
  deleteClient({ id }: TestClerk): void {
    for (const end of this.#clerks.get(id) ?? []) this.#network.deleteEnd(end);
    this.#clerks.delete(id);
  }

  /** Cuts every clerk off from a server. Servers still reach each other. */
  stopServer(server: number): void {
    this.#checkServer(server);
    this.#simulation.trace.record({ kind: "fault", what: `server ${server} stopped` });
    this.#stopped.add(server);
    this.#enable(server, false);
  }

  /** Ends what {@linkcode Config.stopServer} did. */
  startServer(server: number): void {
    this.#checkServer(server);
    this.#simulation.trace.record({ kind: "fault", what: `server ${server} started` });
    this.#stopped.delete(server);
    this.#enable(server, true);
  }

  /** How many requests each server got so far. */
  requestCounts(): number[] {
    return Array.from(this.#serverNumbers(), (i) => this.#network.getCount(serverName(i)));
  }

  /** Fails the test if there is a violation.
   *
   * @throws {LabFailure} There is one.
   */
  check(violation: Violation | undefined): void {
    if (violation === undefined) return;
    const told = withSharedNumbers(violation, this.messages);
    this.#simulation.fail(new LabFailure(told, this.#replayTarget()));
    throw this.#simulation.failure!.error;
  }

  /** What is to be said of a test that the runner had to end. */
  unfinished(): LabFailure {
    const waiting = this.#simulation.waiting.map((line) => `\n    ${line}`).join("") || " nobody";
    const isReal = this.#run.clock === "real";
    const what = isReal ? "did not finish in time" : "never let go of the processor";
    return new LabFailure({
      what: `${this.name} ${what}, while these waited:${waiting}`,
      hint: isReal ? HINTS.livelock : HINTS.neverYields,
    }, this.#replayTarget());
  }

  /** Runs one operation of a clerk, and records it in the history.
   *
   * @param client The number of the clerk.
   * @param request What it is asked to do.
   * @param run Asks it.
   * @returns What the operation returned, "" for a put.
   * @throws {LabFailure} The operation did what no operation may do.
   */
  async op(client: number, request: Request, run: () => unknown): Promise<string> {
    const { trace, clock } = this.#simulation;
    const rpcs = this.#clerkRpcs(client);
    const { op, key, value = "" } = request;
    trace.record({ kind: "called", client, operation: op, key, value });
    const operation = this.#recorder.call(client, request);
    let result: unknown;
    try {
      // The wait comes first, so that an operation that never yields is named as well.
      const { promise, resolve } = Promise.withResolvers<unknown>();
      const wait = this.#simulation.wait(() => `clerk ${client}: ${showCall(request)}`, promise);
      resolve((async () => await run())());
      result = await wait;
    } catch (error) {
      if (this.#simulation.failure && error === this.#simulation.failure.error) throw error;
      this.check(thrownViolation(request, error));
    }
    const output = request.op === "put" ? undefined : result as string;
    // A wrong result belongs into the history as well, for whoever looks at it.
    this.#recorder.return(operation, typeof output === "string" ? output : undefined);
    this.check(resultViolation(request, result, this.#clerkRpcs(client) - rpcs));
    trace.record({ kind: "returned", client, output: output ?? null });
    // An operation that did not wait for its reply must not stop time.
    if (clock.now() === operation.callMs) await this.#simulation.sleep(0);
    return output ?? "";
  }

  /** Stops everything at once, and gives the globals back. */
  cleanup(): void {
    this.#network.cleanup();
    this.#simulation[Symbol.dispose]();
    if (current === this) current = undefined;
  }

  /** Stops everything, after what is still to be said.
   *
   * @throws {LabFailure} Something failed after the scenario had come to its end.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const { failure } = this.#simulation;
    await this.#simulation.settle();
    const lateFailure = this.#simulation.failure;
    this.cleanup();
    if (!failure && lateFailure) throw lateFailure.error;
    if (this.#saysMemory && !failure && this.#ended) await this.#sayMemory();
  }

  /** Says after a test that passed if its servers never free what they remember. */
  async #sayMemory(): Promise<void> {
    const { nservers, nreplicas } = this.#cluster;
    const size = `${nservers} ${nreplicas}`;
    const note = memoryNotes.get(size) ?? memoryNote({ nservers, nreplicas });
    memoryNotes.set(size, note);
    const line = await note;
    if (line !== undefined) this.#print(`  ... ${line}`);
  }

  #addServer(me: number): void {
    const { nservers, nreplicas } = this.#cluster;
    const peers = Array.from(this.#serverNumbers(), (i) => {
      return this.#makeEnd(`server ${me} to server ${i}`, i, true);
    });
    const cfg = { nservers, nreplicas, me, peers };
    const service = this.#construct("KVServer", () => {
      return new Service(makeKVServer(this.#modules.server(me), cfg));
    });
    const server = new Server();
    server.addService(service);
    this.#network.addServer(serverName(me), server);
  }

  /** Makes something of a student's class. */
  #construct<T>(name: string, make: () => T): T {
    try {
      return make();
    } catch (error) {
      const failure = new LabFailure(constructionViolation(name, error), this.#replayTarget());
      this.#simulation.fail(failure);
      this.cleanup();
      throw failure;
    }
  }

  #makeEnd(name: string, server: number, enabled: boolean): ClientEnd<KVServer> {
    const end = this.#network.makeEnd<KVServer>(name);
    this.#network.connect(name, serverName(server));
    this.#network.enable(name, enabled);
    return end;
  }

  #checkServer(server: number): void {
    const { nservers } = this.#cluster;
    if (Number.isInteger(server) && server >= 0 && server < nservers) return;
    throw new RangeError(`There is no server ${server}; expected one from 0 to ${nservers - 1}`);
  }

  /** Opens or cuts the links of all clerks to a server. */
  #enable(server: number, enabled: boolean): void {
    for (const ends of this.#clerks.values()) this.#network.enable(ends[server]!, enabled);
  }

  #serverNumbers(): Iterable<number> {
    return Array(this.#cluster.nservers).keys();
  }

  /** How many calls a clerk made. */
  #clerkRpcs(client: number): number {
    const ends = this.#clerks.get(client) ?? [];
    return ends.reduce((sum, end) => sum + this.#network.getEndCount(end), 0);
  }

  #explain(error: unknown): LabFailure {
    this.#ended ??= this.#summarize();
    if (error instanceof LabFailure) return error;
    return new LabFailure(explainError(error), this.#replayTarget());
  }

  #replayTarget(): ReplayTarget {
    return { name: this.name, origin: this.#origin, ...this.#run };
  }

  #summarize(): RunSummary {
    const { trace, clock } = this.#simulation;
    const rpcs = this.#network.getTotalCount();
    const { nservers } = this.#cluster;
    return { nservers, digest: trace.digest, events: trace.count, virtualMs: clock.now(), rpcs };
  }
}

// Whoever imports this file from a submission finds nothing to change.
Object.freeze(Config.prototype);
Object.freeze(Config);

/** Measures what servers keep of clerks that have gone on, in a run of its own.
 *
 * @returns What is to be said of it; `undefined` if all is well, or if the submission does
 * not get that far, which its tests say. */
async function memoryNote(size: ShardConfig): Promise<string | undefined> {
  const run = { seed: 1, clock: "virtual", network: "unreliable" } as const;
  const makeCluster: MakeCluster = () => {
    return new Config({ name: "memory", run }, { ...size, unreliable: false });
  };
  // What a student prints there is not of the test that they look at.
  using _silence = silence();
  try {
    if (!await keepsMuch(makeCluster, size.nservers)) return undefined;
    const retained = await measureRetained(makeCluster, size.nservers);
    const hint = retainedHint(retained);
    return hint && `${retainedLine(retained)}. ${hint}`;
  } catch {
    return undefined;
  }
}

/** Keeps the console quiet until it is disposed of. */
function silence(): Disposable {
  const methods = { ...console };
  for (const [name, method] of Object.entries(methods)) {
    if (typeof method === "function") Object.assign(console, { [name]() {} });
  }
  return { [Symbol.dispose]: () => void Object.assign(console, methods) };
}

function serverName(server: number): string {
  return `server ${server}`;
}

function checkCluster(options: ClusterOptions): ClusterOptions {
  const checked = ClusterOptions.safeParse(options);
  if (checked.success) return checked.data;
  const { path, message } = checked.error.issues[0]!;
  const problem = [...path.map(String), message].join(": ");
  throw new RangeError(`Cannot make a cluster of ${JSON.stringify(options)}: ${problem}`);
}

// The student's classes are looked up at run time, so that one that is missing is
// reported in the lab's words.
function studentClass(
  module: object,
  file: string,
  name: string,
): new (...args: unknown[]) => object {
  const found = (module as Record<string, unknown>)[name];
  if (typeof found === "function") return found as new (...args: unknown[]) => object;
  throw new SubmissionError(
    `${file} does not export a class "${name}"; add "export class ${name}"`,
  );
}

function makeKVServer(module: object, cfg: ServerConfig): object {
  const KVServer = studentClass(module, "server.ts", "KVServer");
  const { rpc } = KVServer as { rpc?: object };
  for (const op of OPERATIONS) {
    if (rpc === undefined || Object.hasOwn(rpc, op)) continue;
    throw new SubmissionError(`server.ts: KVServer.rpc has no entry "${op}"; add it`);
  }
  return new KVServer(cfg);
}

function makeClerk(
  module: object,
  servers: ClientEnd<KVServer>[],
  cfg: ShardConfig,
): StudentClerk {
  const Clerk = studentClass(module, "client.ts", "Clerk");
  const clerk = new Clerk(servers, cfg) as StudentClerk;
  for (const op of OPERATIONS) {
    if (typeof clerk[op] === "function") continue;
    throw new SubmissionError(`client.ts: Clerk has no method "${op}"; add it`);
  }
  return clerk;
}
