/**
 * The model of a key/value store with put, append and get. A missing key holds "", and an append
 * returns the value that it found.
 *
 * @module
 */

import { foundBy, type Operation } from "../history.ts";
import type { Access, Model } from "../model.ts";
import { describeCall } from "./describe_call.ts";
import { effectOf, horizonOf, inferAccesses } from "./unseen_appends.ts";

/** One key of the store. Keys are independent. */
export const kv: Model<Operation, string> = {
  name: "kv",
  init: "",

  step(state, operation) {
    const { op, value } = operation;
    const output = foundBy(operation);
    if (op === "put") return value!;
    if (output !== undefined && output !== state) return undefined;
    return op === "get" ? state : state + value;
  },

  isRead: ({ op }) => op === "get",

  access(operation): Access<string> | undefined {
    const { op, value } = operation;
    const output = foundBy(operation);
    if (op === "put") return { writes: value! };
    if (op === "get") return { reads: output };
    return output === undefined ? undefined : { reads: output, writes: output + value };
  },

  infer: inferAccesses,

  horizon: horizonOf,

  effect: effectOf,

  forget({ output: _, ...operation }) {
    return operation;
  },

  partition: ({ key }) => key,

  describe({ op, key, value, output }) {
    const args = [key, ...value === undefined ? [] : [value]].map((arg) => JSON.stringify(arg));
    return describeCall({ output }, `${op}(${args.join(", ")})`);
  },
};
