/**
 * The model of a first-in, first-out queue without bound.
 *
 * @module
 */

import { type Model, resultOf, type Timed } from "../model.ts";
import { describeCall } from "./describe_call.ts";

/** A value in a queue. */
export type QueueValue = string | number | boolean;

/** One operation of a queue. */
export type QueueOperation =
  & Timed
  & {
    /** The queue, if there are several. */
    readonly key?: string;
  }
  & (
    | { readonly op: "enqueue"; readonly value: QueueValue }
    | {
      readonly op: "dequeue";
      /** The value, or `null` if the queue was empty; absent if unknown. */
      readonly output?: QueueValue | null;
    }
  );

/** One queue. Keys are independent. */
export const queue: Model<QueueOperation, readonly QueueValue[]> = {
  name: "queue",
  init: [],

  step(state, operation) {
    if (operation.op === "enqueue") return [...state, operation.value];
    const [first = null, ...rest] = state;
    const output = resultOf(operation);
    return output === undefined || output === first ? rest : undefined;
  },

  key: (state) => JSON.stringify(state),

  isRead: (operation) => operation.op === "dequeue" && resultOf(operation) === null,

  partition: ({ key }) => key ?? "",

  describe(operation) {
    const value = operation.op === "enqueue" ? JSON.stringify(operation.value) : "";
    return describeCall(operation, `${operation.op}(${value})`);
  },
};
