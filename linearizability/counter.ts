/**
 * The model of a counter that starts at 0. Numbers are exact up to 2^53.
 *
 * @module
 */

import { describeCall } from "./call_text.ts";
import type { Access, Model, Timed } from "./model.ts";
import { seen } from "./seen.ts";

/** One operation of a counter. */
export type CounterOperation =
  & Timed
  & {
    /** The counter, if there are several. */
    readonly key?: string;
    /** The number that was found, by `add` before the addition. Absent if nobody saw it. */
    readonly output?: number;
  }
  & (
    | { readonly op: "read" }
    | { readonly op: "add"; readonly value: number }
  );

/** One counter. Keys are independent. */
export const counter: Model<CounterOperation, number> = {
  name: "counter",
  init: 0,

  step(state, operation) {
    const output = seen(operation);
    if (output !== undefined && output !== state) return undefined;
    return state + amountOf(operation);
  },

  isRead: (operation) => amountOf(operation) === 0,

  access(operation): Access<number> | undefined {
    const output = seen(operation);
    const amount = amountOf(operation);
    if (amount === 0) return { reads: output };
    return output === undefined ? undefined : { reads: output, writes: output + amount };
  },

  effect(operation) {
    return `${amountOf(operation)} ${seen(operation)} ${operation.return === null}`;
  },

  partition: ({ key }) => key ?? "",

  describe(operation) {
    return describeCall(operation, operation.op === "read" ? "read()" : `add(${operation.value})`);
  },
};

function amountOf(operation: CounterOperation): number {
  return operation.op === "add" ? operation.value : 0;
}
