/**
 * Records the history of a run.
 *
 * Calls and returns are ordered by a counter, not by the clock: in one thread
 * that order is exact, and two events at the same virtual time stay apart.
 *
 * @module
 */

import type { History, Operation } from "../linearizability/mod.ts";

/** An operation that a clerk is asked for. */
export type Request = Pick<Operation, "op" | "key" | "value">;

/** Records operations as they are called and as they return. */
export class HistoryRecorder {
  readonly #operations: Operation[] = [];
  readonly #now: () => number;
  #clock = 0;

  /** @param now Tells the time in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** All operations so far, also those that have not returned. */
  get history(): History {
    return { model: "kv", operations: this.#operations };
  }

  /** Records a call. */
  call(client: number, { op, key, value }: Request): Operation {
    // Not by spreading the request, which costs more than all the rest.
    const operation: { -readonly [Field in keyof Operation]: Operation[Field] } = {
      client,
      op,
      key,
      call: this.#clock++,
      return: null,
      callMs: this.#now(),
      returnMs: null,
    };
    if (value !== undefined) operation.value = value;
    this.#operations.push(operation);
    return operation;
  }

  /** Records the return of an operation.
   *
   * @param output What it returned; absent for a put.
   */
  return(operation: Operation, output?: string): void {
    operation.return = this.#clock++;
    operation.returnMs = this.#now();
    if (output !== undefined) operation.output = output;
  }
}
