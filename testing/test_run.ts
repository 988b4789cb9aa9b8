/**
 * One run of one test: its simulation and its network, its history and its messages, what it
 * prints, and how it fails. The servers and clerks are added by `config.ts`.
 *
 * @module
 */

import { Network, type Settle } from "../labrpc.ts";
import type { History, Operation } from "../linearizability/mod.ts";
import {
  type EndOfTurn,
  GLOBALS_LABEL,
  type Random,
  realNow,
  Simulation,
  StuckError,
} from "../sim/mod.ts";
import { withCaller, withCause } from "./cause.ts";
import type { Request } from "./cluster.ts";
import {
  constructionViolation,
  explainError,
  resultViolation,
  thrownViolation,
} from "./explain.ts";
import { LabFailure, type ReplayTarget, showCall, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { ClusterOptions, Machines } from "./machines.ts";
import { MessageLog } from "./message_log.ts";
import { clerkName } from "./names.ts";
import type { RunSummary, TestHandle } from "./run_hooks.ts";
import { commandLineOptions } from "./run_options.ts";
import { foldTraceEvent, type TraceEvent } from "./trace_event.ts";

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

/** One run of one test; `await using` stops it. */
export abstract class TestRun implements AsyncDisposable {
  /** The name of the test. */
  readonly name: string;
  /** The requests of the run, for the hints of its failure. */
  readonly messages = new MessageLog();
  /** The numbers of the servers. */
  readonly servers: readonly number[];
  protected readonly simulation: Simulation<TraceEvent>;
  protected readonly network: Network;
  readonly #options: ClusterOptions;
  readonly #files: Readonly<Record<string, string>>;
  readonly #target: ReplayTarget;
  readonly #print: (line: string) => void;
  readonly #operations: Operation[] = [];
  /** The number of calls and returns so far. They are ordered by it, and not by the clock: two
   * of them at the same virtual time stay apart. */
  #order = 0;
  /** The class of which something is being made, if any. */
  #made: string | undefined;
  /** The counts when the part began. */
  #start = [0, realNow(), 0, 0];
  /** The figures of the parts that have ended. */
  readonly #figures: string[] = [];
  #ended: RunSummary | undefined;

  /** @param t The test that it is for.
   * @param machines Makes its servers and clerks.
   * @param files The texts of the student's files by their names, if they are known. */
  constructor(
    t: TestHandle,
    options: ClusterOptions,
    machines: Machines,
    files: Readonly<Record<string, string>>,
  ) {
    const { name, origin, run = commandLineOptions(), hooks = {} } = t;
    this.name = name;
    this.servers = [...Array(options.nservers).keys()];
    this.#options = options;
    this.#files = files;
    this.#target = { name, origin, ...run };
    this.#print = hooks.print ?? ((line) => console.log(line));
    this.simulation = new Simulation<TraceEvent>({
      ...run,
      fold: foldTraceEvent,
      limits: hooks.limits,
      timers: hooks.timers,
      listener: (event, atMs, carried) => {
        this.messages.record(event, atMs, carried);
        hooks.listener?.(event, atMs, carried);
      },
      explain: (error) => {
        this.#ended ??= this.#summarize();
        if (error instanceof LabFailure) return error;
        const adopted = machines.adopt?.(error) ?? error;
        const failure = this.#causedFailure(explainError(adopted, this.#made));
        if (error instanceof StuckError) hooks.failed?.(failure);
        return failure;
      },
    });
    this.network = new Network(this.simulation, hooks.network);
    this.network.reliable(!options.unreliable);
    this.network.hostile(run.network === "hostile");
    const { clock, random } = this.simulation;
    const chance = random.child(GLOBALS_LABEL);
    machines.begin?.({ clock, random: chance, busyWait: () => this.simulation.busyWait() });
  }

  /** Returns the number of calls that a clerk made so far. */
  protected abstract rpcsOf(client: number): number;

  /** The operations of all clerks so far, also those that have not returned. */
  get history(): History {
    return { model: "kv", operations: this.#operations };
  }

  /** The summary of the run when it ended: with {@linkcode TestRun.end}, or by failing. */
  get summary(): RunSummary {
    return this.#ended ?? this.#summarize();
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

  forget(): void {
    this.#operations.length = 0;
    this.messages.clear();
  }

  /** Starts a part of a test, and prints its title. */
  begin(title: string): void {
    this.#ended = undefined;
    this.#print(`Test: ${title} ...`);
    this.#start = this.#counts();
  }

  /** Ends a part of a test. Its figures are printed when the run is disposed of, and only
   * if nothing failed until then.
   *
   * @throws {LabFailure} Something failed that nobody waited for. */
  end(): void {
    if (this.simulation.failure) throw this.simulation.failure.error;
    this.#ended = this.#summarize();
    const counts = this.#counts().map((count, i) => count - this.#start[i]!);
    const [virtualMs, realMs, rpcs, operations] = counts as [number, number, number, number];
    const { seed, clock } = this.#target;
    const figures = [
      `${(virtualMs / 1000).toFixed(2)} s virtual`,
      `${(realMs / 1000).toFixed(2)} s real`,
      `${rpcs} RPCs`,
      `${operations} ops`,
      `seed ${seed}`,
      ...clock === "virtual" ? [`digest ${this.#ended.digest}`] : [],
    ];
    this.#figures.push(`  ... Passed -- ${figures.join(", ")}`);
  }

  /** Fails the test if there is a violation.
   *
   * @throws {LabFailure} There is one. */
  check(violation: Violation | undefined): void {
    if (violation === undefined) return;
    this.simulation.fail(this.#causedFailure(violation));
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
    return this.#failure({ what, hint: HINTS.livelock });
  }

  cleanup(): void {
    this.network.cleanup();
    this.simulation[Symbol.dispose]();
  }

  /** Stops everything, after what failed late has come to light.
   *
   * @throws {LabFailure} Something failed after the scenario had come to its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { failure } = this.simulation;
    await this.simulation.settle();
    const lateFailure = this.simulation.failure;
    this.cleanup();
    if (!failure && lateFailure) throw lateFailure.error;
    if (!lateFailure) this.#figures.forEach((line) => this.#print(line));
  }

  /** Runs one operation of a clerk, records it in the history, and holds it to what can be said
   * of any operation at all: it asked a server, it returned the right type, it did not throw.
   *
   * @param client The number of the clerk.
   * @param start Starts the operation, and tells its outcome.
   * @returns What the operation returned, "" for a put.
   * @throws {LabFailure} The operation did what no operation may do. */
  protected async perform(
    client: number,
    request: Request,
    start: (settle: Settle) => void,
  ): Promise<string> {
    const { simulation } = this;
    const rpcs = this.rpcsOf(client);
    const { op, key, value } = request;
    const callMs = this.now();
    simulation.trace.record({ kind: "called", client, operation: op, key, value: value ?? "" });
    // Spreading the request would cost more than all the rest.
    const operation: Mutable<Operation> = {
      client,
      op,
      key,
      call: this.#order++,
      return: null,
      callMs,
      returnMs: null,
    };
    if (value !== undefined) operation.value = value;
    this.#operations.push(operation);
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
    operation.return = this.#order++;
    operation.returnMs = this.now();
    if (typeof output === "string") operation.output = output;
    this.check(resultViolation(request, result, this.rpcsOf(client) - rpcs));
    simulation.trace.record({ kind: "returned", client, output: output ?? null });
    // An operation that did not wait for its reply must not stop time.
    if (this.now() === callMs) await simulation.sleep(0);
    return output ?? "";
  }

  /** Makes a machine. If that throws, it ends the run, whose test has no config yet that it
   * could clean up.
   *
   * @param name The name of its class.
   * @throws {LabFailure} It cannot be made. */
  protected make<T>(name: string, make: () => T): T {
    this.#made = name;
    try {
      return make();
    } catch (error) {
      this.fail(constructionViolation(name, error));
    } finally {
      // A loop that is ended from outside does not get here.
      this.#made = undefined;
    }
  }

  /** Ends the run at once.
   *
   * @throws {LabFailure} Always. */
  protected fail(violation: Violation): never {
    const failure = this.#failure(violation);
    this.simulation.fail(failure);
    this.cleanup();
    throw failure;
  }

  /** Returns the failure of a violation that the messages of the run may explain. */
  #causedFailure(violation: Violation): LabFailure {
    return this.#failure(withCause(violation, this.history, this.messages, this.#options));
  }

  #failure(violation: Violation): LabFailure {
    const told = withCaller(violation, this.#files);
    if (!this.#options.unreliable) told.isReliable = true;
    if (this.#options.nservers === 1) told.isAlone = true;
    return new LabFailure(told, this.#target);
  }

  /** Returns the virtual and the real milliseconds, the calls and the operations so far. */
  #counts(): number[] {
    const { virtualMs, rpcs } = this.summary;
    return [virtualMs, realNow(), rpcs, this.#operations.length];
  }

  #summarize(): RunSummary {
    const { nservers, nreplicas } = this.#options;
    const { digest, count: events } = this.simulation.trace;
    const rpcs = this.network.getTotalCount();
    return { nservers, nreplicas, digest, events, virtualMs: this.now(), rpcs };
  }
}
