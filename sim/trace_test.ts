import { assertEquals, assertMatch, assertNotStrictEquals } from "@std/assert";
import { Trace, type TraceEvent } from "./trace.ts";

/** The digest of events that happened at the given times, or all at 0. */
function digestOf(events: TraceEvent[], timesMs: number[] = []): string {
  let atMs = 0;
  const trace = new Trace(() => atMs);
  events.forEach((event, i) => {
    atMs = timesMs[i] ?? 0;
    trace.record(event);
  });
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
  ],
  [
    { kind: "copied", message: 1, original: 0 },
    { kind: "copied", message: 2, original: 0 },
    { kind: "copied", message: 1, original: -1 },
  ],
  [{ kind: "fault", what: "server 0 stopped" }, { kind: "fault", what: "server 1 stopped" }],
];

for (const variants of VARIANTS) {
  Deno.test(`Trace.digest depends on every field, when "${variants[0]!.kind}" is recorded`, () => {
    const after: TraceEvent = { kind: "received", message: 0 };
    const digests = new Set(variants.map((event) => digestOf([event, after])));
    assertEquals(digests.size, variants.length);
  });
}

Deno.test("Trace.digest depends on the kind, when all else is equal", () => {
  const digests = [
    digestOf([{ kind: "received", message: 1 }]),
    digestOf([{ kind: "timed out", message: 1 }]),
    digestOf([{ kind: "called", client: 1, operation: "a", key: "", value: "" }]),
    digestOf([{ kind: "returned", client: 1, output: "a" }]),
  ];
  assertEquals(new Set(digests).size, digests.length);
});

Deno.test("Trace.digest tells no output from an empty one, when an operation returns", () => {
  assertNotStrictEquals(
    digestOf([{ kind: "returned", client: 1, output: null }]),
    digestOf([{ kind: "returned", client: 1, output: "" }]),
  );
});

Deno.test("Trace.digest depends on order, when the events are the same", () => {
  const [first, second] = VARIANTS[4] as [TraceEvent, TraceEvent];
  assertNotStrictEquals(digestOf([first, second]), digestOf([second, first]));
});

Deno.test("Trace.digest depends on how many there are, when the events are the same", () => {
  const event: TraceEvent = { kind: "received", message: 0 };
  const digests = [0, 1, 2, 3].map((count) => digestOf(Array<TraceEvent>(count).fill(event)));
  assertEquals(new Set(digests).size, 4);
});

Deno.test("Trace.digest depends on the time, when the events are the same", () => {
  const event: TraceEvent = { kind: "received", message: 1 };
  const digests = [
    digestOf([event, event], [0, 0]),
    digestOf([event, event], [0, 0.001]),
    digestOf([event, event], [0.001, 0.001]),
    digestOf([event, event], [0, 1]),
    digestOf([event, event], [0, 3_600_000]),
  ];
  assertEquals(new Set(digests).size, digests.length);
});

Deno.test("Trace.digest is the same 16 hexadecimal digits, when the events are the same", () => {
  const events = VARIANTS.flat();
  const timesMs = events.map((_, i) => i * 0.7);
  const digest = digestOf(events, timesMs);
  assertEquals(digestOf(events, timesMs), digest);
  for (let count = 0; count <= events.length; count++) {
    assertMatch(digestOf(events.slice(0, count)), /^[0-9a-f]{16}$/);
  }
});

Deno.test("Trace.record() tells the listener of every event and its time, when there is one", () => {
  let atMs = 0;
  const heard: [TraceEvent, number, unknown][] = [];
  const trace = new Trace(() => atMs, (...heardNow) => heard.push(heardNow));
  const events = VARIANTS.flat();
  for (const [i, event] of events.entries()) {
    atMs += 1.5;
    trace.record(event, { carried: i });
  }
  assertEquals(heard, events.map((event, i) => [event, (i + 1) * 1.5, { carried: i }]));
  assertEquals(trace.count, events.length);
});

Deno.test("Trace.digest is the same with and without a listener, when the events are", () => {
  const trace = new Trace(() => 0, () => {});
  for (const event of VARIANTS.flat()) trace.record(event, "something");
  assertEquals(trace.digest, digestOf(VARIANTS.flat()));
});
