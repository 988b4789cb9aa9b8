/**
 * Why a history of a key/value store is not linearizable, in one sentence, where one
 * of the usual reasons applies.
 *
 * @module
 */

import type { PartResult } from "./check.ts";
import type { Operation } from "./history.ts";

/** The usual reasons. */
export type ReasonKind =
  | "stale read"
  | "lost append"
  | "append executed twice"
  | "value from nowhere"
  | "order of two writes reversed";

/** One reason, and the operations that show it. */
export interface Reason {
  readonly kind: ReasonKind;
  /** One sentence. */
  readonly sentence: string;
  /** The operation that cannot be, and the other one that says so, if any. */
  readonly operations: readonly Operation[];
}

/** Finds the reason of a part that is not linearizable.
 *
 * @returns `undefined` where none of the usual reasons applies.
 */
export function reasonOf(part: PartResult<Operation>): Reason | undefined {
  const { contradiction, operations } = part;
  switch (contradiction?.kind) {
    case "nowhere":
      return nowhere(operations[contradiction.read]!, operations);
    case "fork":
      return lost(operations[contradiction.one]!, operations[contradiction.other]!);
    case "time":
      return time(operations[contradiction.early]!, operations[contradiction.late]!);
    default:
      return undefined;
  }
}

function nowhere(shown: Operation, operations: readonly Operation[]): Reason {
  // What an append found that nobody saw is known from somebody who found its value.
  const read = shown.output === undefined
    ? operations.find(({ output }) => output?.includes(shown.value!))!
    : shown;
  const found = read.output!;
  const twice = operations.find(({ op, value }) => {
    return op === "append" && value !== "" && found.split(value!).length > 2;
  });
  if (twice !== undefined) {
    return {
      kind: "append executed twice",
      sentence: `${call(twice)} was executed twice`,
      operations: [read, twice],
    };
  }
  // An append that returned before the read was called, by which its value went astray.
  const missing = operations.find(({ op, value, return: returned }) => {
    return op === "append" && returned !== null && returned < read.call && !found.includes(value!);
  });
  if (read.op === "append" && read.value !== "" && found.includes(read.value!)) {
    return {
      kind: "append executed twice",
      sentence: `${call(read)} found its own value: it was executed twice, ` +
        "or answered with the new value",
      operations: [read],
    };
  }
  const put = operations.some(({ op }) => op === "put");
  const other = put ? undefined : findOtherOrder(found, operations);
  if (other !== undefined) {
    return {
      kind: "order of two writes reversed",
      sentence: `${call(read)} and ${call(other)} saw the appends in two different orders`,
      operations: [read, other],
    };
  }
  const known = operations.some(({ value }) => value !== undefined && found.endsWith(value));
  if (missing !== undefined && known && !put) {
    return {
      kind: "lost append",
      sentence: `${call(missing)} was lost: ${call(read)} was called after it returned, ` +
        "and did not see it",
      operations: [read, missing],
    };
  }
  return {
    kind: "value from nowhere",
    sentence: `${call(read)} saw a value that no order of the writes leads to`,
    operations: [read],
  };
}

/** Somebody who found the first of the appended values behind another one. */
function findOtherOrder(found: string, operations: readonly Operation[]): Operation | undefined {
  const first = operations.find(({ value }) => value && found.startsWith(value))?.value;
  if (first === undefined) return undefined;
  return operations.find(({ output }) => output !== undefined && output.indexOf(first) > 0);
}

function lost(one: Operation, other: Operation): Reason {
  return {
    kind: "lost append",
    sentence: `${call(one)} and ${call(other)} found the same value: one of them was lost`,
    operations: [other, one],
  };
}

function time(early: Operation, late: Operation): Reason {
  if (early.op !== "get" && late.op !== "get") {
    return {
      kind: "order of two writes reversed",
      sentence: `${call(late)} took effect before ${call(early)}, ` +
        "which had returned before it was called",
      operations: [late, early],
    };
  }
  return {
    kind: "stale read",
    sentence: `${call(late)} found an older value than ${call(early)} had found or written ` +
      "before it was called",
    operations: [late, early],
  };
}

/** A call without its result, with a readable length. */
function call({ op, key, value }: Operation): string {
  const cut = (text: string) => text.length > 60 ? `${text.slice(0, 57)}…` : text;
  const args = value === undefined ? [key] : [key, cut(value)];
  return `${op}(${args.map((arg) => JSON.stringify(arg)).join(", ")})`;
}
