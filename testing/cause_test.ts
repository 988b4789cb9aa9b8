import { assertEquals, assertStringIncludes } from "@std/assert";
import { withCaller, withCause } from "./cause.ts";
import type { Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import { linearizabilityViolation } from "./invariants.ts";
import { MessageLog } from "./message_log.ts";
import { append, get, history, logOf } from "./operations_fixture.ts";
import { token } from "./values.ts";

const [a0, b0] = [token(0, 0), token(1, 0)];
const ALONE = { nservers: 1, nreplicas: 1 };

function expectViolation(violation: Violation, words: string, hint: string): void {
  assertStringIncludes(violation.what, words);
  assertEquals(violation.hint, hint);
}

Deno.test("withCause() says that two clerks sent requests with the same numbers", () => {
  const [one, other] = [append(0, [0, 1], a0, ""), append(1, [2, 3], b0, "")];
  const both = history(one, other);
  const lost = linearizabilityViolation(both)!;
  assertEquals(lost.hint, HINTS.lost);
  const told = (id: number, violation = lost) => {
    const log = logOf(
      [one, { begun: 0.1, ended: 0.2, numbers: { id: 7, seq: 1 } }],
      [other, { begun: 2.1, ended: 2.2, numbers: { id, seq: 1 } }],
    );
    return withCause(violation, both, log, ALONE);
  };
  assertEquals(told(8), lost);
  const words = 'clerk 0 and clerk 1 sent different requests with the same {"id":7,"seq":1}';
  expectViolation(told(7), words, HINTS.sharedNumbers);
  const uneven = { what: "Server 0 got 3 requests", hint: HINTS.uneven };
  assertEquals(told(7, uneven), uneven);
});

Deno.test("withCause() says that a clerk returned before a reply arrived", () => {
  const [write, read] = [append(0, [0, 1], a0, ""), get(1, [2, 3], "")];
  const both = history(write, read);
  const lost = linearizabilityViolation(both)!;
  const told = (ended: number) => {
    const log = logOf(
      [write, { begun: 0.1, ended, numbers: { seq: 1 } }],
      [read, { begun: 2.1, ended: 2.9, numbers: { seq: 2 } }],
    );
    return withCause(lost, both, log, ALONE);
  };
  assertEquals(told(0.9), lost);
  const words = `clerk 0's append("k", "${a0}") had returned before any reply to it arrived`;
  expectViolation(told(1.1), words, HINTS.noReply);
});

const WAITING = { ...append(0, [0, null], a0), key: "1" };
const STUCK = { what: `append("1", "${a0}") did not complete`, hint: HINTS.noFallback };

Deno.test("withCause() does not blame the clerk when the server that it asked never replied", () => {
  const told = (fields: { begun?: number; ended?: number; timedOut?: number }) => {
    const log = logOf([WAITING, { server: 1, ...fields }]);
    return withCause(STUCK, history(WAITING), log, { nservers: 3, nreplicas: 1 });
  };
  const words = "its request reached server 1, but no handler replied to it";
  expectViolation(told({ begun: 1, timedOut: 2 }), words, HINTS.silentServer);
  assertEquals(told({ timedOut: 2 }), STUCK, "it reached nobody");
  assertEquals(told({ begun: 1 }), STUCK, "a reply may still come");
  assertEquals(told({ begun: 1, ended: 2, timedOut: 3 }), STUCK, "the reply was lost");
});

Deno.test("withCause() names the servers that a clerk asked when it asked others than it should", () => {
  const told = (...servers: number[]) => {
    const log = logOf(...servers.map((server): [typeof WAITING, object] => [WAITING, { server }]));
    return withCause(STUCK, history(WAITING), log, { nservers: 3, nreplicas: 2 });
  };
  const others = 'clerk 0 asked server 0 and server 2 for key "1", ' +
    "but the replicas of its shard are server 1 and server 2";
  expectViolation(told(0, 2), others, HINTS.notRejected);
  expectViolation(told(0, 1, 2), "asked server 0, server 1, and server 2", HINTS.notRejected);
  expectViolation(told(1, 1), "clerk 0 asked only server 1", HINTS.noFallback);
  assertEquals(told(1, 2), STUCK);
});

const LIVELOCK = { what: "Livelock, and these operations wait:", hint: HINTS.livelock };

Deno.test("withCause() names a server that replies to a request and to no retry of it", () => {
  const write = append(0, [0, null], a0);
  const told = (...replied: boolean[]) => {
    const log = logOf(...replied.map((isReplied, i): [typeof write, object] => {
      return [write, { begun: 3 * i, ...isReplied && { ended: 3 * i + 1 }, timedOut: 3 * i + 2 }];
    }));
    return withCause(LIVELOCK, history(write), log, ALONE);
  };
  const words = `server 0: replied to the first request of append("k", "${a0}"), but the reply ` +
    "was lost, and to no retry";
  expectViolation(told(true, false, false), words, HINTS.handlerThrew);
  assertEquals(told(true, true, false), LIVELOCK);
  assertEquals(told(true, true, true), LIVELOCK);
});

Deno.test("withCause() names the clerk that a livelock keeps waiting and another with its numbers", () => {
  const done = [append(0, [0, 1], a0, ""), append(1, [2, 3], b0, "")];
  const late = [append(2, [4, 5], token(2, 0), ""), append(3, [6, null], token(3, 0))];
  const all = [...done, ...late];
  const log = logOf(...all.map((each, i): [typeof each, object] => {
    return [each, { begun: i, numbers: { id: i < 2 ? 7 : 8, seq: 1 } }];
  }));
  const words = 'clerk 2 and clerk 3 sent different requests with the same {"id":8,"seq":1}';
  expectViolation(withCause(LIVELOCK, history(...all), log, ALONE), words, HINTS.sharedNumbers);
});

Deno.test("withCause() names the server that answered for a shard that is down", () => {
  const read = { ...get(0, [0, 1], ""), key: "1" };
  const early = { what: 'get("1") completed although all are down', hint: HINTS.notRejected };
  const log = logOf([read, { begun: 0.1, ended: 0.9 }]);
  const told = withCause(early, history(read), log, { nservers: 3, nreplicas: 1 });
  expectViolation(told, "are down; server 0 answered it", HINTS.notRejected);
});

Deno.test("withCause() names a server that asks itself again and again", () => {
  const log = new MessageLog();
  const request = { kind: "sent", method: "KVServer.get", bytes: 0, content: 0 } as const;
  for (const [message, from] of ["clerk 0", "server 0", "server 0", "server 0"].entries()) {
    log.record({ ...request, message, end: `${from} to server 0` }, 1, { key: "k" });
  }
  const words = "wait:\n    server 0: sent get to itself, 3 times since an operation last returned";
  expectViolation(withCause(LIVELOCK, history(), log, ALONE), words, HINTS.serverLoop);
});

Deno.test("withCaller() names the caller and the lines of an unhandled timeout", () => {
  const files = {
    "client.ts": '// server.call("KVServer.get", …)\nserver\n  .call("KVServer.get", args);\n',
    "server.ts": 'peer.call("KVServer.get", args);\n',
  };
  const timeout = "TimeoutError: KVServer.get got no reply in time; it may have been executed";
  const link = "clerk 0 to server 1";
  const told = (what: string) => withCaller({ what, hint: "h", link }, files);
  assertEquals(told(`Unhandled ${timeout}`), {
    what: "Unhandled timeout of KVServer.get, which clerk 0 called on server 1",
    where: ["client.ts:3"],
    hint: HINTS.unhandledTimeout,
  });
  const thrown = `get("k") threw ${timeout}`;
  assertEquals(told(thrown), { what: thrown, where: ["client.ts:3"], hint: "h" });
  assertEquals(told("Unhandled Error: x"), { what: "Unhandled Error: x", hint: "h" });
});
