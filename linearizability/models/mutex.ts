/**
 * The model of a mutex. Only its holder can release it, and not even its holder can acquire it
 * again.
 *
 * @module
 */

import { type Access, type Model, resultOf, type Timed } from "../model.ts";
import { describeCall } from "./describe_call.ts";

/** One operation of a mutex. */
export type MutexOperation = Timed & {
  /** The mutex, if there are several. */
  readonly key?: string;
  readonly op: "acquire" | "release";
  /** True if it succeeded. If it is absent, an operation that returned has succeeded. */
  readonly output?: boolean;
};

/** One mutex. The state is its holder, or `null` if it is free. Keys are independent. */
export const mutex: Model<MutexOperation, number | null> = {
  name: "mutex",
  init: null,

  step(state, operation) {
    const { client, op } = operation;
    const [from, to] = op === "acquire" ? [null, client] : [client, null];
    if (resultOf(operation) === false) return state === from ? undefined : state;
    return state === from ? to : undefined;
  },

  isRead: (operation) => resultOf(operation) === false,

  access(operation): Access<number | null> | undefined {
    const { client, op } = operation;
    if (resultOf(operation) === false) return undefined;
    return op === "acquire" ? { reads: null, writes: client } : { reads: client, writes: null };
  },

  partition: ({ key }) => key ?? "",

  describe: (operation) => describeCall(operation, `${operation.op}(${operation.client})`),
};
