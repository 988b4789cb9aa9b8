/**
 * The invariants: each checks results and returns the violation that it finds, if any. None of
 * them drives the cluster.
 *
 * @module
 */

import {
  check,
  type History,
  kv,
  type Operation,
  type PartResult,
  type Reason,
  type ReasonKind,
  reasonOf,
} from "../linearizability/mod.ts";
import { listed, show, showCall, showDifference, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { Request } from "./cluster.ts";
import type { MessageLog } from "./message_log.ts";
import { clerkName, serverName } from "./names.ts";
import { isRefrain, partsMissing, repeatedToken } from "./values.ts";

/** Checks that a value is the expected one.
 *
 * @param request The operation that returned it.
 * @param missingHint Replaces the hint for a missing write.
 */
export function valueViolation(
  request: Request,
  expected: string,
  actual: string,
  missingHint?: string,
): Violation | undefined {
  if (expected === actual) return undefined;
  const operation = showCall(request);
  const [shownExpected, shownActual] = showDifference(expected, actual);
  return {
    ...explainDifference(request, expected, actual, missingHint),
    operation,
    expected: shownExpected,
    actual: shownActual,
  };
}

function explainDifference(
  request: Request,
  expected: string,
  actual: string,
  missingHint?: string,
): Pick<Violation, "what" | "hint"> {
  const operation = showCall(request);
  if (request.op === "append" && actual === expected + request.value) {
    return {
      what: `${operation} took effect twice, or a retry got the new value as its reply`,
      hint: HINTS.executedTwice,
    };
  }
  const [extra] = partsMissing(expected, actual);
  const [missing] = partsMissing(actual, expected);
  // An earlier write that was executed again is at the end.
  const isLast = missing === undefined && expected !== "" && actual.startsWith(expected);
  const twice = isLast ? extra : repeatedToken(actual);
  if (twice !== undefined) {
    return { what: `The write of ${show(twice)} was executed twice`, hint: HINTS.executedTwice };
  }
  if (/undefined|null|NaN|\[object/.test(actual)) {
    return { what: `${operation} returned something that nobody wrote`, hint: HINTS.missingKey };
  }
  if (missing !== undefined) {
    return {
      what: `${operation} did not find the write of ${show(missing)}`,
      hint: missingHint ?? hintForMissing(request, missing),
    };
  }
  if (extra !== undefined) {
    return {
      what: `${operation} returned ${show(extra)}, which should not be there`,
      hint: HINTS.nowhere,
    };
  }
  return { what: `${operation} returned the writes in the wrong order`, hint: HINTS.wrongOrder };
}

function hintForMissing({ op, value }: Request, missing: string): string {
  if (op !== "append") return HINTS.lost;
  return isRefrain(missing) && value === missing ? HINTS.sameValue : HINTS.oldValueLost;
}

/** Checks that the whole history is linearizable.
 *
 * @param messages The requests of the run. Only they can show that a retry or an await is to blame.
 */
export function linearizabilityViolation(
  history: History,
  messages?: MessageLog,
): Violation | undefined {
  const { verdict, parts } = check(kv, history.operations);
  if (verdict === "linearizable") return undefined;
  if (verdict === "inconclusive") {
    return {
      what: "The checker could not decide whether the history is linearizable",
      hint: HINTS.inconclusive,
    };
  }
  const part = parts.find((part) => part.verdict === verdict)!;
  const stuck = part.operations[part.stuck!]!;
  const { sentence, operations, hint, kind } = explainPart(part, messages) ?? {
    sentence: `No order of the operations explains what ${showCall(stuck)} returned`,
    operations: [stuck],
    hint: HINTS.wrongOrder,
    kind: undefined,
  };
  const [first] = operations;
  const shown = operations.slice(0, kind === "contradiction" ? SHOWN_OPERATIONS_MAX : 2);
  return {
    // The checker says client, and the lab says clerk.
    what: sentence.replaceAll(" of client ", " of clerk "),
    operation: shown.map(describe).join("; "),
    ...first!.output === undefined ? {} : { actual: show(first!.output) },
    hint,
  };
}

/** The number of operations that are shown if only all of them together are wrong. */
const SHOWN_OPERATIONS_MAX = 6;

/** The hint for each reason why a history is not linearizable. */
const REASON_HINTS: Record<ReasonKind, string> = {
  "stale read": HINTS.stale,
  "lost write": HINTS.lost,
  "stale read or lost write": HINTS.stale,
  "append executed twice": HINTS.executedTwice,
  "put executed twice": HINTS.executedTwice,
  "wrong result of an append": HINTS.oldValueLost,
  "value from nowhere": HINTS.nowhere,
  "order of two writes reversed": HINTS.wrongOrder,
  "contradiction": HINTS.wrongOrder,
};

type Explained = Pick<Reason, "kind" | "sentence" | "operations"> & { hint: string };

/** Returns why a part is not linearizable, and the hint for that. */
function explainPart(
  part: PartResult<Operation>,
  messages: MessageLog | undefined,
): Explained | undefined {
  const reason = reasonOf(part);
  if (reason === undefined) return undefined;
  const { kind, conflict, operations: [one] } = reason;
  const repeated = conflict?.suspects.find(({ operation, fault }) => {
    return fault === "twice" && messages?.isRepeated(operation);
  })?.operation;
  if (repeated?.op === "put" && messages!.isFromCopy(conflict!.last, repeated)) {
    return replaced(repeated, conflict!.last, HINTS.stale);
  }
  const again = () => part.operations.find((each) => messages?.isExecutedAgain(each));
  if (repeated !== undefined && messages!.recognizesRetries) {
    // An append that writes a value made from an older one brings the older one back.
    const found = part.operations.filter(({ op, value }) => {
      return op === "append" && conflict!.last.output?.includes(value!);
    });
    const isOverwritten = part.operations.some((write) => {
      return write.op !== "get" && !found.includes(write) &&
        found.some((other) => other.op === "append" && messages!.isOverlapping(write, other));
    });
    if (isOverwritten) {
      const put = again();
      if (put !== undefined) return executedTwice(put, conflict!.last);
      return replaced(repeated, conflict!.last, HINTS.lostUpdate);
    }
  }
  if (repeated !== undefined) return executedTwice(repeated, conflict!.last);
  if (kind === "put executed twice" && messages !== undefined) {
    // No clerk sent it again.
    const sentence = `${showCall(one!)} found an older value, which had been replaced`;
    return { ...reason, kind: "stale read", sentence, hint: HINTS.stale };
  }
  // A write that was handled at the same time may have replaced the lost one.
  const isOverwritten = kind === "lost write" && reason.operations.slice(0, 2).some((lost) => {
    return lost.op !== "get" && part.operations.some((write) => {
      return write !== lost && write.op !== "get" && messages?.isOverlapping(lost, write);
    });
  });
  if (isOverwritten) {
    const put = again();
    return put === undefined ? { ...reason, hint: HINTS.lostUpdate } : executedTwice(put, one!);
  }
  return { ...reason, hint: REASON_HINTS[kind] };
}

/** Explains an operation that saw that a write was executed twice. */
function executedTwice(write: Operation, last: Operation): Explained {
  const kind = write.op === "put" ? "put executed twice" : "append executed twice";
  const sentence = `${showCall(write)} was executed twice`;
  return { kind, sentence, operations: [last, write], hint: HINTS.executedTwice };
}

/** Explains an operation that found the value of a write after another one had replaced it. */
function replaced(write: Operation, last: Operation, hint: string): Explained {
  const sentence = `${showCall(last)} found the value of ${
    showCall(write)
  }, which had been replaced`;
  return { kind: "stale read", sentence, operations: [last, write], hint };
}

/** Describes an operation with its clerk and its times. */
function describe(operation: Operation): string {
  const returned = operation.returnMs === null
    ? "never returned"
    : `returned at ${operation.returnMs?.toFixed(1)} ms`;
  return `${describeCall(operation)}, ${returned}`;
}

/** Describes the call of an operation; violations begin with it. */
export function describeCall(
  operation: Pick<Operation, "client" | "callMs" | "op" | "key" | "value">,
): string {
  return `${clerkName(operation.client)}: ${showCall(operation)}, ` +
    `called at ${operation.callMs?.toFixed(1)} ms`;
}

/** The deviation from the average that the requests of a server may have, as a share of it. */
const SHARE_DEVIATION_MAX = 0.25;

/** Checks that requests are spread evenly over the servers. */
export function spreadViolation(requests: readonly number[]): Violation | undefined {
  const average = requests.reduce((sum, count) => sum + count, 0) / requests.length;
  const uneven = requests.findIndex((count) =>
    Math.abs(count - average) > SHARE_DEVIATION_MAX * average
  );
  if (uneven < 0) return undefined;
  return {
    what: `Server ${uneven} got ${requests[uneven]} requests, which is not an even share`,
    expected: `about ${Number(average.toFixed(1))} requests for each server`,
    actual: requests.map((count, server) => `${serverName(server)}: ${count}`).join(", "),
    hint: HINTS.uneven,
  };
}

/** Checks that every clerk completed enough operations while servers were down.
 *
 * @param down The servers that were down.
 * @param operations The number of operations that each clerk completed.
 * @param operationsMin The number that each must complete.
 */
export function progressViolation(
  down: readonly number[],
  operations: readonly number[],
  operationsMin: number,
): Violation | undefined {
  const slow = operations.findIndex((count) => count < operationsMin);
  if (slow < 0) return undefined;
  return {
    what: `A clerk completed only ${
      operations[slow]
    } of ${operationsMin} operations while servers ${listed(down.map(String))} were down`,
    expected: `at least ${operationsMin} operations for each clerk`,
    actual: `${operations.join(", ")} operations`,
    hint: HINTS.noProgress,
  };
}
