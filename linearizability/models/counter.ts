/**
 * The model of a counter that starts at 0. Numbers are exact up to 2^53.
 *
 * @module
 */

import { type Access, type Model, resultOf, type Timed } from "../model.ts";
import { describeCall } from "./describe_call.ts";

/** One operation of a counter. */
export type CounterOperation =
  & Timed
  & {
    /** The counter, if there are several. */
    readonly key?: string;
    /** The number that was found, by `add` before the addition. Absent if unknown. */
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
    const output = resultOf(operation);
    if (output !== undefined && output !== state) return undefined;
    return state + amountOf(operation);
  },

  isRead: (operation) => amountOf(operation) === 0,

  access(operation): Access<number> | undefined {
    const output = resultOf(operation);
    const amount = amountOf(operation);
    if (amount === 0) return { reads: output };
    return output === undefined ? undefined : { reads: output, writes: output + amount };
  },

  effect(operation) {
    return `${amountOf(operation)} ${resultOf(operation)} ${operation.return === null}`;
  },

  partition: ({ key }) => key ?? "",

  describe(operation) {
    return describeCall(operation, operation.op === "read" ? "read()" : `add(${operation.value})`);
  },
};

function amountOf(operation: CounterOperation): number {
  return operation.op === "add" ? operation.value : 0;
}
