import { assertEquals, assertMatch } from "@std/assert";
import { Trace } from "./trace.ts";

/** The digest of events that happened at the given times, or all at 0. */
function digestOf(events: unknown[], timesMs: number[] = []): string {
  let atMs = 0;
  const trace = new Trace(() => atMs);
  events.forEach((event, i) => {
    atMs = timesMs[i] ?? 0;
    trace.record(event);
  });
  return trace.digest;
}

Deno.test("Trace.digest depends on the content, order and number of the events", () => {
  const digests = [[], ["a"], ["b"], ["a", "b"], ["b", "a"], ["a", "a"], ["a", "a", "a"]]
    .map((events) => digestOf(events));
  assertEquals(new Set(digests).size, digests.length);
  for (const digest of digests) assertMatch(digest, /^[0-9a-f]{16}$/);
  assertEquals(digestOf(["a", "b"]), digestOf(["a", "b"]));
});

Deno.test("Trace.digest depends on the times of the events", () => {
  const digests = [[0, 0], [0, 0.001], [0.001, 0.001], [0, 1], [0, 3_600_000]]
    .map((timesMs) => digestOf(["a", "a"], timesMs));
  assertEquals(new Set(digests).size, digests.length);
});
