import { assertEquals } from "@std/assert";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { faultsOf, messagesOf } from "./messages.ts";
import type { Entry } from "./recording.ts";

/** Entries at 1, 2, 3, … ms. */
function entries(...events: (TraceEvent | [event: TraceEvent, carried: string])[]): Entry[] {
  return events.map((event, i) => {
    return Array.isArray(event)
      ? { atMs: i + 1, event: event[0], carried: event[1] }
      : { atMs: i + 1, event };
  });
}

function sent(message: number): TraceEvent {
  const end = "clerk 0 to server 1";
  return { kind: "sent", message, end, method: "KVServer.get", bytes: 1, content: 1 };
}

const delivered = (message: number): TraceEvent => ({
  kind: "delivered",
  message,
  server: "server 1",
});
const replied = (message: number): TraceEvent => ({
  kind: "replied",
  message,
  bytes: 1,
  content: 1,
});
const received = (message: number): TraceEvent => ({ kind: "received", message });
const timedOut = (message: number): TraceEvent => ({ kind: "timed out", message });

const MESSAGE = { from: "clerk 0", to: "server 1", method: "KVServer.get", args: "{}" };

Deno.test("messagesOf() follows a message from its request to its reply", () => {
  const events = entries([sent(4), "{}"], delivered(4), [replied(4), '"x"'], received(4));
  assertEquals(messagesOf(events), [
    { ...MESSAGE, id: 4, sentMs: 1, deliveredMs: 2, repliedMs: 3, reply: '"x"', receivedMs: 4 },
  ]);
});

Deno.test("messagesOf() says what was lost, why and when, and when the caller gave up", () => {
  const drop = { kind: "dropped", message: 0, what: "request", why: "lost" } as const;
  assertEquals(messagesOf(entries([sent(0), "{}"], drop, timedOut(0))), [
    {
      ...MESSAGE,
      id: 0,
      sentMs: 1,
      dropped: { what: "request", why: "lost", atMs: 2 },
      timedOutMs: 3,
    },
  ]);
});

Deno.test("messagesOf() keeps a copy apart from its original", () => {
  const drop = { kind: "dropped", message: 0, what: "request", why: "lost" } as const;
  const copied = { kind: "duplicated", message: 1, original: 0 } as const;
  assertEquals(messagesOf(entries([sent(0), "{}"], drop, copied, delivered(1))), [
    { ...MESSAGE, id: 0, sentMs: 1, dropped: { what: "request", why: "lost", atMs: 2 } },
    { ...MESSAGE, id: 1, copyOf: 0, sentMs: 1, deliveredMs: 4 },
  ]);
});

Deno.test("faultsOf() has what the test did to servers, and what the network did", () => {
  const stop: TraceEvent = { kind: "fault", what: "server 2 stopped" };
  const start: TraceEvent = { kind: "fault", what: "server 2 started" };
  const recording = {
    entries: [...entries(stop, sent(0)), { atMs: 9, event: start }, { atMs: 9, printed: "hi" }],
    history: { model: "kv", operations: [] } as const,
    outages: [{ server: 0, startMs: 4, endMs: 20 }],
  };
  assertEquals(faultsOf(recording), [
    { atMs: 1, server: "server 2", what: "stopped" },
    { atMs: 4, server: "server 0", what: "stopped" },
    { atMs: 9, server: "server 2", what: "started" },
    { atMs: 20, server: "server 0", what: "started" },
  ]);
});
