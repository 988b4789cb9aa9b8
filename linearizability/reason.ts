/**
 * Why a history of a key/value store is not linearizable, in one sentence, where one
 * of the usual reasons applies.
 *
 * @module
 */

import type { PartResult } from "./check.ts";
import type { Operation } from "./history.ts";
import { PrefixCode } from "./prefix_code.ts";
import { seenOutput } from "./unseen_appends.ts";

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
    case "orders": {
      const [one, other] = contradiction.late;
      return twoOrders(operations[one]!, operations[other]!);
    }
    default:
      return undefined;
  }
}

/** Somebody found a value that nobody left behind. */
function nowhere(shown: Operation, operations: readonly Operation[]): Reason {
  // What an append found that nobody saw is known from somebody who found its value.
  const read = seenOutput(shown) === undefined
    ? operations.find((operation) => seenOutput(operation)?.includes(shown.value!))!
    : shown;
  const found = read.output!;
  const code = PrefixCode.of(operations);
  const parts = code?.takeApart(found) ?? [];
  const writers = parts.map(({ writer }) => writer);
  const twice = writers.find((writer, i) => writers.indexOf(writer) < i);
  if (twice !== undefined) return executedTwice(read, twice);
  if (writers.includes(read)) {
    return {
      kind: "append executed twice",
      sentence: `${call(read)} found its own value: it was executed twice, ` +
        "or answered with the new value",
      operations: [read],
    };
  }
  const last = parts.at(-1);
  const isWhole = last !== undefined && last.start + last.writer.value!.length === found.length;
  if (code !== undefined && isWhole && operations.every(({ op }) => op !== "put")) {
    const other = operations.find((operation) => {
      return code.takeApart(seenOutput(operation) ?? "").some(({ writer, start }) => {
        return start > 0 && writer === writers[0];
      });
    });
    if (other !== undefined) return twoOrders(read, other);
    // An append that returned before the read was called, by which its value went astray.
    const missing = operations.find((operation) => {
      const { op, return: returned } = operation;
      return op === "append" && returned !== null && returned < read.call &&
        !writers.includes(operation);
    });
    if (missing !== undefined) return missed(read, missing);
  }
  return {
    kind: "value from nowhere",
    sentence: `${call(read)} saw a value that no order of the writes leads to`,
    operations: [read],
  };
}

function executedTwice(read: Operation, twice: Operation): Reason {
  return {
    kind: "append executed twice",
    sentence: `${call(twice)} was executed twice`,
    operations: [read, twice],
  };
}

function twoOrders(one: Operation, other: Operation): Reason {
  const [first, second] = calls(one, other);
  return {
    kind: "order of two writes reversed",
    sentence: `${first} and ${second} saw the writes in two different orders`,
    operations: [one, other],
  };
}

function missed(read: Operation, missing: Operation): Reason {
  return {
    kind: "lost append",
    sentence: `${call(missing)} was lost: ${call(read)} was called after it returned, ` +
      "and did not see it",
    operations: [read, missing],
  };
}

function lost(one: Operation, other: Operation): Reason {
  return {
    kind: "lost append",
    sentence: `${call(one)} and ${call(other)} found the same value: one of them was lost`,
    operations: [other, one],
  };
}

function time(early: Operation, late: Operation): Reason {
  const [before, after] = calls(early, late);
  const operations = [late, early];
  if (late.op === "get") {
    const did = early.op === "get" ? "found" : "written";
    const sentence = `${after} found an older value than ${before} had ${did} ` +
      "before it was called";
    return { kind: "stale read", sentence, operations };
  }
  if (early.op !== "get") {
    const sentence = `${after} took effect before ${before}, ` +
      "which had returned before it was called";
    return { kind: "order of two writes reversed", sentence, operations };
  }
  if (early.output!.endsWith(late.value!)) {
    const sentence = `${before} saw what ${after} wrote, and had returned before that was called`;
    return { kind: "value from nowhere", sentence, operations };
  }
  const sentence = `${after} took effect before what ${before} had found ` +
    "before it was called";
  return { kind: "order of two writes reversed", sentence, operations };
}

/** Two calls, told apart by their clients where nothing else does. */
function calls(one: Operation, other: Operation): [string, string] {
  const texts: [string, string] = [call(one), call(other)];
  if (texts[0] !== texts[1]) return texts;
  return [`${texts[0]} of client ${one.client}`, `${texts[1]} of client ${other.client}`];
}

/** A call without its result, with a readable length. */
function call({ op, key, value }: Operation): string {
  const cut = (text: string) => text.length > 60 ? `${text.slice(0, 57)}…` : text;
  const args = value === undefined ? [key] : [key, cut(value)];
  return `${op}(${args.map((arg) => JSON.stringify(arg)).join(", ")})`;
}
