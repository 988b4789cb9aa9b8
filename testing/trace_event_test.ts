import { assertEquals } from "@std/assert";
import { Trace } from "../sim/mod.ts";
import { foldTraceEvent, type TraceEvent } from "./trace_event.ts";

function digestOf(...events: TraceEvent[]): string {
  const trace = new Trace(() => 0, foldTraceEvent);
  for (const event of events) trace.record(event);
  return trace.digest;
}

/** For each kind the event, and the same event with one field changed. */
const VARIANTS: TraceEvent[][] = [
  [
    { kind: "sent", message: 1, end: "e", method: "KVServer.get", bytes: 10, content: 5 },
    { kind: "sent", message: 1, end: "f", method: "KVServer.get", bytes: 10, content: 5 },
    { kind: "sent", message: 1, end: "e", method: "KVServer.put", bytes: 10, content: 5 },
    { kind: "sent", message: 1, end: "e", method: "KVServer.get", bytes: 11, content: 5 },
    { kind: "sent", message: 1, end: "e", method: "KVServer.get", bytes: 10, content: -5 },
  ],
  [
    { kind: "delivered", message: 1, server: "server 0" },
    { kind: "delivered", message: 2, server: "server 0" },
    { kind: "delivered", message: 1, server: "server 1" },
  ],
  [
    { kind: "dropped", message: 1, what: "request", why: "lost" },
    { kind: "dropped", message: 2, what: "request", why: "lost" },
    { kind: "dropped", message: 1, what: "reply", why: "lost" },
    { kind: "dropped", message: 1, what: "request", why: "unreachable" },
  ],
  [
    { kind: "replied", message: 1, bytes: 10, content: 5 },
    { kind: "replied", message: 2, bytes: 10, content: 5 },
    { kind: "replied", message: 1, bytes: 11, content: 5 },
    { kind: "replied", message: 1, bytes: 10, content: 6 },
  ],
  [{ kind: "received", message: 1 }, { kind: "received", message: 2 }],
  [{ kind: "timed out", message: 1 }, { kind: "timed out", message: 2 }],
  [
    { kind: "called", client: 1, operation: "put", key: "a", value: "x" },
    { kind: "called", client: 2, operation: "put", key: "a", value: "x" },
    { kind: "called", client: 1, operation: "append", key: "a", value: "x" },
    { kind: "called", client: 1, operation: "put", key: "b", value: "x" },
    { kind: "called", client: 1, operation: "put", key: "a", value: "y" },
  ],
  [
    { kind: "returned", client: 1, output: "x" },
    { kind: "returned", client: 2, output: "x" },
    { kind: "returned", client: 1, output: "y" },
    { kind: "returned", client: 1, output: "" },
    { kind: "returned", client: 1, output: null },
  ],
  [
    { kind: "duplicated", message: 1, original: 0 },
    { kind: "duplicated", message: 2, original: 0 },
    { kind: "duplicated", message: 1, original: -1 },
  ],
  [{ kind: "fault", what: "server 0 stopped" }, { kind: "fault", what: "server 1 stopped" }],
];

Deno.test("foldTraceEvent() adds the kind and every field of an event", () => {
  // Followed by another event, so that a weak last step cannot hide a difference.
  const after: TraceEvent = { kind: "received", message: 0 };
  const events = VARIANTS.flat();
  assertEquals(new Set(events.map((event) => digestOf(event, after))).size, events.length);
});

Deno.test("foldTraceEvent() tells kinds with equal fields apart", () => {
  const digests = [
    digestOf({ kind: "received", message: 1 }),
    digestOf({ kind: "timed out", message: 1 }),
    digestOf({ kind: "called", client: 1, operation: "a", key: "", value: "" }),
    digestOf({ kind: "returned", client: 1, output: "a" }),
  ];
  assertEquals(new Set(digests).size, digests.length);
});
