import { assertEquals } from "@std/assert";
import { Trace } from "../sim/mod.ts";
import { foldTraceEvent, type TraceEvent } from "./trace_event.ts";

const EVENTS: TraceEvent[] = [
  { kind: "sent", message: 1, end: "e", method: "KVServer.get", bytes: 10, content: 5 },
  { kind: "delivered", message: 1, server: "server 0" },
  { kind: "dropped", message: 1, what: "request", why: "lost" },
  { kind: "replied", message: 1, bytes: 10, content: 5 },
  { kind: "received", message: 1 },
  { kind: "timed out", message: 1 },
  { kind: "called", client: 1, operation: "put", key: "a", value: "x" },
  { kind: "returned", client: 1, output: "x" },
  { kind: "returned", client: 1, output: null },
  { kind: "returned", client: 1, output: "" },
  { kind: "threw", client: 1, error: "Error: x" },
  { kind: "duplicated", message: 1, original: 0 },
  { kind: "fault", server: 0, what: "stopped" },
];

/** Returns an event once for each of its fields, with that field changed. The numbers of sent
 * messages follow from their order. */
function changed(event: TraceEvent): TraceEvent[] {
  return Object.entries(event)
    .filter(([field]) => field !== "kind" && !(event.kind === "sent" && field === "message"))
    .map(([field, value]) => {
      return { ...event, [field]: typeof value === "number" ? value + 1 : `${value ?? ""}+` };
    });
}

function digestOf(event: TraceEvent): string {
  const trace = new Trace(() => 0, foldTraceEvent);
  trace.record(event);
  // Followed by another event, so that a weak last step cannot hide a difference.
  trace.record({ kind: "received", message: 0 });
  return trace.digest;
}

Deno.test("foldTraceEvent() adds the kind and every field of an event", () => {
  const events = EVENTS.flatMap((event) => [event, ...changed(event)]);
  const texts = new Set(events.map((event) => JSON.stringify(event)));
  assertEquals(new Set(events.map(digestOf)).size, texts.size);
});
