/**
 * Finds the first step of a run after which its history was not linearizable.
 *
 * A history stays so once it is, whatever comes later. So the step is found by halving.
 *
 * @module
 */

import type { History, Operation } from "../../linearizability/mod.ts";
import type { TraceEvent } from "../../sim/mod.ts";
import { withCause } from "../../testing/cause.ts";
import type { Violation } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import { linearizabilityViolation } from "../../testing/invariants.ts";
import { MessageLog } from "../../testing/message_log.ts";
import { isUndecided } from "../undecided.ts";

interface Recorded {
  readonly event: TraceEvent;
  readonly atMs: number;
  readonly carried: string | undefined;
  readonly position: number;
}

/** Looks for the first violation of a run. */
export class FirstViolation {
  readonly #events: Recorded[] = [];
  /** The places in the list of events at which operations were called and returned. */
  readonly #ends: number[] = [];
  readonly #underWay = new Set<string>();

  /** Takes an event in.
   *
   * @param position The number of its step. */
  record(event: TraceEvent, atMs: number, carried: unknown, position: number): void {
    const text = carried === undefined ? undefined : JSON.stringify(carried);
    this.#events.push({ event, atMs, carried: text, position });
    if (event.kind === "called" || event.kind === "returned") this.#ends.push(this.#events.length);
    this.#follow(event);
  }

  /** True if nothing is on its way, and no operation is under way. */
  get isQuiet(): boolean {
    return this.#underWay.size === 0;
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
    return withCause(violation, history, messages);
  }

  #follow(event: TraceEvent): void {
    const message = "message" in event ? event.message : undefined;
    switch (event.kind) {
      case "called":
        return void this.#underWay.add(`clerk ${event.client}`);
      case "returned":
        return void this.#underWay.delete(`clerk ${event.client}`);
      case "sent":
      case "copied":
        return void this.#underWay.add(`message ${message}`);
      case "received":
      case "dropped":
        return void this.#underWay.delete(`message ${message}`);
    }
  }
}

/** The operations as they stood after a number of calls and returns. */
function begun(operations: readonly Operation[], ends: number): Operation[] {
  return operations.filter(({ call }) => call < ends).map((operation) => {
    if (operation.return !== null && operation.return < ends) return operation;
    const { output: _, ...open } = operation;
    return { ...open, return: null, returnMs: null };
  });
}
