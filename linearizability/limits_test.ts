import { assert, assertEquals } from "@std/assert";
import { check } from "./check.ts";
import type { Operation } from "./history.ts";
import { kv } from "./kv.ts";

/** Makes forty appends at a time whose values can be taken apart in many ways, and a get
 * that finds what they cannot lead to: a search without an end in sight. */
function hardKey(key: string): Operation[] {
  const append = (i: number): Operation => {
    return { client: i, op: "append", key, value: "x".repeat(i + 1), call: 0, return: 100 };
  };
  const output = "x".repeat(5000);
  return [
    ...Array.from({ length: 40 }, (_, i) => append(i)),
    { client: 40, op: "get", key, output, call: 101, return: 102 },
  ];
}

/** Makes a key that the search refutes, but not within its first turn. */
function slowBadKey(key: string): Operation[] {
  return hardKey(key).filter(({ client }) => client < 14 || client === 40);
}

/** Returns a limit that is over after some milliseconds. */
function after(limitMs: number): () => boolean {
  const startMs = performance.now();
  return () => performance.now() > startMs + limitMs;
}

Deno.test("check() refutes a history by its last key when the first keys are too hard", () => {
  const history = [...hardKey("a"), ...hardKey("b"), ...slowBadKey("c")];
  const { verdict, undecided } = check(kv, history, { isOver: after(20_000) });
  assertEquals(verdict, "not linearizable");
  assertEquals(undecided, ["a", "b"]);
});

Deno.test("check() is inconclusive when configurations take more bytes than it may use", () => {
  const { verdict } = check(kv, hardKey("k"), { bytesMax: 1 << 20 });
  assertEquals(verdict, "inconclusive");
});

Deno.test("check() counts kilobytes of state when nine appends of many are under way", () => {
  const letters = "abcdefghi";
  const history = [...letters].map((letter, client): Operation => {
    return { client, op: "append", key: "k", value: letter.repeat(4000), call: 0, return: 100 };
  });
  const get = (output: string, call: number): Operation => {
    return { client: 9, op: "get", key: "k", output, call, return: call + 1 };
  };
  const all = [...letters].map((letter) => letter.repeat(4000)).join("");
  // Called while the appends are under way, so that each is the beginning of something.
  history.push(get(all, 101), get("", 0));
  assertEquals(check(kv, history, { searchOnly: true }).verdict, "linearizable");
  // A model that cannot say which states are lost meets all of them.
  const { horizon: _, infer: __, ...plain } = kv;
  const spoiled = [...history.slice(0, 9), get("z", 101)];
  const { verdict } = check(plain, spoiled, { searchOnly: true, bytesMax: 50_000_000 });
  assertEquals(verdict, "inconclusive");
});

Deno.test("check() keeps the time when there are 100,000 keys", () => {
  const history = Array.from({ length: 100_000 }, (_, i): Operation => {
    return { client: 0, op: "put", key: String(i), value: "a", call: i, return: i };
  });
  const startMs = performance.now();
  const { verdict, undecided } = check(kv, history, { isOver: () => true });
  assertEquals(verdict, "inconclusive");
  assert(undecided.length > 99_000);
  assert(performance.now() - startMs < 5000);
});

Deno.test("check() keeps the time when 3,000 operations never returned", () => {
  const history: Operation[] = Array.from({ length: 3000 }, (_, i) => {
    const value = "x".repeat(1 + i % 7) + (i % 11);
    return { client: i, op: "append", key: "k", value, call: i, return: null };
  });
  const end = { op: "get" as const, key: "k", output: "x1xx2x3zx", call: 3000, return: 3001 };
  history.push({ client: 3000, ...end });
  const startMs = performance.now();
  check(kv, history, { isOver: after(300), searchOnly: true });
  assert(performance.now() - startMs < 5000);
});
