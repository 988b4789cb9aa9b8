/**
 * The reasons that two or three operations show, in one sentence each. `reason.ts` decides if one
 * operation may be accused.
 *
 * @module
 */

import { call, calls } from "./call_text.ts";
import type { PartResult } from "../check.ts";
import { foundBy, type Operation } from "../history.ts";
import { Pace } from "../pace.ts";
import { takeApart } from "../models/prefix_code.ts";

/** The kinds of reasons. */
export type ReasonKind =
  | "stale read"
  | "lost write"
  | "stale read or lost write"
  | "append executed twice"
  | "put executed twice"
  | "wrong result of an append"
  | "value from nowhere"
  | "order of two writes reversed"
  | "contradiction";

const STALE_OR_LOST: ReasonKind = "stale read or lost write";

/** A sentence, and the operations that it names, first the one that does not fit. */
export interface Words {
  readonly kind: ReasonKind;
  readonly sentence: string;
  readonly operations: readonly Operation[];
  /** Other words, for the case that any of the operations may be wrong. */
  readonly open?: { readonly kind: ReasonKind; readonly sentence?: string };
}

/** Makes words. A value from nowhere gets other words too, because it may be right and an earlier
 * result wrong. */
export function say(kind: ReasonKind, sentence: string, ...operations: Operation[]): Words {
  const mayBeRight = kind === "value from nowhere";
  const open = { kind, sentence: `${sentence}, or an earlier result is wrong` };
  return { kind, sentence, operations, ...mayBeRight && { open } };
}

/** Puts the contradiction of a part into words. */
export function usualReason(
  { contradiction, operations }: PartResult<Operation>,
  pace = new Pace(),
): Words | undefined {
  pace.spend(operations.length);
  switch (contradiction?.kind) {
    case "nowhere":
      return nowhere(operations[contradiction.read]!, operations, pace);
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

/** Explains that an operation found a value that no operation left behind. */
function nowhere(shown: Operation, operations: readonly Operation[], pace: Pace): Words {
  // If `shown` has no result, an operation that found its value tells what it found.
  const read = foundBy(shown) === undefined
    ? operations.find((operation) => foundBy(operation)?.includes(shown.value!))!
    : shown;
  const found = read.output!;
  const partsOf = takeApart(operations);
  const parts = partsOf?.(found) ?? [];
  const writers = parts.map(({ writer }) => writer);
  const twice = writers.find((writer, i) => writers.indexOf(writer) < i);
  if (twice !== undefined) return executedTwice(read, twice);
  if (writers.includes(read)) {
    const sentence = `${call(read)} found its own value: it took effect twice, ` +
      "or was answered with the new value";
    return say("append executed twice", sentence, read);
  }
  const last = parts.at(-1);
  const isWhole = last !== undefined && last.start + last.writer.value!.length === found.length;
  if (partsOf !== undefined && isWhole && operations.every(({ op }) => op !== "put")) {
    const other = operations.find((operation) => {
      pace.spend();
      return partsOf(foundBy(operation) ?? "").some(({ writer, start }) => {
        return start > 0 && writer === writers[0];
      });
    });
    if (other !== undefined) return twoOrders(read, other);
    // An append that returned before the read was called and whose value is missing.
    const missing = operations.find((operation) => {
      const { op, return: returned } = operation;
      return op === "append" && returned !== null && returned < read.call &&
        !writers.includes(operation);
    });
    if (missing !== undefined) return missed(read, missing);
  }
  return unknownValue(read);
}

export function unknownValue(read: Operation): Words {
  const sentence = `${call(read)} saw a value that no order of the writes leads to`;
  return say("value from nowhere", sentence, read);
}

export function executedTwice(read: Operation, twice: Operation): Words {
  return say("append executed twice", `${call(twice)} took effect twice`, read, twice);
}

function twoOrders(one: Operation, other: Operation): Words {
  const sentence = `${calls(one, other).join(" and ")} saw the writes in two different orders`;
  return say("order of two writes reversed", sentence, one, other);
}

export function missed(read: Operation, missing: Operation): Words {
  const sentence = `${call(missing)} was lost: ${call(read)} was called after it returned, ` +
    "and did not see it";
  const open = { ...unnoticed(read, missing), kind: STALE_OR_LOST };
  return { ...say("lost write", sentence, read, missing), open };
}

export function unnoticed(read: Operation, write: Operation): Words {
  const sentence = `${call(read)} did not see ${call(write)}, which had returned before it was ` +
    "called";
  return say("stale read", sentence, read, write);
}

function lost(one: Operation, other: Operation): Words {
  const sentence = `${call(one)} and ${call(other)} found the same value: one of them was lost`;
  return say("lost write", sentence, other, one);
}

export function time(early: Operation, late: Operation): Words {
  const [before, after] = calls(early, late);
  if (late.op === "get") {
    const did = early.op === "get" ? "found" : "written";
    const sentence = `${after} found an older value than ${before} had ${did} ` +
      "before it was called";
    return { ...say("stale read", sentence, late, early), open: { kind: STALE_OR_LOST } };
  }
  if (foundBy(early)?.endsWith(late.value!)) {
    const sentence = `${before} saw what ${after} wrote, and had returned before that was called`;
    return say("value from nowhere", sentence, early, late);
  }
  const what = early.op === "get"
    ? `what ${before} had found before it`
    : `${before}, which had returned before it`;
  const sentence = `${after} took effect before ${what} was called`;
  return say("order of two writes reversed", sentence, late, early);
}
