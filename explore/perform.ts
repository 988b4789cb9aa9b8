/**
 * Performs a script on the student's classes, and judges what came of it by the same
 * invariants as the tests.
 *
 * @module
 */

import { type Config, makeShardConfig, type RunHooks } from "../config.ts";
import type { DrawnCall } from "../labrpc.ts";
import type { Operation } from "../linearizability/mod.ts";
import type { Fate, Passage } from "../sim/mod.ts";
import type { TestClerk } from "../testing/cluster.ts";
import { LabFailure, type Violation } from "../testing/failure_report.ts";
import {
  linearizabilityViolation,
  spreadViolation,
  valueViolation,
} from "../testing/invariants.ts";
import { HINTS } from "../testing/hints.ts";
import {
  type Pending,
  pendingViolation,
  startAppend,
  startGet,
  startPut,
  waitFor,
} from "../testing/pending.ts";
import { withCause } from "../testing/cause.ts";
import type { Fault, Scene, Script, ScriptedOperation } from "./script.ts";

/** What came of a script. */
export interface Performance {
  /** What does not hold, each invariant by itself; empty if all is well. */
  readonly violations: readonly Violation[];
  readonly operations: readonly Operation[];
}

/** How long an operation that can be served may take. */
const SERVED_WITHIN_MS = 5000;
/** How long an operation that cannot be served is looked at. */
const WAITING_MS = 2000;

const TRANSIT_MS = 0.5;
const SLOW_MS = 26;
const UNREACHABLE_MS = 50;
/** What happens to the second copy of a request: it arrives after the next request of
 * the same clerk did, and before the one after that. */
const REPEATED: Passage = {
  requestDelayMs: 3.4 * TRANSIT_MS,
  requestDropped: false,
  replyDelayMs: TRANSIT_MS,
  replyDropped: false,
};

/** Performs a script once. What it prints is the student's own.
 *
 * @param hooks What else is wanted of the run.
 */
export async function perform(script: Script, hooks: RunHooks = {}): Promise<Performance> {
  const run = new Performer(script);
  try {
    await using cfg = makeShardConfig({
      name: "script",
      run: { seed: script.seed ?? 1, clock: "virtual", network: "unreliable" },
      hooks: { ...hooks, network: { fates: (call) => run.decide(call) } },
    }, { nservers: script.nservers, nreplicas: script.nreplicas, unreliable: true });
    await run.play(cfg);
  } catch (error) {
    if (!(error instanceof LabFailure)) throw error;
    run.violations.push(error.violation);
  }
  return { violations: run.violations, operations: run.operations };
}

/** An operation under way. */
interface UnderWay {
  readonly operation: ScriptedOperation;
  /** How many requests the clerk made for it. */
  requests: number;
}

class Performer {
  violations: Violation[] = [];
  operations: readonly Operation[] = [];
  readonly #script: Script;
  readonly #down = new Set<number>();
  readonly #underWay: UnderWay[] = [];
  /** What each key holds, where only one order is possible. */
  readonly #values = new Map<string, string | undefined>();

  constructor(script: Script) {
    this.#script = script;
  }

  /** What happens to a request. */
  decide({ end, index, drawn }: DrawnCall): Fate {
    const [, clerk] = end.match(/^clerk (\d+)/) ?? [];
    const underWay = clerk === undefined ? undefined : this.#underWay[Number(clerk)];
    const fault = clerk === undefined
      ? this.#forwardFault(end, index)
      : underWay?.operation.faults?.[underWay.requests++];
    return {
      ...drawn,
      requestDelayMs: fault === "request slow" ? SLOW_MS : TRANSIT_MS,
      requestDropped: fault === "request lost",
      replyDelayMs: TRANSIT_MS,
      replyDropped: fault === "reply lost",
      copy: fault === "request repeated" ? REPEATED : undefined,
      unreachableAfterMs: UNREACHABLE_MS,
    };
  }

