import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Request } from "./cluster.ts";
import type { Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import {
  linearizabilityViolation,
  progressViolation,
  spreadViolation,
  valueViolation,
} from "./invariants.ts";
import { append, get, history, logOf, put } from "./operations_fixture.ts";
import { refrain, token } from "./values.ts";

const [a0, a1, b0] = [token(0, 0), token(0, 1), token(1, 0)];
const again = refrain(0);

function expectViolation(violation: Violation | undefined, words: string, hint: string): void {
  assertStringIncludes(violation?.what ?? "no violation", words);
  assertEquals(violation?.hint, hint);
}

Deno.test("valueViolation() tells the kinds of wrong values apart", () => {
  const read: Request = { op: "get", key: "k" };
  assertEquals(valueViolation(read, a0 + a1, a0 + a1), undefined);
  expectViolation(valueViolation(read, a0, a0 + a0), "executed twice", HINTS.executedTwice);
  expectViolation(
    valueViolation(read, a0 + a1, a0),
    `did not find the write of "${a1}"`,
    HINTS.lost,
  );
  expectViolation(valueViolation(read, a1, a0), `did not find the write of "${a1}"`, HINTS.lost);
  expectViolation(valueViolation(read, a1, a0, HINTS.replica), "did not find", HINTS.replica);
  const write: Request = { op: "append", key: "k", value: a1 };
  expectViolation(valueViolation(write, a0, ""), "did not find", HINTS.oldValueLost);
  expectViolation(valueViolation(read, a0, b0 + a0), "should not be there", HINTS.nowhere);
  expectViolation(valueViolation(read, a0 + b0, b0 + a0), "wrong order", HINTS.wrongOrder);
  expectViolation(valueViolation(read, a0, "undefined" + a0), "nobody wrote", HINTS.missingKey);
});

Deno.test("valueViolation() tells an append executed twice from one taken for a retry when values are the same", () => {
  const write: Request = { op: "append", key: "k", value: again };
  assertEquals(valueViolation(write, a0 + again, a0 + again), undefined);
  expectViolation(valueViolation(write, a0, a0 + again), "twice, or", HINTS.executedTwice);
  expectViolation(valueViolation(write, a0 + again, a0), "did not find", HINTS.sameValue);
  expectViolation(valueViolation(write, a0 + again, ""), "did not find", HINTS.oldValueLost);
  const read: Request = { op: "get", key: "k" };
  expectViolation(valueViolation(read, again, again + again), "twice", HINTS.executedTwice);
  expectViolation(valueViolation(read, again + again, again), "did not find", HINTS.lost);
  expectViolation(valueViolation(read, a0, a0 + again), "twice", HINTS.executedTwice);
  expectViolation(valueViolation(read, a0, again + a0), "should not be there", HINTS.nowhere);
});

Deno.test("linearizabilityViolation() blames an await only if two handlers overlapped", () => {
  const [first, slow] = [put(0, [0, 1], a0), append(1, [2, 5], b0, a0)];
  const meanwhile = append(0, [3, 4], a1, a0);
  const both = history(first, slow, meanwhile);
  const log = (ended: number, begun: number) => {
    return logOf(
      [first, { begun: 0.1, ended: 0.2 }],
      [slow, { begun: 3.1, ended }],
      [meanwhile, { begun, ended: 3.4 }],
    );
  };
  const same = "found the same value";
  expectViolation(linearizabilityViolation(both, log(3.5, 3.2)), same, HINTS.lostUpdate);
  expectViolation(linearizabilityViolation(both, log(3.2, 3.3)), same, HINTS.lost);
  expectViolation(linearizabilityViolation(both), same, HINTS.lost);
});

Deno.test("linearizabilityViolation() blames a retry only if one was executed", () => {
  const [first, other] = [put(0, [0, 1], a0), append(1, [2, 5], b0, a0)];
  const last = append(0, [6, 7], a1, a0);
  const replaced = history(first, other, last);
  const requests: Parameters<typeof logOf> = [
    [first, { begun: 0.1, ended: 0.2 }],
    [other, { begun: 2.1, ended: 2.2 }],
    [last, { begun: 6.1, ended: 6.2 }],
  ];
  const twice = logOf(...requests, [first, { begun: 3, ended: 3.1 }]);
  const words = `put("k", "${a0}") was executed twice`;
  expectViolation(linearizabilityViolation(replaced, twice), words, HINTS.executedTwice);
  const once = logOf(...requests);
  expectViolation(linearizabilityViolation(replaced, once), "found the same", HINTS.lost);
});

Deno.test("linearizabilityViolation() sees a put that was executed again after another write", () => {
  const [slow, other] = [put(0, [0, 10], a0), put(1, [3, 4], b0)];
  const reads = [get(1, [1, 2], a0), get(1, [5, 6], b0), get(1, [11, 12], a0)];
  const replaced = history(slow, other, ...reads);
  const requests: Parameters<typeof logOf> = [
    [slow, { begun: 0.1, ended: 0.2 }],
    [other, { begun: 3.1, ended: 3.2 }],
  ];
  const twice = logOf(...requests, [slow, { begun: 8, ended: 9 }]);
  const words = `put("k", "${a0}") was executed twice`;
  expectViolation(linearizabilityViolation(replaced, twice), words, HINTS.executedTwice);
  const once = logOf(...requests);
  expectViolation(linearizabilityViolation(replaced, once), "found an older value", HINTS.stale);
});

Deno.test("linearizabilityViolation() accuses the append that lied and not one that saw both", () => {
  const writes = [append(0, [0, 1], a0, ""), append(0, [2, 3], a1, "")];
  const violation = linearizabilityViolation(history(...writes, append(1, [4, 5], b0, a0 + a1)));
  expectViolation(violation, `append("k", "${a1}") returned ""`, HINTS.oldValueLost);
});

Deno.test("a server that recognizes retries is not accused of executing one twice", () => {
  // A put is sent twice and recognized. An append reads its value, waits, and writes what it
  // made of it over a later put.
  const earlier = append(2, [0, 1], a1, "");
  const [replaced, lost] = [put(0, [2, 20], a0), put(2, [7, 9], token(2, 1))];
  const slow = append(1, [5, 13], b0, a0);
  const reads = [get(2, [3, 4], a0), get(2, [21, 22], a0 + b0)];
  const all = history(earlier, replaced, slow, lost, ...reads);
  const logWith = (reply: number, ended = 2.2) => {
    return logOf(
      [earlier, { begun: 0.1, ended: 0.2, numbers: { id: 2, seq: 1 } }],
      [earlier, { begun: 0.3, ended: 0.4, numbers: { id: 2, seq: 1 }, reply }],
      [replaced, { begun: 2.1, ended, numbers: { id: 0, seq: 1 } }],
      [replaced, { begun: 15, ended: 16, numbers: { id: 0, seq: 1 } }],
      [slow, { begun: 5.1, ended: 12.9, numbers: { id: 1, seq: 1 } }],
      [lost, { begun: 7.1, ended: 7.2, numbers: { id: 2, seq: 2 } }],
    );
  };
  const found = `found the value of put("k", "${a0}"), which had been replaced`;
  expectViolation(linearizabilityViolation(all, logWith(0)), found, HINTS.lostUpdate);
  const twice = `put("k", "${a0}") was executed twice`;
  expectViolation(linearizabilityViolation(all, logWith(1)), twice, HINTS.executedTwice);
  // Without an append that can bring the value back, the put was executed again.
  const readLost = get(1, [10, 11], token(2, 1));
  const alone = history(replaced, lost, reads[0]!, readLost, get(2, [21, 22], a0));
  expectViolation(linearizabilityViolation(alone, logWith(0, 8)), twice, HINTS.executedTwice);
});

Deno.test("linearizabilityViolation() blames no retry for what a replica reads from its own copy", () => {
  const [slow, other] = [put(0, [0, 10], a0), put(1, [3, 4], b0)];
  const reads = [get(1, [1, 2], a0), get(1, [5, 6], b0), get(1, [11, 12], a0)];
  const told = (server: number) => {
    const log = logOf(
      [slow, { begun: 0.1, ended: 0.2 }],
      [slow, { begun: 8, ended: 9 }],
      [other, { begun: 3.1, ended: 3.2 }],
      [reads[2]!, { server, begun: 11.1, ended: 11.2 }],
    );
    return linearizabilityViolation(history(slow, other, ...reads), log);
  };
  const words = `get("k") found the value of put("k", "${a0}"), which had been replaced`;
  expectViolation(told(1), words, HINTS.stale);
  expectViolation(told(0), `put("k", "${a0}") was executed twice`, HINTS.executedTwice);
});

Deno.test("linearizabilityViolation() blames a put whose retry was executed while others were", () => {
  // The servers recognize appends that are sent again, and no puts.
  const earlier = append(2, [0, 1], a1, "");
  const [twice, other] = [put(0, [2, 20], a0), put(1, [7, 9], b0)];
  const reads = [get(2, [3, 4], a0), get(2, [10, 11], b0), get(2, [21, 22], a0)];
  const log = logOf(
    [earlier, { begun: 0.1, ended: 0.2, numbers: { id: 2, seq: 1 } }],
    [earlier, { begun: 0.3, ended: 0.4, numbers: { id: 2, seq: 1 } }],
    [twice, { begun: 2.1, ended: 8.2, numbers: { id: 0, seq: 1 } }],
    [other, { begun: 7.1, ended: 8.5, numbers: { id: 1, seq: 1 } }],
    [twice, { begun: 15, ended: 16, numbers: { id: 0, seq: 1 } }],
    [reads[2]!, { begun: 21.1, ended: 21.2 }],
  );
  const violation = linearizabilityViolation(history(earlier, twice, other, ...reads), log);
  expectViolation(violation, `put("k", "${a0}") was executed twice`, HINTS.executedTwice);
});

Deno.test("linearizabilityViolation() names both operations of a stale read", () => {
  const stale = history(append(0, [0, 1], a0, ""), get(1, [2, 3], ""));
  const violation = linearizabilityViolation(stale);
  expectViolation(violation, "found an older value", HINTS.stale);
  assertStringIncludes(violation!.operation!, 'clerk 1: get("k"), called at 2.0 ms');
  assertStringIncludes(violation!.operation!, `clerk 0: append("k", "${a0}"), called at 0.0 ms`);
});

Deno.test("linearizabilityViolation() has a hint even when no single operation is to blame", () => {
  const hintOf = (what: string, hint: string, ...operations: Parameters<typeof history>) => {
    expectViolation(linearizabilityViolation(history(...operations)), what, hint);
  };
  hintOf(
    'get("k") of clerk 3 and get("k") of clerk 2 saw the writes in two different orders',
    HINTS.wrongOrder,
    ...[append(0, [0, 10], a0), append(1, [1, 11], b0)],
    ...[get(2, [2, 4], a0 + b0), get(3, [3, 5], b0)],
  );
  // The same value is written twice, so that it does not tell who wrote it.
  hintOf(
    "No single operation is to blame: these 4 contradict",
    HINTS.wrongOrder,
    ...[put(0, [0, 1], a0), put(0, [2, 3], a0), put(0, [4, 5], b0), get(1, [6, 7], a0)],
  );
  const twice = [append(0, [0, 1], a0, ""), get(1, [2, 3], a0 + a0)];
  hintOf("took effect twice", HINTS.executedTwice, ...twice);
});

Deno.test("spreadViolation() names the server when its share is not even", () => {
  assertEquals(spreadViolation([100, 110, 90]), undefined);
  expectViolation(spreadViolation([300, 0, 0]), "Server 0 got 300 requests", HINTS.uneven);
  expectViolation(spreadViolation([100, 100, 60]), "Server 2", HINTS.uneven);
});

Deno.test("progressViolation() finds a clerk that got too little done", () => {
  assertEquals(progressViolation([1, 2], [3, 4], 3), undefined);
  expectViolation(
    progressViolation([1, 2], [9, 2], 3),
    "completed only 2 of 3 operations while servers 1 and 2 were down",
    HINTS.noProgress,
  );
});
