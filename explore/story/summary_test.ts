import { assertEquals } from "@std/assert";
import { HINTS } from "../../testing/hints.ts";
import type { PageMessage } from "../../visualizer/mod.ts";
import { summaryOf } from "./summary.ts";

/** A request of clerk 0 that reached server 0. */
function request(id: number, sentMs: number, deliveredMs: number, fields: object): PageMessage {
  const args = JSON.stringify({ key: "0", ...fields });
  const parties = { from: "clerk 0", to: "server 0", method: "KVServer.append" };
  return { id, ...parties, args, sentMs, deliveredMs, receivedMs: deliveredMs };
}

const TWICE = { what: 'append("0", "b") was executed twice', hint: HINTS.executedTwice };

Deno.test("summaryOf() does not mistake an earlier request for a later operation", () => {
  const messages = [
    request(0, 0, 31, { value: "a" }),
    request(17, 30, 30.5, { value: "b" }),
    request(18, 130, 131, { value: "b", seq: 2 }),
    request(19, 130.5, 130.6, { value: "b", seq: 3 }),
  ];
  const told = summaryOf(messages, TWICE);
  assertEquals(told.includes("had gone on"), false, told);
  const later = request(20, 130.7, 130.8, { value: "c" });
  assertEquals(
    summaryOf([...messages.slice(1, 3), later], TWICE),
    "server 0 executed request 18 and, although clerk 0 had gone on to request 21, also request 19",
  );
});

Deno.test("summaryOf() counts the retries of a long chain, and separates different faults", () => {
  const dropped = { what: "request", why: "unreachable", atMs: 0 } as const;
  const chain = Array.from({ length: 50 }, (_, i): PageMessage => {
    const { receivedMs: _received, ...sent } = request(i, i * 100, i * 100 + 1, { value: "a" });
    return { ...sent, timedOutMs: i * 100 + 100, dropped };
  });
  const last = request(50, 5_000, 5_001, { value: "a" });
  const told = summaryOf([...chain, last], { what: "Livelock", hint: HINTS.livelock });
  assertEquals(
    told,
    "request 1 did not reach server 0, which was cut off; " +
      "clerk 0 retried 50 times, at last as request 51",
  );
  const [first, second] = chain;
  const reply = { ...second!, dropped: { ...dropped, what: "reply" } } as const;
  assertEquals(
    summaryOf([first!, reply, last], { what: "Livelock", hint: HINTS.livelock }),
    "request 1 did not reach server 0, which was cut off; clerk 0 retried as request 2; " +
      "server 0 was cut off before its reply to request 2 arrived; " +
      "clerk 0 retried as request 51",
  );
});

Deno.test("summaryOf() takes only an equal request of a server for a retry", () => {
  const copy = (id: number, version: number): PageMessage => {
    const { receivedMs: _received, ...sent } = request(id, id * 100, id * 100 + 1, { version });
    return { ...sent, from: "server 0", to: "server 1", method: "KVServer.copy" };
  };
  const dropped = { what: "reply", why: "lost", atMs: 2 } as const;
  const lost = { ...copy(0, 1), timedOutMs: 100, dropped };
  const told = (version: number) => {
    return summaryOf([lost, copy(1, version)], { what: "x", hint: HINTS.stale });
  };
  assertEquals(told(1), "the reply to request 1 was lost; server 0 retried as request 2");
  assertEquals(told(2), "the reply to request 1 was lost");
});
