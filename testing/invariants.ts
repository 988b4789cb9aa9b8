/**
 * What must hold: each invariant looks at results and returns the violation that
 * it finds, if any. None of them drives the cluster.
 *
 * @module
 */

import type { History, Operation } from "../linearizability/history.ts";
import { show, showCall, showDifference, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { Request } from "./history_recorder.ts";
import { repeatedToken, tokensOf } from "./values.ts";

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
    ...explainDifference(operation, expected, actual),
    operation,
    expected: shownExpected,
    actual: shownActual,
  };
}

function explainDifference(
  operation: string,
  expected: string,
  actual: string,
): Pick<Violation, "what" | "hint"> {
  const twice = repeatedToken(actual);
  if (twice !== undefined && repeatedToken(expected) !== twice) {
    return { what: `The write of ${show(twice)} was executed twice`, hint: HINTS.executedTwice };
  }
  if (/undefined|null|NaN|\[object/.test(actual)) {
    return { what: `${operation} returned something that nobody wrote`, hint: HINTS.missingKey };
  }
  const [wanted, found] = [tokensOf(expected), tokensOf(actual)];
  const [extra] = found.filter((part) => !wanted.includes(part));
  const [missing] = wanted.filter((part) => !found.includes(part));
  if (missing !== undefined) {
    return { what: `The write of ${show(missing)} was lost`, hint: HINTS.lost };
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
  const places = new Map(tokensOf(final).map((part, place) => [part, place]));
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

/** Every operation on a key that was only appended to and read fits into one
 * order of the appends, and into real time.
 *
 * Such values only grow, and each of them names the appends that led to it. The
 * longest one is the order, every other one must be its beginning, and nobody may
 * see less than what an operation saw that returned before.
 */
export function growthViolation(history: History): Violation | undefined {
  const byKey = Map.groupBy(history.operations, (operation) => operation.key);
  for (const operations of byKey.values()) {
    if (operations.some(({ op }) => op === "put")) continue;
    const violation = orderViolation(operations) ?? timeViolation(operations);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** The value that an operation left behind; `undefined` if nobody saw it. */
function valueAfter({ op, value, output }: Operation): string | undefined {
  return op === "append" && output !== undefined ? output + value : output;
}

function orderViolation(operations: Operation[]): Violation | undefined {
  const appends = operations.filter(({ op }) => op === "append");
  const written = new Set(appends.map(({ value }) => value!));
  let longest = "";
  let longestBy = operations[0]!;
  for (const operation of operations) {
    const after = valueAfter(operation);
    if (after === undefined || after.length <= longest.length) continue;
    [longest, longestBy] = [after, operation];
  }
  const twice = repeatedToken(longest);
  const alien = tokensOf(longest).find((part) => !written.has(part));
  if (twice !== undefined || alien !== undefined) {
    return {
      what: twice !== undefined
        ? `The append of ${show(twice)} was executed twice`
        : `${showCall(longestBy)} saw ${show(alien)}, which nobody wrote to this key`,
      operation: describe(longestBy),
      actual: show(longest),
      hint: twice !== undefined ? HINTS.executedTwice : HINTS.nowhere,
    };
  }
  for (const operation of operations) {
    const after = valueAfter(operation);
    if (after === undefined || longest.startsWith(after)) continue;
    const [expected, actual] = showDifference(longest, after);
    return {
      what: `${showCall(operation)} saw the appends in another order than ${showCall(longestBy)}`,
      operation: `${describe(operation)}, and ${describe(longestBy)}`,
      expected: `the beginning of ${expected}`,
      actual,
      hint: HINTS.wrongOrder,
    };
  }
  return undefined;
}

function timeViolation(operations: Operation[]): Violation | undefined {
  const seen = operations.filter(({ output }) => output !== undefined);
  const byReturn = seen.toSorted((a, b) => a.return! - b.return!);
  let next = 0;
  let latest: Operation | undefined;
  let lengthMin = 0;
  for (const operation of seen) {
    while (next < byReturn.length && byReturn[next]!.return! < operation.call) {
      const returned = byReturn[next++]!;
      const length = valueAfter(returned)!.length;
      if (length > lengthMin) [lengthMin, latest] = [length, returned];
    }
    if (operation.output!.length >= lengthMin) continue;
    const [expected, actual] = showDifference(valueAfter(latest!)!, operation.output!);
    return {
      what: `${showCall(operation)} did not see what ${showCall(latest!)} had seen or written ` +
        `before it was called`,
      operation: `${describe(operation)}, and ${describe(latest!)}`,
      expected: `at least ${expected}`,
      actual,
      hint: HINTS.stale,
    };
  }
  return undefined;
}

/** An operation with its clerk and its times, for people. */
export function describe(operation: Operation): string {
  const returned = operation.returnMs === null
    ? "never returned"
    : `returned at ${operation.returnMs.toFixed(1)} ms`;
  return `clerk ${operation.client}: ${showCall(operation)}, ` +
    `called at ${operation.callMs.toFixed(1)} ms, ${returned}`;
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

/** Every clerk got something done although a server was down.
 *
 * @param down The server that was down.
 * @param operations How many operations each clerk completed in that time.
 * @param operationsMin How many it has to complete at least.
 */
export function progressViolation(
  down: number,
  operations: readonly number[],
  operationsMin: number,
): Violation | undefined {
  const slow = operations.findIndex((count) => count < operationsMin);
  if (slow < 0) return undefined;
  return {
    what: `A clerk completed ${operations[slow]} operations while server ${down} was down`,
    expected: `at least ${operationsMin} operations for each clerk`,
    actual: `${operations.join(", ")} operations`,
    hint: HINTS.noProgress,
  };
}
