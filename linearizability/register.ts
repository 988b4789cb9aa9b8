/**
 * The model of a register with read, write and compare-and-set.
 *
 * @module
 */

import type { Access, Model, Timed } from "./model.ts";

/** A value of a register; `null` before the first write. */
export type RegisterValue = string | number | boolean | null;

/** One operation of a register. */
export type RegisterOperation =
  & Timed
  & { readonly key?: string }
  & (
    | { readonly op: "read"; readonly output?: RegisterValue }
    | { readonly op: "write"; readonly value: RegisterValue }
    | {
      readonly op: "cas";
      /** What it expects, and what it sets then. */
      readonly value: readonly [from: RegisterValue, to: RegisterValue];
      /** Whether it found what it expected. */
      readonly output?: boolean;
    }
  );

/** What somebody saw: not what stands beside an operation that never returned. */
function seen<T>({ return: returned }: Timed, output: T | undefined): T | undefined {
  return returned === null ? undefined : output;
}

/** One register; different keys are independent of one another. */
export const register: Model<RegisterOperation, RegisterValue> = {
  name: "register",
  init: null,

  step(state, operation) {
    switch (operation.op) {
      case "read": {
        const output = seen(operation, operation.output);
        return output === undefined || output === state ? state : undefined;
      }
      case "write":
        return operation.value;
      case "cas": {
        const [from, to] = operation.value;
        const succeeds = state === from;
        const output = seen(operation, operation.output);
        if (output !== undefined && output !== succeeds) return undefined;
        return succeeds ? to : state;
      }
    }
  },

  isRead(operation) {
    return operation.op === "read" ||
      operation.op === "cas" && seen(operation, operation.output) === false;
  },

  access(operation): Access<RegisterValue> | undefined {
    switch (operation.op) {
      case "read": {
        const output = seen(operation, operation.output);
        return output === undefined ? {} : { reads: output };
      }
      case "write":
        return { writes: operation.value };
      case "cas": {
        const [from, to] = operation.value;
        const output = seen(operation, operation.output);
        return output === true ? { reads: from, writes: to } : undefined;
      }
    }
  },

  forget({ output: _, ...operation }: RegisterOperation & { output?: unknown }) {
    return operation as RegisterOperation;
  },

  partition: ({ key }) => key ?? "",

  describe(operation) {
    const name = operation.key === undefined ? "" : `${operation.key}: `;
    if (operation.op === "read") {
      const output = operation.output === undefined ? "" : ` → ${JSON.stringify(operation.output)}`;
      return `${name}read()${output}`;
    }
    if (operation.op === "write") return `${name}write(${JSON.stringify(operation.value)})`;
    const args = operation.value.map((value) => JSON.stringify(value)).join(" → ");
    return `${name}cas(${args})${operation.output === undefined ? "" : ` → ${operation.output}`}`;
  },
};
