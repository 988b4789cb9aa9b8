/**
 * One run of one test: its simulation and its network, its history and its messages, and how
 * it fails. The servers and clerks are added by `config.ts`.
 *
 * @module
 */

import { Network, type Settle } from "../labrpc.ts";
import type { History } from "../linearizability/mod.ts";
import { type EndOfTurn, GLOBALS_LABEL, type Random, Simulation, StuckError } from "../sim/mod.ts";
import { resultViolation, thrownViolation } from "./explain.ts";
import { showCall, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import { HistoryRecorder, type Request } from "./history_recorder.ts";
import type { Machines } from "./machines.ts";
import { MessageLog } from "./message_log.ts";
import { clerkName, serverName } from "./names.ts";
import { type Conditions, RunFailures } from "./run_failures.ts";
import type { Run, RunHooks, RunSummary, TestHandle } from "./run_hooks.ts";
import { commandLineOptions, type RunOptions } from "./run_options.ts";
import { RunParts } from "./run_parts.ts";
import { foldTraceEvent, type TraceEvent } from "./trace_event.ts";

/** One run of one test; `await using` stops it. */
export abstract class TestRun implements Omit<Run, "makeClient" | "deleteClient">, AsyncDisposable {
  /** The name of the test. */
  readonly name: string;
  /** The requests of the run, for the hints of its failure. */
  readonly messages = new MessageLog();
  /** The numbers of the servers. */
  readonly servers: readonly number[];
  protected readonly simulation: Simulation<TraceEvent>;
  protected readonly network: Network;
  readonly #recorder = new HistoryRecorder(() => this.now());
  readonly #conditions: Conditions;
  readonly #failures: RunFailures;
  readonly #parts: RunParts;
  #ended: RunSummary | undefined;

  /** @param t The test that it is for.
   * @param conditions The size of the cluster, and whether its network loses messages.
   * @param machines Makes its servers and clerks.
   * @param files The texts of the student's files by their names, if they are known. */
  constructor(
    t: TestHandle,
    conditions: Conditions,
    machines: Machines,
    files: Readonly<Record<string, string>>,
  ) {
    const { name, origin, run = commandLineOptions(), hooks = {} } = t;
    this.name = name;
    this.servers = [...Array(conditions.nservers).keys()];
    this.#conditions = conditions;
    this.#parts = new RunParts(this, run, hooks.print);
    this.#failures = new RunFailures({ name, origin, ...run }, this, conditions, files);
    this.simulation = this.#simulate(run, hooks, machines);
    this.network = new Network(this.simulation, hooks.network);
    this.network.reliable(!conditions.unreliable);
    this.network.hostile(run.network === "hostile");
    const { clock, random } = this.simulation;
    const chance = random.child(GLOBALS_LABEL);
    machines.begin?.({ clock, random: chance, busyWait: () => this.simulation.busyWait() });
  }

  /** The class of which something is being made, if any. */
  protected abstract readonly made: string | undefined;

  /** Returns the number of calls that a clerk made so far. */
  protected abstract rpcsOf(client: number): number;

  /** The operations of all clerks so far. */
  get history(): History {
    return this.#recorder.history;
  }

  /** The summary of the run when it ended: with {@linkcode TestRun.end}, or by failing. */
  get summary(): RunSummary {
    return this.#ended ?? this.#summarize();
  }

  flaps(): { server: number; startMs: number; endMs: number }[] {
    return this.servers.flatMap((server) => {
      return this.network.flapsOf(serverName(server)).map((flap) => ({ server, ...flap }));
    });
  }

  now(): number {
    return this.simulation.clock.now();
  }

  async sleep(delayMs: number): Promise<void> {
    await this.simulation.sleep(delayMs);
  }

  random(label: string): Random {
    return this.simulation.random.child(`workload ${label}`);
  }

  /** Starts a part of a test and prints its title. */
  begin(title: string): void {
    this.#ended = undefined;
    this.#parts.begin(title);
  }

  /** Ends a part of a test. Its figures are printed when the run is disposed of, and only
   * if nothing failed until then.
   *
   * @throws {LabFailure} Something failed that nobody waited for.
   */
  end(): void {
    if (this.simulation.failure) throw this.simulation.failure.error;
    this.#ended = this.#summarize();
    this.#parts.end();
  }

  /** Fails the test if there is a violation.
   *
   * @throws {LabFailure} There is one.
   */
  check(violation: Violation | undefined): void {
    if (violation === undefined) return;
    this.simulation.fail(this.#failures.withCause(violation));
    throw this.simulation.failure!.error;
  }

  interrupt(how: EndOfTurn): void {
    this.simulation.stuck(how);
  }

  /** Returns the failure of a test that the runner ended: what failed before, if anything
   * did. */
  unfinished(): Error {
    const { failure, waiting } = this.simulation;
    if (failure) return failure.error as Error;
    const list = waiting.map((line) => `\n    ${line}`).join("") || " nobody";
    const what = `${this.name} did not finish in time, while these waited:${list}`;
    return this.#failures.of({ what, hint: HINTS.livelock });
  }

  cleanup(): void {
    this.network.cleanup();
    this.simulation[Symbol.dispose]();
  }

  /** Stops everything, after what failed late has come to light.
   *
   * @throws {LabFailure} Something failed after the scenario had come to its end.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const { failure } = this.simulation;
    await this.simulation.settle();
    const lateFailure = this.simulation.failure;
    this.cleanup();
    if (!failure && lateFailure) throw lateFailure.error;
    if (!lateFailure) this.#parts.printFigures();
  }

  /** Runs one operation of a clerk, records it in the history, and holds it to what can be said
   * of any operation at all: it asked a server, it returned the right type, it did not throw.
   *
   * @param client The number of the clerk.
   * @param start Starts the operation, and tells its outcome.
   * @returns What the operation returned, "" for a put.
   * @throws {LabFailure} The operation did what no operation may do.
   */
  protected async perform(
    client: number,
    request: Request,
    start: (settle: Settle) => void,
  ): Promise<string> {
    const { simulation } = this;
    const rpcs = this.rpcsOf(client);
    const { op, key, value = "" } = request;
    simulation.trace.record({ kind: "called", client, operation: op, key, value });
    const operation = this.#recorder.call(client, request);
    let result: unknown;
    try {
      // The wait comes first, so that an operation that never yields is named as well.
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const wait = simulation.wait(() => `${clerkName(client)}: ${showCall(request)}`, promise);
      start({ resolve, reject });
      result = await wait;
    } catch (error) {
      if (simulation.failure && error === simulation.failure.error) throw error;
      this.check(thrownViolation(request, error));
    }
    const output = op === "put" ? undefined : result as string;
    // A wrong result belongs in the history as well: a page and the checker read it later.
    this.#recorder.return(operation, typeof output === "string" ? output : undefined);
    this.check(resultViolation(request, result, this.rpcsOf(client) - rpcs));
    simulation.trace.record({ kind: "returned", client, output: output ?? null });
    // An operation that did not wait for its reply must not stop time.
    if (this.now() === operation.callMs) await simulation.sleep(0);
    return output ?? "";
  }

  /** Ends the run before its test has a config that it could clean up. */
  protected fail(violation: Violation): never {
    const failure = this.#failures.of(violation);
    this.simulation.fail(failure);
    this.cleanup();
    throw failure;
  }

  #simulate(
    run: RunOptions,
    { limits, listener, timers, failed }: RunHooks,
    machines: Machines,
  ): Simulation<TraceEvent> {
    return new Simulation<TraceEvent>({
      ...run,
      fold: foldTraceEvent,
      limits,
      timers,
      listener: (event, atMs, carried) => {
        this.messages.record(event, atMs, carried);
        listener?.(event, atMs, carried);
      },
      explain: (error) => {
        this.#ended ??= this.#summarize();
        const failure = this.#failures.explain(machines.adopt?.(error) ?? error, this.made);
        if (error instanceof StuckError) failed?.(failure);
        return failure;
      },
    });
  }

  #summarize(): RunSummary {
    const { nservers, nreplicas } = this.#conditions;
    const { digest, count: events } = this.simulation.trace;
    const rpcs = this.network.getTotalCount();
    return { nservers, nreplicas, digest, events, virtualMs: this.now(), rpcs };
  }
}
