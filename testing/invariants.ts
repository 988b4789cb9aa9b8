/**
 * What must hold: each invariant looks at results and returns the violation that
 * it finds, if any. None of them drives the cluster.
 *
 * @module
 */

import {
  check,
  type History,
  kv,
  type Operation,
  type ReasonKind,
  reasonOf,
} from "../linearizability/mod.ts";
import { show, showCall, showDifference, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { Request } from "./history_recorder.ts";
import { isRefrain, partsMissing, partsOf, repeatedToken } from "./values.ts";

/** A value is exactly what was predicted.
 *
 * @param request The operation that returned it.
 */
export function valueViolation(
  request: Request,
  expected: string,
  actual: string,
): Violation | undefined {
  if (expected === actual) return undefined;
  const operation = showCall(request);
  const [shownExpected, shownActual] = showDifference(expected, actual);
  return {
    ...explainDifference(request, expected, actual),
    operation,
    expected: shownExpected,
    actual: shownActual,
  };
}

function explainDifference(
  request: Request,
  expected: string,
  actual: string,
): Pick<Violation, "what" | "hint"> {
  const operation = showCall(request);
  const [extra] = partsMissing(expected, actual);
  const [missing] = partsMissing(actual, expected);
  const repeated = missing === undefined && extra !== undefined && isRefrain(extra);
  const twice = repeated ? extra : repeatedToken(actual);
  if (twice !== undefined) {
    return { what: `The write of ${show(twice)} was executed twice`, hint: HINTS.executedTwice };
  }
  if (/undefined|null|NaN|\[object/.test(actual)) {
    return { what: `${operation} returned something that nobody wrote`, hint: HINTS.missingKey };
  }
  if (missing !== undefined) {
    const sameValue = isRefrain(missing) && actual.includes(missing);
    return request.op === "append"
      ? {
        what: `${operation} did not find the write of ${show(missing)}`,
        hint: sameValue ? HINTS.sameValue : HINTS.oldValueLost,
      }
      : {
        what: `The write of ${show(missing)} was lost`,
        hint: sameValue ? HINTS.sameValue : HINTS.lost,
      };
  }
  if (extra !== undefined) {
    return {
      what: `${operation} returned ${show(extra)}, which should not be there`,
      hint: HINTS.nowhere,
    };
  }
  return { what: `${operation} returned the writes in another order`, hint: HINTS.wrongOrder };
}

/** Every append of a history to a key is in its final value exactly once, each
 * clerk's own in the order in which it made them.
 *
 * @param final What the last get of the key returned.
 */
export function appendsViolation(
  history: History,
  key: string,
  final: string,
): Violation | undefined {
  const twice = repeatedToken(final);
  const operation = `get(${show(key)}), after all clerks were done`;
  const actual = show(final);
  if (twice !== undefined) {
    const what = `append(${show(key)}, ${show(twice)}) was executed twice`;
    return { what, operation, actual, hint: HINTS.executedTwice };
  }
  const places = new Map(partsOf(final).map((part, place) => [part, place]));
  const lastPlace = new Map<number, number>();
  for (const append of history.operations) {
    if (append.op !== "append" || append.key !== key) continue;
    const place = places.get(append.value!);
    if (place === undefined) {
      const what = `${showCall(append)} is missing from the value`;
      return { what, operation, actual, hint: HINTS.lost };
    }
    if (place < (lastPlace.get(append.client) ?? -1)) {
      const what = `${showCall(append)} took effect before an earlier append of the same clerk`;
      return { what, operation, actual, hint: HINTS.wrongOrder };
    }
    lastPlace.set(append.client, place);
  }
  return undefined;
}

/** The hint for each reason why a history is not linearizable. */
const REASON_HINTS: Record<ReasonKind, string> = {
  "stale read": HINTS.stale,
  "lost append": HINTS.lost,
  "append executed twice": HINTS.executedTwice,
  "value from nowhere": HINTS.nowhere,
  "order of two writes reversed": HINTS.wrongOrder,
};

/** The whole history is linearizable. */
export function linearizabilityViolation(history: History): Violation | undefined {
  const { verdict, parts } = check(kv, history.operations);
  if (verdict === "linearizable") return undefined;
  if (verdict === "inconclusive") {
    return {
      what: "The checker could not decide whether the history is linearizable",
      hint: HINTS.inconclusive,
    };
  }
  const part = parts.find((part) => part.verdict === verdict)!;
  const reason = reasonOf(part);
  const stuck = part.operations[part.stuck!]!;
  const [first, second] = reason?.operations ?? [stuck];
  return {
    what: reason?.sentence ??
      `No order of the operations explains what ${showCall(stuck)} returned`,
    operation: second === undefined ? describe(first!) : `${describe(first!)}; ${describe(second)}`,
    ...first!.output === undefined ? {} : { actual: show(first!.output) },
    hint: reason === undefined ? HINTS.wrongOrder : REASON_HINTS[reason.kind],
  };
}

/** An operation with its clerk and its times, for people. */
function describe(operation: Operation): string {
  const returned = operation.returnMs === null
    ? "never returned"
    : `returned at ${operation.returnMs?.toFixed(1)} ms`;
  return `clerk ${operation.client}: ${showCall(operation)}, ` +
    `called at ${operation.callMs?.toFixed(1)} ms, ${returned}`;
}

/** How far a server's share of the requests may be from the average. */
const SHARE_DEVIATION_MAX = 0.25;

/** The requests are spread evenly over the servers. */
export function spreadViolation(requests: readonly number[]): Violation | undefined {
  const average = requests.reduce((sum, count) => sum + count, 0) / requests.length;
  const uneven = requests.findIndex((count) =>
    Math.abs(count - average) > SHARE_DEVIATION_MAX * average
  );
  if (uneven < 0) return undefined;
  return {
    what: `Server ${uneven} got ${requests[uneven]} requests, which is not an even share`,
    expected: `about ${average.toFixed(0)} requests for each server`,
    actual: requests.map((count, server) => `server ${server}: ${count}`).join(", "),
    hint: HINTS.uneven,
  };
}

/** Every clerk got something done although servers were down.
 *
 * @param down The servers that were down.
 * @param operations How many operations each clerk completed in that time.
 * @param operationsMin How many it has to complete at least.
 */
export function progressViolation(
  down: readonly number[],
  operations: readonly number[],
  operationsMin: number,
): Violation | undefined {
  const slow = operations.findIndex((count) => count < operationsMin);
  if (slow < 0) return undefined;
  return {
    what: `A clerk completed ${operations[slow]} operations while servers ${
      down.join(" and ")
    } were down`,
    expected: `at least ${operationsMin} operations for each clerk`,
    actual: `${operations.join(", ")} operations`,
    hint: HINTS.noProgress,
  };
}
