/**
 * Judges the operations of a schedule: by the only possible result if no operation overlaps, by the
 * servers that could be reached, and at the end by the whole history.
 *
 * @module
 */

import type { Config } from "../../config.ts";
import type { Operation } from "../../linearizability/mod.ts";
import { withCause } from "../../testing/cause.ts";
import type { Violation } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import {
  linearizabilityViolation,
  spreadViolation,
  valueViolation,
} from "../../testing/invariants.ts";
import { type Pending, pendingViolation } from "../../testing/pending.ts";
import { replicasOf } from "../../testing/requirements.ts";
import { isOperation, type Schedule } from "./schedule.ts";

/** An operation that has not returned. */
interface Open {
  readonly pending: Pending;
  /** The operation in the history: other ones may have an equal call. */
  readonly operation: Operation;
  /** True if another operation on the key, one of them a write, ran at the same time. */
  isConcurrent: boolean;
  /** True if a clerk reached a replica of the key at some time since the call. */
  isServed: boolean;
}

/** Judges one performance. */
export class Judge {
  readonly #cfg: Config;
  readonly #schedule: Schedule;
  readonly #found: { violation: Violation; operation?: Operation }[] = [];
  readonly #open = new Set<Open>();
  /** The value of each key; undefined if several are possible. */
  readonly #values = new Map<string, string | undefined>();
  readonly #down = new Set<number>();

  constructor(cfg: Config, schedule: Schedule) {
    this.#cfg = cfg;
    this.#schedule = schedule;
  }

  /** Returns true if something was violated. */
  get hasFailed(): boolean {
    return this.#found.length > 0;
  }

  /** Returns true if an operation has not returned although a clerk reaches a replica. */
  get isOneServed(): boolean {
    return this.#open.values().some(({ pending }) => this.#reaches(pending.request.key));
  }

  /** The servers that no clerk reaches. */
  get down(): ReadonlySet<number> {
    return this.#down;
  }

  /** Notes that a server stopped or started. */
  setServer(server: number, isUp: boolean): void {
    if (isUp) this.#down.delete(server);
    else this.#down.add(server);
    for (const open of this.#open) open.isServed ||= this.#reaches(open.pending.request.key);
  }

  /** Notes that an operation was just called.
   *
   * @returns The function to call with its result. */
  called(pending: Pending): (result: string) => void {
    const { op, key } = pending.request;
    const others = this.#open.values().filter((open) => open.pending.request.key === key).toArray();
    const isWrite = op !== "get" || others.some((open) => open.pending.request.op !== "get");
    const isConcurrent = others.length > 0 && isWrite;
    const operation = this.#cfg.history.operations.at(-1)!;
    const open: Open = { pending, operation, isConcurrent, isServed: this.#reaches(key) };
    if (isConcurrent) {
      this.#values.set(key, undefined);
      for (const other of others) other.isConcurrent = true;
    }
    this.#open.add(open);
    return (result) => this.#returned(open, result);
  }

  /** Notes that the open operations did not return in time. */
  timedOut(): void {
    for (const { pending, operation } of this.#open) {
      if (this.#reaches(pending.request.key)) this.#add(pendingViolation([], [pending]), operation);
    }
  }

  /** Judges the whole run.
   *
   * @returns One violation for each invariant that does not hold. */
  verdict(): Violation[] {
    const { history, messages } = this.#cfg;
    this.#add(linearizabilityViolation(history, messages));
    const told = this.#found.map(({ violation, operation }) => {
      return withCause(violation, history, messages, this.#schedule, operation);
    });
    const spread = this.#hasEvenKeys() ? spreadViolation(this.#cfg.requestCounts()) : undefined;
    const all = spread === undefined ? told : [...told, spread];
    if (this.#schedule.nservers > 1) return all;
    return all.map((violation) => ({ ...violation, isAlone: true }));
  }

  #returned(open: Open, result: string): void {
    this.#open.delete(open);
    const { pending: { request }, pending, operation, isConcurrent, isServed } = open;
    if (!isServed) this.#add(pendingViolation([pending], []), operation);
    if (isConcurrent) return;
    const { op, key, value } = request;
    const before = this.#values.has(key) ? this.#values.get(key) : "";
    if (op === "put") this.#values.set(key, value!);
    if (before === undefined) return;
    if (op === "append") this.#values.set(key, before + value!);
    const expected = op === "put" ? "" : before;
    this.#add(valueViolation(request, expected, result), operation);
    // Tests with replicas have a better hint for a write that one of them lacks.
    if (this.#schedule.nreplicas === 1) return;
    this.#add(valueViolation(request, expected, result, HINTS.replica), operation);
  }

  /** Returns true if a clerk reaches a replica of a key. */
  #reaches(key: string): boolean {
    const shard = Number(key) % this.#schedule.nservers;
    return replicasOf(shard, this.#schedule).some((server) => !this.#down.has(server));
  }

  /** Returns true if the schedule has as many operations on each shard: only then is an uneven
   * share wrong. */
  #hasEvenKeys(): boolean {
    const { isSpread = false, nservers, steps } = this.#schedule;
    const counts = Array<number>(nservers).fill(0);
    for (const { key } of steps.filter(isOperation)) counts[Number(key) % nservers]!++;
    return isSpread && counts.every((count) => count === counts[0]);
  }

  #add(violation: Violation | undefined, operation?: Operation): void {
    if (violation !== undefined) this.#found.push({ violation, ...operation && { operation } });
  }
}
