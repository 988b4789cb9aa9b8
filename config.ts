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

import { endLoading } from "./testing/loading_guard.ts";
import "./testing/no_permissions.ts";
import { z } from "zod";
import { checkVersion } from "./cli/version.ts";
import * as clientModule from "./client.ts";
import clientText from "./client.ts" with { type: "text" };
import {
  type ClientEnd,
  Network,
  type NetworkOptions,
  Server,
  type Settle,
  type Transport,
} from "./labrpc.ts";
import type { History } from "./linearizability/mod.ts";
import type { KVServer } from "./server.ts";
import * as serverModule from "./server.ts";
import serverText from "./server.ts" with { type: "text" };
import {
  GLOBALS_LABEL,
  type Random,
  realNow,
  Simulation,
  type TimerListener,
  type TraceListener,
} from "./sim/mod.ts";
import { withCaller } from "./testing/caller.ts";
import { withCause } from "./testing/cause.ts";
import type { Cluster, TestClerk } from "./testing/cluster.ts";
import { endedViolation, startTiming } from "./testing/ended.ts";
import {
  constructionViolation,
  explainError,
  resultViolation,
  thrownViolation,
} from "./testing/explain.ts";
import {
  LabFailure,
  type ReplayTarget,
  showCall,
  type Violation,
} from "./testing/failure_report.ts";
import { tellRequirements } from "./testing/green_run.ts";
import { HINTS } from "./testing/hints.ts";
import { HistoryRecorder, type Request } from "./testing/history_recorder.ts";
import { clerkName, type Machines, serverName } from "./testing/machines.ts";
import { MessageLog } from "./testing/message_log.ts";
import { PlainMachines } from "./testing/plain_machines.ts";
import { eventMsMax, testMsMax } from "./testing/patience.ts";
import { parseRunOptions, type RunOptions } from "./testing/run_options.ts";
import { hasRunnerSeed, RUNNER_SEED_NOTE } from "./testing/runner_seed.ts";
import { submissionViolation } from "./testing/submission_check.ts";

endLoading();

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

declare module "./labrpc.ts" {
  interface RpcClasses {
    KVServer: typeof KVServer;
  }
}

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
  /** Sees the timers that the student's code sets. */
  timers?: TimerListener;
  /** Decides what chance would decide. */
  network?: NetworkOptions;
  /** How long one event may take, in real milliseconds. A limit makes the run slower. */
  eventMsMax?: number;
  /** Gets the config as soon as there is one. */
  started?(config: Config): void;
  /** Gets what the test says of itself, which otherwise goes to the console. */
  print?(line: string): void;
  /** Makes the servers and clerks; absent, they run in this realm. */
  machines?: Machines;
}

/** What a run came to: all of it is the same when it is run again. */
export interface RunSummary {
  /** How many servers there were. */
  nservers: number;
  /** How many of them held each shard. */
  nreplicas: number;
  /** The digest of everything that happened. */
  digest: string;
  /** How many events that was. */
  events: number;
  /** How long it took, in virtual milliseconds. */
  virtualMs: number;
  /** How many calls were made. */
  rpcs: number;
}

/** After so many tests that the runner had to end, the rest of them is not run: each would
 * cost as long again. */
const ENDED_TESTS_MAX = 2;

/** The options of this process, from behind the `--` of its command line. */
const runOptions: RunOptions = parseRunOptions(Deno.args);

/** The options that each of the seven tests is registered with. */
export const limits = timeoutOption(testMsMax(runOptions));

/** The options of a test. Older versions of Deno do not know the time limit: the compiler lets
 * it pass, so that the tests can say that the version is too old. */
type TestOptions = Omit<Deno.TestDefinition, "name" | "fn">;

