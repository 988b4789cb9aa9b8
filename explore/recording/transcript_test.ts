import { assert, assertEquals } from "@std/assert";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { Recorder } from "./recording.ts";
import { eventLine, transcriptOf, transcriptText } from "./transcript.ts";

/** Records events at 1, 2, 3, … ms. */
function record(events: [event: TraceEvent, carried?: unknown][]) {
  const recorder = new Recorder();
  events.forEach(([event, carried], i) => recorder.hooks.listener(event, i + 1, carried));
  return recorder.recording;
}

const end = "clerk 0 to server 1";
const method = "KVServer.put";
const SENT: TraceEvent = { kind: "sent", message: 0, end, method, bytes: 9, content: 5 };

Deno.test("transcriptOf() has a line for each operation, message and fault, in order", () => {
  const recording = record([
    [{ kind: "called", client: 0, operation: "put", key: "k", value: "v" }],
    [SENT, { key: "k" }],
    [{ kind: "duplicated", message: 1, original: 0 }],
    [{ kind: "dropped", message: 0, what: "request", why: "lost" }],
    [{ kind: "fault", server: 0, what: "stopped" }],
    [{ kind: "delivered", message: 1, server: "server 1" }],
    [{ kind: "replied", message: 1, bytes: 2, content: 7 }, {}],
    [{ kind: "received", message: 1 }],
    [{ kind: "returned", client: 0, output: null }],
  ]);
  recording.outages.push({ server: 2, startMs: 4.5, endMs: 40 });
  assertEquals(transcriptOf(recording), [
    '      1.0  clerk 0: put("k", "v")',
    '      2.0    clerk 0 to server 1: KVServer.put {"key":"k"}, request lost',
    '      3.0    clerk 0 to server 1: KVServer.put {"key":"k"}, answered after 6.0 ms with {} ' +
    "(a duplicate, made by the network)",
    "      4.5  server 2 is out of the clerks' reach until 40.0 ms",
    "      5.0  server 0 stopped",
    "      9.0  clerk 0: returned",
  ]);
});

Deno.test("transcriptText() leaves out all but the last lines unless all are wanted", () => {
  const recording = record(Array.from({ length: 62 }, (_, i) => {
    return [{ kind: "fault", server: i, what: "stopped" }];
  }));
  const some = transcriptText(recording, { all: false }).split("\n");
  assertEquals(some.length, 61);
  assertEquals(some.slice(0, 2), [
    "(2 lines before these are left out; --all prints them, --html=run.html draws them)",
    "      3.0  server 2 stopped",
  ]);
  assertEquals(transcriptText(recording, { all: true }).split("\n").length, 62);
});

Deno.test("transcriptOf() escapes control characters", () => {
  const recording = record([[SENT, { key: "a\u202eb" }]]);
  recording.entries.push({ atMs: 2, machine: "clerk 0", printed: "one\u009b\ntwo" });
  assertEquals(transcriptOf(recording), [
    '      1.0    clerk 0 to server 1: KVServer.put {"key":"a\\u202eb"}, still on its way',
    "      2.0  clerk 0 printed: one\\u009b\n           two",
  ]);
});

Deno.test("transcriptOf() describes the outcome of a message that was not answered in time", () => {
  const delivered: TraceEvent = { kind: "delivered", message: 0, server: "server 1" };
  const replied: TraceEvent = { kind: "replied", message: 0, bytes: 2, content: 7 };
  const timedOut: TraceEvent = { kind: "timed out", message: 0 };
  const dropped = (what: "request" | "reply", why: "unreachable" | "no reply" | "late") => {
    return { kind: "dropped", message: 0, what, why } as const;
  };
  const cases: [told: string, after: TraceEvent[]][] = [
    ["still on its way", []],
    ["request unreachable, timed out after 2.0 ms", [dropped("request", "unreachable"), timedOut]],
    ["delivered after 1.0 ms, no reply, timed out after 2.0 ms", [
      ...[delivered, timedOut, dropped("reply", "no reply")],
    ]],
    ['delivered after 1.0 ms, replied with {"a":1', [
      ...[delivered, timedOut, replied, dropped("reply", "late")],
    ]],
  ];
  for (const [told, after] of cases) {
    const events = [SENT, ...after].map((event): [TraceEvent, unknown] => [event, { a: 1 }]);
    assertEquals(transcriptOf(record(events))[0]!.split("}, ")[1], told);
  }
});

Deno.test("eventLine() has every field but the hash", () => {
  assertEquals(
    eventLine({ atMs: 1.2345, event: SENT, carried: '{"key":"k"}' }),
    '1.234 ms: sent, message 0, end "clerk 0 to server 1", method "KVServer.put", bytes 9, {"key":"k"}',
  );
});

Deno.test("Recorder cuts long texts in the middle, and records values as they were sent", () => {
  const args = { value: "x".repeat(10_000), end: "here" };
  const { entries: [entry] } = record([[SENT, args]]);
  args.end = "changed";
  const { carried } = entry as { carried: string };
  assert(/^\{"value":"xxx.*…\[.*xxx","end":"here"\}$/.test(carried) && carried.length < 1000);
});