  #forwardFault(end: string, index: number): Fault | undefined {
    return this.#script.forwardFaults?.find((forward) => {
      return end === `server ${forward.from} to server ${forward.to}` && forward.index === index;
    })?.fault;
  }

  async play(cfg: Config): Promise<void> {
    const { scenes } = this.#script;
    const count = Math.max(...scenes.map(({ clerks }) => clerks.length));
    const clerks = Array.from({ length: count }, () => cfg.makeClient());
    this.operations = cfg.history.operations;
    const waiting: Pending[] = [];
    for (const scene of scenes) {
      for (const server of scene.start ?? []) {
        this.#down.delete(server);
        cfg.startServer(server);
      }
      if (!await this.#playScene(cfg, clerks, scene, waiting)) break;
    }
    if (this.violations.length === 0 && waiting.length > 0) await this.#release(cfg, waiting);
    const order = linearizabilityViolation(cfg.history, cfg.messages);
    if (order !== undefined) this.violations.push(order);
    this.violations = this.violations.map((violation) => {
      return withCause(violation, cfg.history, cfg.messages);
    });
    const spread = this.#hasEvenKeys() ? spreadViolation(cfg.requestCounts()) : undefined;
    if (spread !== undefined) this.violations.push(spread);
  }

  /** Returns true if the script asks for the same number of operations on each shard:
   * only then is an uneven share wrong. */
  #hasEvenKeys(): boolean {
    const { isSpread = false, nservers, scenes } = this.#script;
    const counts = Array<number>(nservers).fill(0);
    for (const { key } of scenes.flatMap(({ clerks }) => clerks.flat())) {
      counts[Number(key) % nservers]!++;
    }
    return isSpread && counts.every((count) => count === counts[0]);
  }

  /** @returns Whether to go on. */
  async #playScene(
    cfg: Config,
    clerks: readonly TestClerk[],
    scene: Scene,
    waiting: Pending[],
  ): Promise<boolean> {
    const outage = this.#stop(cfg, scene);
    outage.catch(() => {});
    const busy = scene.clerks.filter((operations) => operations.length > 0).length;
    const programs = scene.clerks.map(async (operations, i) => {
      for (const operation of operations) {
        if (operation.afterMs !== undefined) await cfg.sleep(operation.afterMs);
        const pending = this.#call(clerks[i]!, i, operation);
        const isServed = this.#isServed(operation.key);
        // Where there is one server only, nothing but its mistakes keeps it from answering,
        // and the simulation finds out.
        if (this.#script.nservers === 1) await pending.result;
        else await waitFor(cfg, pending, isServed ? SERVED_WITHIN_MS : WAITING_MS);
        const violation = isServed
          ? pendingViolation([], [pending])
          : pendingViolation([pending], []);
        if (violation !== undefined) this.violations.push(violation);
        if (!pending.completed) return void waiting.push(pending);
        this.#expect(pending, await pending.result, busy > 1);
        if (this.violations.length > 0) return;
      }
    });
    await Promise.all(programs);
    return this.violations.length === 0 && waiting.length === 0;
  }

  /** Takes the servers down that a scene says, and up again. */
  async #stop(cfg: Config, { stop = [], stopAfterMs, stopMs }: Scene): Promise<void> {
    // Whoever is back soon serves every operation that takes long enough.
    if (stopMs === undefined) { for (const server of stop) this.#down.add(server); }
    if (stopAfterMs !== undefined) await cfg.sleep(stopAfterMs);
    for (const server of stop) cfg.stopServer(server);
    if (stopMs === undefined) return;
    await cfg.sleep(stopMs);
    for (const server of stop) cfg.startServer(server);
  }

  #call(clerk: TestClerk, number: number, operation: ScriptedOperation): Pending {
    this.#underWay[number] = { operation, requests: 0 };
    const { op, key, value } = operation;
    if (op === "get") return startGet(clerk, key);
    return op === "put" ? startPut(clerk, key, value!) : startAppend(clerk, key, value!);
  }

  /** Whether a clerk reaches a replica of a key. */
  #isServed(key: string): boolean {
    const { nservers, nreplicas } = this.#script;
    const first = Number(key) % nservers;
    return Array.from({ length: nreplicas }, (_, i) => (first + i) % nservers)
      .some((server) => !this.#down.has(server));
  }

  /** Compares a result with the only one that is possible, where there is only one. */
  #expect({ request }: Pending, result: string, isConcurrent: boolean): void {
    const { op, key, value } = request;
    if (isConcurrent) this.#values.set(key, undefined);
    const before = this.#values.has(key) ? this.#values.get(key) : "";
    if (before === undefined) return;
    const expected = op === "put" ? "" : before;
    // Tests with replicas have a better hint for what one of them does not know.
    for (const hint of this.#script.nreplicas > 1 ? [undefined, HINTS.replica] : [undefined]) {
      const violation = valueViolation(request, expected, result, hint);
      if (violation !== undefined) this.violations.push(violation);
    }
    if (op !== "get") this.#values.set(key, op === "put" ? value! : before + value);
  }

  /** Starts all servers, after which whatever had to wait completes. */
  async #release(cfg: Config, waiting: readonly Pending[]): Promise<void> {
    for (const server of this.#down) cfg.startServer(server);
    this.#down.clear();
    for (const pending of waiting) {
      await waitFor(cfg, pending, SERVED_WITHIN_MS);
      const violation = pendingViolation([], [pending]);
      if (violation !== undefined) return void this.violations.push(violation);
      this.#expect(pending, await pending.result, waiting.length > 1);
    }
  }
}
