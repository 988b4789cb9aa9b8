/**
 * The model of a register with read, write and compare-and-set.
 *
 * @module
 */

import { type Access, type Model, resultOf, type Timed } from "../model.ts";
import { describeCall } from "./describe_call.ts";

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
      /** The value that it expects, and the one that it then sets. */
      readonly value: readonly [from: RegisterValue, to: RegisterValue];
      /** True if it found what it expected. */
      readonly output?: boolean;
    }
  );

/** One register. Keys are independent. */
export const register: Model<RegisterOperation, RegisterValue> = {
  name: "register",
  init: null,

  step(state, operation) {
    if (operation.op === "write") return operation.value;
    if (operation.op === "read") {
      const output = resultOf(operation);
      return output === undefined || output === state ? state : undefined;
    }
    const [from, to] = operation.value;
    const succeeds = state === from;
    if ((resultOf(operation) ?? succeeds) !== succeeds) return undefined;
    return succeeds ? to : state;
  },

  isRead(operation) {
    return operation.op === "read" || operation.op === "cas" && resultOf(operation) === false;
  },

  access(operation): Access<RegisterValue> | undefined {
    if (operation.op === "write") return { writes: operation.value };
    if (operation.op === "read") return { reads: resultOf(operation) };
    const [from, to] = operation.value;
    return resultOf(operation) === true ? { reads: from, writes: to } : undefined;
  },

  horizon(operations) {
    // Values that no operation found or expected cannot be told apart.
    const expected = new Set<RegisterValue | undefined>();
    const unseen: Extract<RegisterOperation, { op: "cas" }>[] = [];
    for (const operation of operations) {
      if (operation.op === "read") expected.add(resultOf(operation));
      if (operation.op !== "cas") continue;
      expected.add(operation.value[0]);
      if (resultOf(operation) === undefined) unseen.push(operation);
    }
    const effects = Map.groupBy(unseen, ({ value: [, to] }) => to);
    return {
      isLost: (value) => !expected.has(value),
      sources: (value) => effects.get(value)?.map(effectOf) ?? [],
      mayLead: (_, to) => effects.has(to),
    };
  },

  effect: effectOf,

  forget({ output: _, ...operation }: RegisterOperation & { output?: unknown }) {
    return operation as RegisterOperation;
  },

  partition: ({ key }) => key ?? "",

  describe(operation) {
    const { op, value } = { value: [], ...operation };
    const args = [value].flat().map((each) => JSON.stringify(each));
    return describeCall(operation, `${op}(${args.join(" → ")})`);
  },
};

function effectOf(operation: RegisterOperation): string {
  const { op, value, return: returned } = { value: [], ...operation };
  const output = op === "write" ? undefined : resultOf<RegisterValue>(operation);
  // In a list, null would look the same as an unknown result.
  return JSON.stringify({ op, value, output, isOpen: returned === null });
}
