/**
 * Finds the first step of a run after which its history was not linearizable.
 *
 * A history that is not linearizable stays so, whatever follows. So a binary search finds the step.
 *
 * @module
 */

import type { History, Operation } from "../../linearizability/mod.ts";
import { withCause } from "../../testing/cause.ts";
import type { Violation } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import { linearizabilityViolation } from "../../testing/invariants.ts";
import { MessageLog } from "../../testing/message_log.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";

interface Recorded {
  readonly event: TraceEvent;
  readonly atMs: number;
  readonly carried: string | undefined;
  readonly position: number;
}

/** Looks for the first violation of a run. */
export class FirstViolation {
  readonly #cluster: { nservers: number; nreplicas: number };
  readonly #events: Recorded[] = [];
  /** The places in the list of events at which operations were called and returned. */
  readonly #ends: number[] = [];

  /** @param cluster The cluster of the run. */
  constructor(cluster: { nservers: number; nreplicas: number }) {
    this.#cluster = cluster;
  }

  /** Records an event.
   *
   * @param position The number of its step. */
  record(event: TraceEvent, atMs: number, carried: unknown, position: number): void {
    const text = carried === undefined ? undefined : JSON.stringify(carried);
    this.#events.push({ event, atMs, carried: text, position });
    if (event.kind === "called" || event.kind === "returned") this.#ends.push(this.#events.length);
  }

  /** Finds it.
   *
   * @param history The history of the whole run.
   * @returns `undefined` if the history is linearizable, or nobody can tell. */
  find(history: History): { position: number; violation: Violation } | undefined {
    let high = this.#ends.length;
    let violation = this.#violationAfter(history, high);
    if (violation === undefined) return undefined;
    let low = 0;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const found = this.#violationAfter(history, middle);
      if (found === undefined) low = middle;
      else [high, violation] = [middle, found];
    }
    return { position: this.#events[this.#ends[high - 1]! - 1]!.position, violation };
  }

  /** Judges the history up to a number of calls and returns. */
  #violationAfter({ operations }: History, ends: number): Violation | undefined {
    const history: History = { model: "kv", operations: begun(operations, ends) };
    const messages = new MessageLog();
    for (const { event, atMs, carried } of this.#events.slice(0, this.#ends[ends - 1])) {
      messages.record(event, atMs, carried === undefined ? undefined : JSON.parse(carried));
    }
    const violation = linearizabilityViolation(history, messages);
    if (violation === undefined || violation.hint === HINTS.inconclusive) return undefined;
    const told = withCause(violation, history, messages, this.#cluster);
    return this.#cluster.nservers === 1 ? { ...told, isAlone: true } : told;
  }
}

/** Returns the operations as of a number of calls and returns. */
function begun(operations: readonly Operation[], ends: number): Operation[] {
  return operations.filter(({ call }) => call < ends).map((operation) => {
    if (operation.return !== null && operation.return < ends) return operation;
    const { output: _, ...open } = operation;
    return { ...open, return: null, returnMs: null };
  });
}
