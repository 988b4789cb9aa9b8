import { assertEquals } from "@std/assert";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { faultsOf, messagesOf } from "./messages.ts";
import type { Entry } from "./recording.ts";

/** Entries at 1, 2, 3, … ms. */
function entries(...events: [event: TraceEvent, carried?: string][]): Entry[] {
  return events.map(([event, carried], i) => ({ atMs: i + 1, event, ...carried && { carried } }));
}

const sent = (message: number): TraceEvent => {
  const end = "clerk 0 to server 1";
  return { kind: "sent", message, end, method: "KVServer.get", bytes: 1, content: 1 };
};
const DROPPED = { kind: "dropped", message: 0, what: "request", why: "lost" } as const;
const MESSAGE = { from: "clerk 0", to: "server 1", method: "KVServer.get", args: "{}", sentMs: 1 };

Deno.test("messagesOf() keeps a duplicate apart from its original", () => {
  const events = entries(
    [sent(0), "{}"],
    [DROPPED],
    [{ kind: "duplicated", message: 1, original: 0 }],
    [{ kind: "delivered", message: 1, server: "server 1" }],
  );
  assertEquals(messagesOf(events), [
    { ...MESSAGE, id: 0, dropped: { what: "request", why: "lost", atMs: 2 } },
    { ...MESSAGE, id: 1, duplicateOf: 0, deliveredMs: 4 },
  ]);
});

Deno.test("faultsOf() lists outages made by the test and by the network", () => {
  const recording = {
    entries: [
      ...entries([{ kind: "fault", what: "server 2 stopped" }], [sent(0)]),
      { atMs: 9, event: { kind: "fault", what: "server 2 started" } } as const,
      { atMs: 9, printed: "hi" },
    ],
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
