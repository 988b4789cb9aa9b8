/**
 * One run of one test: its simulation, network, history and messages, its output and its failure.
 * `config.ts` adds the servers and clerks.
 *
 * @module
 */

import { Network, type Settle } from "../labrpc.ts";
import { cutMiddle, type History, type Operation } from "../linearizability/mod.ts";
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
  summary,
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

/** The number of characters that the trace keeps of an error. */
const ERROR_LENGTH_MAX = 200;

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

/** One run of one test; `await using` stops it. */
export abstract class TestRun implements AsyncDisposable {
  /** The name of the test. */
  readonly name: string;
  /** The requests of the run, to find the cause of a failure. */
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
  /** The number of calls and returns so far, which orders them: some happen at the same virtual
   * time. */
  #order = 0;
  /** The class of which an instance is being made, if any. */
  #made: string | undefined;
  readonly #startMs = realNow();
  /** The line to print at the end if nothing fails until then. */
  #figures: string | undefined;
  #ended: RunSummary | undefined;

  /** @param t The test.
   * @param machines Makes the servers and clerks.
   * @param files The text of each of the student's files, if known. */
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

  /** The operations of all clerks so far, including those that have not returned. */
  get history(): History {
    return { model: "kv", operations: this.#operations };
  }

  /** The summary of the run, as of {@linkcode TestRun.end} or its failure once it has ended. */
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

  /** Prints the title of the test. */
  begin(title: string): void {
    this.#print(`Test: ${title} ...`);
  }

  /** Ends the test. Its figures are printed when the run is disposed of, unless something fails
   * until then.
   *
   * @throws {LabFailure} Something failed that the test did not await. */
  end(): void {
    if (this.simulation.failure) throw this.simulation.failure.error;
    const { digest, rpcs, virtualMs } = this.#ended = this.#summarize();
    const { seed, clock } = this.#target;
    const figures = [
      `${(virtualMs / 1000).toFixed(2)} s virtual`,
      `${((realNow() - this.#startMs) / 1000).toFixed(2)} s real`,
      `${rpcs} RPCs`,
      `${this.#operations.length} ops`,
      `seed ${seed}`,
      ...clock === "virtual" ? [`digest ${digest}`] : [],
    ];
    this.#figures = `  ... Passed -- ${figures.join(", ")}`;
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

  /** Returns the failure of a test that the runner ended: an earlier failure, if there is one. */
  unfinished(): Error {
    const { failure, waiting } = this.simulation;
    if (failure) return failure.error as Error;
    const list = waiting.map((line) => `\n    ${line}`).join("") || " none";
    const what = `${this.name} did not finish in time; these operations waited:${list}`;
    return this.#failure({ what, hint: HINTS.livelock });
  }

  cleanup(): void {
    this.network.cleanup();
    this.simulation[Symbol.dispose]();
  }

  /** Stops everything, after late failures have been reported.
   *
   * @throws {LabFailure} Something failed after the scenario ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { failure } = this.simulation;
    await this.simulation.settle();
    const lateFailure = this.simulation.failure;
    this.cleanup();
    if (!failure && lateFailure) throw lateFailure.error;
    if (!lateFailure && this.#figures !== undefined) this.#print(this.#figures);
  }

  /** Runs one operation of a clerk, records it in the history, and checks what must hold for any
   * operation: it asks a server, returns the right type, and does not throw.
   *
   * @param client The number of the clerk.
   * @param start Starts the operation, and settles with its outcome.
   * @returns The result of the operation, "" for a put.
   * @throws {LabFailure} The operation broke one of these rules. */
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
    // Spreading the request would cost more than everything else here.
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
      // The wait comes first, so that a report names an operation that never yields.
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const wait = simulation.wait(() => `${clerkName(client)}: ${showCall(request)}`, promise);
      start({ resolve, reject });
      result = await wait;
    } catch (error) {
      if (simulation.failure && error === simulation.failure.error) throw error;
      this.#checkEnd(thrownViolation(request, error), {
        kind: "threw",
        client,
        error: cutMiddle(summary(error), ERROR_LENGTH_MAX),
      });
    }
    const output = op === "put" ? undefined : result as string;
    // The history also records a wrong result, for the page and the checker.
    operation.return = this.#order++;
    operation.returnMs = this.now();
    if (typeof output === "string") operation.output = output;
    this.#checkEnd(resultViolation(request, result, this.rpcsOf(client) - rpcs), {
      kind: "returned",
      client,
      output: typeof output === "string" ? output : null,
    });
    // An operation that did not wait for its reply must not stop time.
    if (this.now() === callMs) await simulation.sleep(0);
    return output ?? "";
  }

  /** Records the end of an operation even if it fails the run, since stories and pages show it. The
   * search for the cause looks only at what came before, so the event comes after it.
   *
   * @throws {LabFailure} There is a violation. */
  #checkEnd(violation: Violation | undefined, event: TraceEvent): void {
    try {
      this.check(violation);
    } finally {
      this.simulation.trace.record(event);
    }
  }

  /** Makes a machine. An error ends the run, because the test has no config yet to clean up.
   *
   * @param name The name of its class.
   * @throws {LabFailure} The machine cannot be made. */
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

  /** Ends the run immediately.
   *
   * @throws {LabFailure} Always. */
  protected fail(violation: Violation): never {
    const failure = this.#failure(violation);
    this.simulation.fail(failure);
    this.cleanup();
    throw failure;
  }

  /** Returns the failure of a violation, with the cause that the messages of the run show. */
  #causedFailure(violation: Violation): LabFailure {
    return this.#failure(withCause(violation, this.history, this.messages, this.#options));
  }

  #failure(violation: Violation): LabFailure {
    const told = withCaller(violation, this.#files);
    if (!this.#options.unreliable) told.isReliable = true;
    if (this.#options.nservers === 1) told.isAlone = true;
    return new LabFailure(told, this.#target);
  }

  #summarize(): RunSummary {
    const { nservers, nreplicas } = this.#options;
    const { digest, count: events } = this.simulation.trace;
    const rpcs = this.network.getTotalCount();
    return { nservers, nreplicas, digest, events, virtualMs: this.now(), rpcs };
  }
}