function timeoutOption(timeout: number | undefined): TestOptions {
  const options: TestOptions & { timeout?: number } = timeout === undefined ? {} : { timeout };
  return options;
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

/** Makes a cluster of servers that hold one shard each, and copies of others.
 *
 * @param t The test that it is for.
 * @throws {RangeError} There is no such cluster.
 */
export function makeShardConfig(t: TestHandle, options: ClusterOptions): Config {
  return new Config(t, options);
}

const SHARED_MODULES = new PlainMachines({
  server: () => serverModule,
  client: () => clientModule,
});

/** The student's files by their names. */
const SUBMISSION = { "client.ts": clientText, "server.ts": serverText };

const NOT_RUN: Violation = {
  what: `Not run: ${ENDED_TESTS_MAX} tests before it had to be ended`,
  hint: HINTS.notRun,
};

/** What the student's files may not use. They do not change while tests run. */
let refused: { violation: Violation | undefined } | undefined;

/** The config whose test is running. */
let current: Config | undefined;

/** How many tests the runner had to end. */
let endedTests = 0;

/** Whether the runner has a seed of its own, which somebody meant for the tests. */
let saidRunnerSeed = false;

/** The tests of the command line that passed. */
const passedTests = new Set<string>();

/** Says which requirements of the assignment are met. Call this after the last test.
 *
 * @param tests How many tests there are: if fewer ran and passed, nothing is said.
 */
export async function endGreenRun(tests: number): Promise<void> {
  if (passedTests.size < tests) return;
  const run = { seed: runOptions.seed, clock: "virtual", network: "unreliable" } as const;
  await tellRequirements((size, listener) => {
    const hooks = { print() {}, ...listener && { listener } };
    return makeShardConfig({ name: "requirements", run, hooks }, { ...size, unreliable: false });
  });
}

// A test that the runner ended never reached the end of its "await using".
Deno.test.afterEach?.(() => {
  if (current === undefined) return;
  const error = current.unfinished();
  const isHeld = error instanceof LabFailure && error.violation.hint === HINTS.held;
  if (!isHeld) endedTests++;
  console.error(error.message);
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
  /** True if the command line says how to run the test: only then is its seed of interest. */
  readonly #usesCommandLine: boolean;
  readonly #machines: Machines;
  readonly #taken = startTiming();
  readonly #simulation: Simulation;
  readonly #network: Network;
  readonly #recorder: HistoryRecorder;
  readonly #stopped = new Set<number>();
  readonly #clerks = new Map<number, string[]>();
  #nextClerk = 0;
  #part = { startMs: 0, realStartMs: 0, rpcs: 0, operations: 0 };
  #ended: RunSummary | undefined;
  /** A line for each part that passed, unless something fails that is not known yet. */
  readonly #passed: string[] = [];

  constructor(t: TestHandle, options: ClusterOptions) {
    checkVersion();
    this.#cluster = checkCluster(options);
    this.name = t.name;
    this.#origin = t.origin;
    this.#run = t.run ?? runOptions;
    this.#usesCommandLine = t.run === undefined && this.#run.clock === "virtual";
    const { listener, network, started, print } = t.hooks ?? {};
    const machines: Machines = t.hooks?.machines ?? SHARED_MODULES;
    this.#print = print ?? ((line) => console.log(line));
    this.#machines = machines;
    this.#simulation = new Simulation({
      ...this.#run,
      eventMsMax: t.hooks?.eventMsMax ?? (endedTests > 0 ? eventMsMax(runOptions) : undefined),
      listener: (event, atMs, carried) => {
        this.messages.record(event, atMs, carried);
        listener?.(event, atMs, carried);
      },
      timers: t.hooks?.timers,
      explain: (error) => this.#explain(this.#machines.adopt?.(error) ?? error),
    });
    this.#recorder = new HistoryRecorder(() => this.#simulation.clock.now());
    this.#network = new Network(this.#simulation, network);
    this.#network.reliable(!options.unreliable);
    this.#network.hostile(this.#run.network === "hostile");
    current = this;
    const { clock, random } = this.#simulation;
    machines.begin?.({
      clock,
      random: random.child(GLOBALS_LABEL),
      busyWait: () => this.#simulation.busyWait(),
    });
    started?.(this);
    if (t.hooks?.machines === undefined) this.#refuse();
    if (endedTests >= ENDED_TESTS_MAX) this.#fail(NOT_RUN);
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
    if (this.#usesCommandLine && !saidRunnerSeed && hasRunnerSeed()) {
      this.#print(RUNNER_SEED_NOTE);
    }
    saidRunnerSeed = true;
    this.#print(`Test: ${title} ...`);
    this.#part = {
      startMs: this.now(),
      realStartMs: realNow(),
      rpcs: this.#network.getTotalCount(),
      operations: this.history.operations.length,
    };
  }

  /** Ends a part of a test. What it took is printed when the config is disposed of, and only
   * if nothing failed until then.
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
    this.#passed.push(`  ... Passed -- ${figures.join(", ")}`);
  }

  /** Makes a clerk that is connected to all servers. */
  makeClient(): TestClerk {
    const id = this.#nextClerk++;
    const ends = Array.from(this.#serverNumbers(), (i) => `${clerkName(id)} to ${serverName(i)}`);
    const links = ends.map((end, i) => this.#makeLink(end, i, !this.#stopped.has(i)));
    for (const end of ends) this.#network.flap(end, true);
    this.#clerks.set(id, ends);
    const { nservers, nreplicas } = this.#cluster;
    const clerk = this.#construct("Clerk", () => {
      return this.#machines.clerk(id, { nservers, nreplicas }, links);
    });
    const perform = (request: Request) => {
      return this.#perform(id, request, (settle) => clerk.start(request, settle));
    };
    return {
      id,
      get: (key) => perform({ op: "get", key }),
      put: async (key, value) => void await perform({ op: "put", key, value }),
      append: (key, value) => perform({ op: "append", key, value }),
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
    const told = withCause(violation, this.history, this.messages);
    this.#simulation.fail(this.#failureOf(told));
    throw this.#simulation.failure!.error;
  }

  /** What is to be said of a test that the runner had to end: what failed before, if
   * anything did. */
  unfinished(): Error {
    const { failure, waiting, busyMs } = this.#simulation;
    if (failure) return failure.error as Error;
    const { clock } = this.#run;
    const violation = endedViolation({ name: this.name, clock, waiting, busyMs, ...this.#taken() });
    return this.#failureOf(violation);
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
    return this.#perform(client, request, (settle) => {
      (async () => await run())().then(settle.resolve, settle.reject);
    });
  }

  async #perform(
    client: number,
    request: Request,
    start: (settle: Settle) => void,
  ): Promise<string> {
    const { trace, clock } = this.#simulation;
    const rpcs = this.#clerkRpcs(client);
    const { op, key, value = "" } = request;
    trace.record({ kind: "called", client, operation: op, key, value });
    const operation = this.#recorder.call(client, request);
    let result: unknown;
    try {
      // The wait comes first, so that an operation that never yields is named as well.
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const wait = this.#simulation.wait(() => `clerk ${client}: ${showCall(request)}`, promise);
      start({ resolve, reject });
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
    if (failure || lateFailure) return;
    if (this.#usesCommandLine && this.#passed.length > 0) passedTests.add(this.name);
    for (const line of this.#passed) this.#print(line);
  }

  /** Fails the test if the student's files use what grading refuses. */
  #refuse(): void {
    refused ??= {
      violation: submissionViolation(SUBMISSION),
    };
    const { violation } = refused;
    if (violation !== undefined) this.#fail(violation);
  }

  #addServer(me: number): void {
    const { nservers, nreplicas } = this.#cluster;
    const peers = Array.from(this.#serverNumbers(), (i) => {
      return this.#makeLink(`${serverName(me)} to ${serverName(i)}`, i, true);
    });
    const service = this.#construct("KVServer", () => {
      return this.#machines.server({ nservers, nreplicas, me }, peers);
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
      this.#fail(constructionViolation(name, error));
    }
  }

  /** Ends the run before its test has a config that it could clean up. */
  #fail(violation: Violation): never {
    const failure = this.#failureOf(violation);
    this.#simulation.fail(failure);
    this.cleanup();
    throw failure;
  }

  #makeLink(name: string, server: number, enabled: boolean): Transport {
    const link = this.#network.makeTransport(name);
    this.#network.connect(name, serverName(server));
    this.#network.enable(name, enabled);
    return link;
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
    const told = withCause(explainError(error), this.history, this.messages);
    return this.#failureOf(told);
  }

  #failureOf(violation: Violation): LabFailure {
    // Files of other machines are not known here.
    const files = this.#machines === SHARED_MODULES ? SUBMISSION : {};
    const told = withCaller(violation, this.messages, files);
    if (!this.#cluster.unreliable) told.isReliable = true;
    return new LabFailure(told, this.#replayTarget());
  }

  #replayTarget(): ReplayTarget {
    return { name: this.name, origin: this.#origin, ...this.#run };
  }

  #summarize(): RunSummary {
    const { trace, clock } = this.#simulation;
    const rpcs = this.#network.getTotalCount();
    const { nservers, nreplicas } = this.#cluster;
    const { digest, count: events } = trace;
    return { nservers, nreplicas, digest, events, virtualMs: clock.now(), rpcs };
  }
}

// Whoever imports this file from a submission finds nothing to change.
Object.freeze(Config.prototype);
Object.freeze(Config);

function checkCluster(options: ClusterOptions): ClusterOptions {
  const checked = ClusterOptions.safeParse(options);
  if (checked.success) return checked.data;
  const { path, message } = checked.error.issues[0]!;
  const problem = [...path.map(String), message].join(": ");
  throw new RangeError(`Cannot make a cluster of ${JSON.stringify(options)}: ${problem}`);
}
