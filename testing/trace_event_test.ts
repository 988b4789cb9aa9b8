import { assertEquals } from "@std/assert";
import { Trace } from "../sim/mod.ts";
import { foldTraceEvent, type TraceEvent } from "./trace_event.ts";

function digestOf(...events: TraceEvent[]): string {
  const trace = new Trace(() => 0, foldTraceEvent);
  for (const event of events) trace.record(event);
  return trace.digest;
}

/** For each kind the event, and the same event with one field changed. */
function variants<E extends TraceEvent>(event: E, ...changes: Partial<E>[]): TraceEvent[] {
  return [event, ...changes.map((change) => ({ ...event, ...change }))];
}

const VARIANTS: TraceEvent[][] = [
  variants(
    { kind: "sent", message: 1, end: "e", method: "KVServer.get", bytes: 10, content: 5 },
    ...[{ end: "f" }, { method: "KVServer.put" }, { bytes: 11 }, { content: -5 }],
  ),
  variants(
    { kind: "delivered", message: 1, server: "server 0" },
    ...[{ message: 2 }, { server: "server 1" }],
  ),
  variants<Extract<TraceEvent, { kind: "dropped" }>>(
    { kind: "dropped", message: 1, what: "request", why: "lost" },
    { message: 2 },
    { what: "reply" },
    { why: "unreachable" },
  ),
  variants(
    { kind: "replied", message: 1, bytes: 10, content: 5 },
    ...[{ message: 2 }, { bytes: 11 }, { content: 6 }],
  ),
  variants({ kind: "received", message: 1 }, { message: 2 }),
  variants({ kind: "timed out", message: 1 }, { message: 2 }),
  variants(
    { kind: "called", client: 1, operation: "put", key: "a", value: "x" },
    ...[{ client: 2 }, { operation: "append" }, { key: "b" }, { value: "y" }],
  ),
  variants<Extract<TraceEvent, { kind: "returned" }>>(
    { kind: "returned", client: 1, output: "x" },
    ...[{ client: 2 }, { output: "y" }, { output: "" }, { output: null }],
  ),
  variants({ kind: "duplicated", message: 1, original: 0 }, { message: 2 }, { original: -1 }),
  variants({ kind: "fault", what: "server 0 stopped" }, { what: "server 1 stopped" }),
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
