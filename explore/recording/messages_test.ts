import { assertEquals } from "@std/assert";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { faultsOf } from "./messages.ts";

Deno.test("faultsOf() lists the outages of the test and of the network", () => {
  const entry = (atMs: number, event: TraceEvent) => ({ atMs, event });
  const recording = {
    entries: [
      entry(1, { kind: "fault", server: 2, what: "stopped" }),
      entry(2, { kind: "returned", client: 0, output: null }),
      entry(9, { kind: "fault", server: 2, what: "started" }),
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
