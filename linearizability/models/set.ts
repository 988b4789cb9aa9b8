/**
 * The model of a set. Its members are independent parts, so it has no operation on several members,
 * for example the size.
 *
 * @module
 */

import { type Access, type Model, resultOf, type Timed } from "../model.ts";
import { describeCall } from "./describe_call.ts";

/** One operation of a set. */
export type SetOperation = Timed & {
  /** The set, if there are several. */
  readonly key?: string;
  readonly op: "add" | "remove" | "has";
  readonly value: string | number | boolean;
  /** True if the value is a member, for `has`, or if the set changed, for the others. Absent if
   * unknown. */
  readonly output?: boolean;
};

/** The membership of one value in one set. */
export const set: Model<SetOperation, boolean> = {
  name: "set",
  init: false,

  step(state, operation) {
    const { op } = operation;
    const output = resultOf(operation);
    if (op === "has") return output === undefined || output === state ? state : undefined;
    const after = op === "add";
    return output === undefined || output === (state !== after) ? after : undefined;
  },

  isRead(operation) {
    return operation.op === "has" || resultOf(operation) === false;
  },

  access(operation): Access<boolean> {
    const { op } = operation;
    const output = resultOf(operation);
    if (op === "has") return { reads: output };
    const after = op === "add";
    if (output === undefined) return { writes: after };
    return output ? { reads: !after, writes: after } : { reads: after };
  },

  partition: ({ key, value }) => JSON.stringify(key === undefined ? [value] : [key, value]),

  describe(operation) {
    return describeCall(operation, `${operation.op}(${JSON.stringify(operation.value)})`);
  },
};
