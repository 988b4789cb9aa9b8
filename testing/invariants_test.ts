import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Operation } from "../linearizability/mod.ts";
import type { TraceEvent } from "./trace_event.ts";
import type { Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { Request } from "./cluster.ts";
import {
  linearizabilityViolation,
  progressViolation,
  spreadViolation,
  valueViolation,
} from "./invariants.ts";
import { MessageLog } from "./message_log.ts";
import { withCause } from "./cause.ts";
import { refrain, token } from "./values.ts";

const [a0, a1, b0] = [token(0, 0), token(0, 1), token(1, 0)];
const ALONE = { nservers: 1, nreplicas: 1 };
const again = refrain(0);

function expectViolation(violation: Violation | undefined, words: string, hint: string): void {
  assertStringIncludes(violation?.what ?? "no violation", words);
  assertEquals(violation?.hint, hint);
}

/** An operation on key "k": `called` and `returned` are its places in the order of events. */
function operation(
  client: number,
  op: Operation["op"],
  [called, returned]: [number, number | null],
  fields: { value?: string; output?: string; key?: string },
): Operation {
  const times = { call: called, return: returned, callMs: called, returnMs: returned };
  return { client, op, key: "k", ...fields, ...times };
}

function history(...operations: Operation[]) {
  return { model: "kv" as const, operations };
}

Deno.test("valueViolation() tells the kinds of wrong values apart", () => {
  const get: Request = { op: "get", key: "k" };
  assertEquals(valueViolation(get, a0 + a1, a0 + a1), undefined);
  expectViolation(valueViolation(get, a0, a0 + a0), "executed twice", HINTS.executedTwice);
  expectViolation(
    valueViolation(get, a0 + a1, a0),
    `did not find the write of "${a1}"`,
    HINTS.lost,
  );
  expectViolation(valueViolation(get, a1, a0), `did not find the write of "${a1}"`, HINTS.lost);
  expectViolation(valueViolation(get, a1, a0, HINTS.replica), "did not find", HINTS.replica);
  const append: Request = { op: "append", key: "k", value: a1 };
  expectViolation(valueViolation(append, a0, ""), "did not find", HINTS.oldValueLost);
  expectViolation(valueViolation(get, a0, b0 + a0), "should not be there", HINTS.nowhere);
  expectViolation(valueViolation(get, a0 + b0, b0 + a0), "another order", HINTS.wrongOrder);
  expectViolation(valueViolation(get, a0, "undefined" + a0), "nobody wrote", HINTS.missingKey);
});

Deno.test("valueViolation() tells an append executed twice from one taken for a retry when values are the same", () => {
  const append: Request = { op: "append", key: "k", value: again };
  assertEquals(valueViolation(append, a0 + again, a0 + again), undefined);
  expectViolation(valueViolation(append, a0, a0 + again), "twice, or", HINTS.executedTwice);
  expectViolation(valueViolation(append, a0 + again, a0), "did not find", HINTS.sameValue);
  expectViolation(valueViolation(append, a0 + again, ""), "did not find", HINTS.oldValueLost);
  const get: Request = { op: "get", key: "k" };
  expectViolation(valueViolation(get, again, again + again), "twice", HINTS.executedTwice);
  expectViolation(valueViolation(get, again + again, again), "did not find", HINTS.lost);
  expectViolation(valueViolation(get, a0, a0 + again), "twice", HINTS.executedTwice);
  expectViolation(valueViolation(get, a0, again + a0), "should not be there", HINTS.nowhere);
});

/** Returns the event of a request that a clerk sends, and what it carries. */
function sent(message: number, { client, op, key, value }: Operation, server = 0) {
  const end = `clerk ${client} to server ${server}`;
  const event = { kind: "sent", message, end, method: `KVServer.${op}`, bytes: 0, content: 0 };
  return [event as TraceEvent, { key, ...value === undefined ? {} : { value } }] as const;
}

/** Returns an event that follows on a request. */
function later(kind: "delivered" | "replied" | "timed out" | "received", message = 0, content = 0) {
  return { kind, message, server: "server 0", bytes: 0, content } as TraceEvent;
}

/** The log of requests, each for an operation, with the events at which its handler began
 * and ended. */
function logOf(
  ...requests: [
    operation: Operation,
    begun: number,
    ended: number,
    numbers?: object,
    content?: number,
  ][]
): MessageLog {
  const log = new MessageLog();
  const events = requests.flatMap(([operation, begun, ended, numbers, content], message) => {
    const [event, carried] = sent(message, operation);
    return [
      { at: operation.callMs!, event, carried: { ...carried, ...numbers } },
      { at: begun, event: later("delivered", message) },
      { at: ended, event: later("replied", message, content), carried: {} },
      { at: ended, event: later("received", message) },
    ];
  });
  events.sort((one, other) => one.at - other.at);
  for (const { at, event, carried } of events) log.record(event, at, carried);
  return log;
}

Deno.test("linearizabilityViolation() blames an await only if two handlers overlapped", () => {
  const put = operation(0, "put", [0, 1], { value: a0 });
  const first = operation(1, "append", [2, 5], { value: b0, output: a0 });
  const meanwhile = operation(0, "append", [3, 4], { value: a1, output: a0 });
  const both = history(put, first, meanwhile);
  const overlapping = logOf([put, 0.1, 0.2], [first, 3.1, 3.5], [meanwhile, 3.2, 3.4]);
  const apart = logOf([put, 0.1, 0.2], [first, 3.1, 3.2], [meanwhile, 3.3, 3.4]);
  const same = "found the same value";
  expectViolation(linearizabilityViolation(both, overlapping), same, HINTS.lostUpdate);
  expectViolation(linearizabilityViolation(both, apart), same, HINTS.lost);
  expectViolation(linearizabilityViolation(both), same, HINTS.lost);
});

Deno.test("linearizabilityViolation() blames a retry only if one was executed", () => {
  const put = operation(0, "put", [0, 1], { value: a0 });
  const first = operation(1, "append", [2, 5], { value: b0, output: a0 });
  const later = operation(0, "append", [6, 7], { value: a1, output: a0 });
  const replaced = history(put, first, later);
  const twice = logOf([put, 0.1, 0.2], [first, 2.1, 2.2], [put, 3, 3.1], [later, 6.1, 6.2]);
  const words = `put("k", "${a0}") was executed twice`;
  expectViolation(linearizabilityViolation(replaced, twice), words, HINTS.executedTwice);
  const once = logOf([put, 0.1, 0.2], [first, 2.1, 2.2], [later, 6.1, 6.2]);
  expectViolation(linearizabilityViolation(replaced, once), "found the same", HINTS.lost);
});

Deno.test("linearizabilityViolation() sees a put that was executed again after another write", () => {
  const put = operation(0, "put", [0, 10], { value: a0 });
  const other = operation(1, "put", [3, 4], { value: b0 });
  const again = history(
    put,
    operation(1, "get", [1, 2], { output: a0 }),
    other,
    operation(1, "get", [5, 6], { output: b0 }),
    operation(1, "get", [11, 12], { output: a0 }),
  );
  const twice = logOf([put, 0.1, 0.2], [other, 3.1, 3.2], [put, 8, 9]);
  const words = `put("k", "${a0}") was executed twice`;
  expectViolation(linearizabilityViolation(again, twice), words, HINTS.executedTwice);
  const once = logOf([put, 0.1, 0.2], [other, 3.1, 3.2]);
  expectViolation(linearizabilityViolation(again, once), "found an older value", HINTS.stale);
});

Deno.test("linearizabilityViolation() accuses the append that lied and not one that saw both", () => {
  const lied = history(
    operation(0, "append", [0, 1], { value: a0, output: "" }),
    operation(0, "append", [2, 3], { value: a1, output: "" }),
    operation(1, "append", [4, 5], { value: b0, output: a0 + a1 }),
  );
  const violation = linearizabilityViolation(lied);
  expectViolation(violation, `append("k", "${a1}") returned ""`, HINTS.oldValueLost);
});

Deno.test("withCause() says that two clerks sent requests with the same numbers", () => {
  const one = operation(0, "append", [0, 1], { value: a0, output: "" });
  const other = operation(1, "append", [2, 3], { value: b0, output: "" });
  const both = history(one, other);
  const lost = linearizabilityViolation(both)!;
  assertEquals(lost.hint, HINTS.lost);
  const told = (numbers: object) => {
    const log = logOf([one, 0.1, 0.2, { id: 7, seq: 1 }], [other, 2.1, 2.2, numbers]);
    return withCause(lost, both, log, ALONE);
  };
  assertEquals(told({ id: 8, seq: 1 }), lost);
  const words = 'clerk 0 and clerk 1 sent different requests with the same {"id":7,"seq":1}';
  expectViolation(told({ id: 7, seq: 1 }), words, HINTS.sharedNumbers);
  const uneven = { what: "Server 0 got 3 requests", hint: HINTS.uneven };
  const log = logOf([one, 0.1, 0.2, { seq: 1 }], [other, 2.1, 2.2, { seq: 1 }]);
  assertEquals(withCause(uneven, both, log, ALONE), uneven);
});

Deno.test("withCause() says that a clerk returned before a reply arrived", () => {
  const write = operation(0, "append", [0, 1], { value: a0, output: "" });
  const read = operation(1, "get", [2, 3], { output: "" });
  const both = history(write, read);
  const lost = linearizabilityViolation(both)!;
  const told = (receivedMs: number) => {
    const log = logOf([write, 0.1, receivedMs, { seq: 1 }], [read, 2.1, 2.9, { seq: 2 }]);
    return withCause(lost, both, log, ALONE);
  };
  assertEquals(told(0.9), lost);
  const words = `clerk 0's append("k", "${a0}") had returned before any reply to it arrived`;
  expectViolation(told(1.1), words, HINTS.noReply);
});

Deno.test("withCause() does not blame the clerk when the server that it asked never replied", () => {
  const append = { ...operation(0, "append", [0, null], { value: a0 }), key: "1" };
  const stuck = { what: `append("1", "${a0}") did not complete`, hint: HINTS.noFallback };
  const told = (...kinds: ("delivered" | "replied" | "timed out")[]) => {
    const log = new MessageLog();
    const [event, carried] = sent(0, append, 1);
    log.record(event, 1, carried);
    for (const [i, kind] of kinds.entries()) log.record(later(kind), 2 + i, {});
    return withCause(stuck, history(append), log, { nservers: 3, nreplicas: 1 });
  };
  const words = "its request reached server 1, and no handler replied to it";
  expectViolation(told("delivered", "timed out"), words, HINTS.silentServer);
  assertEquals(told("timed out"), stuck, "it reached nobody");
  assertEquals(told("delivered"), stuck, "a reply may still come");
  assertEquals(told("delivered", "replied", "timed out"), stuck, "the reply was lost");
});

Deno.test("withCause() names the servers that a clerk asked when it asked others than it should", () => {
  const append = { ...operation(0, "append", [0, null], { value: a0 }), key: "1" };
  const stuck = { what: `append("1", "${a0}") did not complete`, hint: HINTS.noFallback };
  const told = (...servers: number[]) => {
    const log = new MessageLog();
    for (const [message, server] of servers.entries()) {
      const [event, carried] = sent(message, append, server);
      log.record(event, 1, carried);
    }
    return withCause(stuck, history(append), log, { nservers: 3, nreplicas: 2 });
  };
  const others = 'clerk 0 asked server 0 and server 2 for key "1", ' +
    "and the replicas of its shard are server 1 and server 2";
  expectViolation(told(0, 2), others, HINTS.notRejected);
  expectViolation(told(1, 1), "clerk 0 asked only server 1", HINTS.noFallback);
  assertEquals(told(1, 2), stuck);
});

Deno.test("withCause() names a server that replies to a request and to no retry of it", () => {
  const append = operation(0, "append", [0, null], { value: a0 });
  const livelock = { what: "Livelock, and these wait:", hint: HINTS.livelock };
  const told = (replies: readonly number[]) => {
    const log = new MessageLog();
    for (const message of [0, 1, 2]) {
      const [event, carried] = sent(message, append);
      log.record(event, message, carried);
      log.record(later("delivered", message), message, undefined);
      if (replies.includes(message)) log.record(later("replied", message), message, {});
      log.record(later("timed out", message), message, undefined);
    }
    return withCause(livelock, history(append), log, ALONE);
  };
  const words = `server 0: replied to the first request of append("k", "${a0}"), which was lost, ` +
    "and to no retry";
  expectViolation(told([0]), words, HINTS.handlerThrew);
  assertEquals(told([0, 1]), livelock);
  assertEquals(told([0, 1, 2]), livelock);
});

Deno.test("withCause() names the server that answered for a shard that is down", () => {
  const get = { ...operation(0, "get", [0, 1], { output: "" }), key: "1" };
  const early = { what: 'get("1") completed although all are down', hint: HINTS.notRejected };
  const log = logOf([get, 0.1, 0.9, {}]);
  const told = withCause(early, history(get), log, { nservers: 3, nreplicas: 1 });
  expectViolation(told, "are down; server 0 answered it", HINTS.notRejected);
});

Deno.test("a server that recognizes retries is not said to have executed one twice", () => {
  // A put is sent twice and recognized. An append reads its value, waits, and writes what it
  // made of it over a later put.
  const earlier = operation(2, "append", [0, 1], { value: a1, output: "" });
  const put = operation(0, "put", [2, 20], { value: a0 });
  const seen = operation(2, "get", [3, 4], { output: a0 });
  const slow = operation(1, "append", [5, 13], { value: b0, output: a0 });
  const lost = operation(2, "put", [7, 9], { value: token(2, 1) });
  const read = operation(2, "get", [21, 22], { output: a0 + b0 });
  const all = history(earlier, put, seen, slow, lost, read);
  const logWith = (secondEarlier: number) =>
    logOf(
      [earlier, 0.1, 0.2, { id: 2, seq: 1 }],
      [earlier, 0.3, 0.4, { id: 2, seq: 1 }, secondEarlier],
      [put, 2.1, 2.2, { id: 0, seq: 1 }],
      [put, 15, 16, { id: 0, seq: 1 }],
      [slow, 5.1, 12.9, { id: 1, seq: 1 }],
      [lost, 7.1, 7.2, { id: 2, seq: 2 }],
    );
  const found = `found the value of put("k", "${a0}"), which had been replaced`;
  expectViolation(linearizabilityViolation(all, logWith(0)), found, HINTS.lostUpdate);
  const twice = `put("k", "${a0}") was executed twice`;
  expectViolation(linearizabilityViolation(all, logWith(1)), twice, HINTS.executedTwice);
});

Deno.test("withCause() names a server that asks itself again and again", () => {
  const log = new MessageLog();
  const [event, carried] = sent(0, operation(0, "get", [0, null], {}));
  log.record(event, 1, carried);
  for (const message of [1, 2, 3]) {
    log.record({ ...event, message, end: "server 0 to server 0" } as TraceEvent, 1, carried);
  }
  const livelock = { what: "Livelock, and these wait:", hint: HINTS.livelock };
  const words = "wait:\n    server 0: sent get to itself, 3 times since an operation last returned";
  expectViolation(withCause(livelock, history(), log, ALONE), words, HINTS.serverLoop);
});

Deno.test("linearizabilityViolation() accepts overlapping operations in either order", () => {
  const overlapping = history(
    operation(0, "append", [0, 5], { value: a0, output: b0 }),
    operation(1, "append", [1, 4], { value: b0, output: "" }),
    operation(2, "get", [2, 3], { output: b0 }),
    operation(2, "get", [6, 7], { output: b0 + a0 }),
    operation(3, "append", [8, null], { value: a1 }),
  );
  assertEquals(linearizabilityViolation(overlapping), undefined);
});

Deno.test("linearizabilityViolation() names both operations of a stale read", () => {
  const stale = history(
    operation(0, "append", [0, 1], { value: a0, output: "" }),
    operation(1, "get", [2, 3], { output: "" }),
  );
  const violation = linearizabilityViolation(stale);
  expectViolation(violation, "found an older value", HINTS.stale);
  assertStringIncludes(violation!.operation!, 'clerk 1: get("k"), called at 2.0 ms');
  assertStringIncludes(violation!.operation!, `clerk 0: append("k", "${a0}"), called at 0.0 ms`);
});

Deno.test("linearizabilityViolation() finds two readers that see two orders", () => {
  // Two readers see two appends, whose results nobody saw, in two orders.
  const twoOrders = history(
    operation(0, "append", [0, 10], { value: a0 }),
    operation(1, "append", [1, 11], { value: b0 }),
    operation(2, "get", [2, 4], { output: a0 + b0 }),
    operation(3, "get", [3, 5], { output: b0 }),
  );
  const violation = linearizabilityViolation(twoOrders);
  const what = 'get("k") of clerk 3 and get("k") of clerk 2 saw the writes in two different orders';
  expectViolation(violation, what, HINTS.wrongOrder);
});

Deno.test("linearizabilityViolation() has a hint, also when no usual reason applies", () => {
  // The same value is written twice, so that it does not tell who wrote it.
  const olderAgain = history(
    operation(0, "put", [0, 1], { value: a0 }),
    operation(0, "put", [2, 3], { value: a0 }),
    operation(0, "put", [4, 5], { value: b0 }),
    operation(1, "get", [6, 7], { output: a0 }),
  );
  const violation = linearizabilityViolation(olderAgain);
  expectViolation(
    violation,
    "No single operation is to blame: these 4 contradict",
    HINTS.wrongOrder,
  );
});

Deno.test("linearizabilityViolation() finds a value that is there twice", () => {
  const append = operation(0, "append", [0, 1], { value: a0, output: "" });
  const get = operation(1, "get", [2, 3], { output: a0 + a0 });
  expectViolation(
    linearizabilityViolation(history(append, get)),
    "took effect twice",
    HINTS.executedTwice,
  );
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
