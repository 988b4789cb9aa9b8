import { assertEquals } from "@std/assert";
import { check } from "./check.ts";
import type { Operation } from "./history.ts";
import { kv } from "./kv.ts";
import { type ReasonKind, reasonOf } from "./reason.ts";
import { Work } from "./work.ts";

type Shape = Pick<Operation, "op" | "value" | "output">;

/** Operations one after the other. */
function inSequence(...shapes: Shape[]): Operation[] {
  return shapes.map((shape, i) => {
    return { client: 0, key: "k", ...shape, call: 2 * i, return: 2 * i + 1 };
  });
}

/** An operation with its client, call and return. */
function operation(
  client: number,
  op: Operation["op"],
  [call, returned]: [number, number | null],
  fields: { value?: string; output?: string },
): Operation {
  return { client, op, key: "k", ...fields, call, return: returned };
}

const REASONS: Record<ReasonKind, [Operation[], sentence: string]> = {
  "stale read": [
    inSequence(
      { op: "append", value: "a", output: "" },
      { op: "append", value: "b", output: "a" },
      { op: "get", output: "" },
      { op: "get", output: "ab" },
    ),
    'get("k") found an older value than append("k", "b") had written before it was called',
  ],
  "stale read or lost write": [
    inSequence({ op: "append", value: "a", output: "" }, { op: "get", output: "" }),
    'get("k") found an older value than append("k", "a") had written before it was called',
  ],
  "lost write": [
    inSequence(
      { op: "append", value: "a", output: "" },
      { op: "append", value: "b", output: "" },
      { op: "get", output: "b" },
    ),
    'append("k", "a") was lost: append("k", "b") was called after it returned, and did not see it',
  ],
  "append executed twice": [
    inSequence({ op: "append", value: "a", output: "" }, { op: "get", output: "aa" }),
    'append("k", "a") took effect twice',
  ],
  "value from nowhere": [
    inSequence({ op: "put", value: "a" }, { op: "get", output: "z" }),
    'get("k") saw a value that no order of the writes leads to',
  ],
  "order of two writes reversed": [
    [
      operation(0, "put", [0, 3], { value: "a" }),
      operation(1, "put", [1, 2], { value: "b" }),
      operation(2, "get", [4, 5], { output: "a" }),
      operation(3, "get", [6, 7], { output: "b" }),
    ],
    'get("k") of client 3 and get("k") of client 2 saw the writes in two different orders',
  ],
  "wrong result of an append": [
    [
      operation(0, "append", [0, 1], { value: "a", output: "" }),
      operation(0, "append", [2, 3], { value: "b", output: "" }),
      operation(1, "append", [4, 5], { value: "c", output: "ab" }),
    ],
    'append("k", "b") returned "", although append("k", "a") had returned before it was called',
  ],
  "put executed twice": [
    [
      operation(0, "put", [0, 10], { value: "a" }),
      operation(1, "get", [1, 2], { output: "a" }),
      operation(1, "put", [3, 4], { value: "b" }),
      operation(1, "get", [5, 6], { output: "b" }),
      operation(1, "get", [11, 12], { output: "a" }),
    ],
    'get("k") found "a" again, after it had been replaced: put("k", "a") took effect twice, ' +
    "or an older value was read",
  ],
  "contradiction": [
    [
      operation(0, "put", [0, 1], { value: "a" }),
      operation(0, "put", [2, 3], { value: "a" }),
      operation(0, "put", [4, 5], { value: "b" }),
      operation(1, "get", [6, 7], { output: "a" }),
    ],
    "No single operation is to blame: these 4 contradict each other",
  ],
};

Deno.test("reasonOf() says that an append was executed twice when it found its own value", () => {
  const [part] = check(kv, inSequence({ op: "append", value: "a", output: "a" })).parts;
  assertEquals(
    reasonOf(part!)?.sentence,
    'append("k", "a") found its own value: it took effect twice, or was answered with the new value',
  );
});

Deno.test("reasonOf() blames both reads when they see two puts in two orders", () => {
  const put = (value: string): Operation => {
    return { client: 0, op: "put", key: "k", value, call: 0, return: 10 };
  };
  const get = (client: number, output: string): Operation => {
    return { client, op: "get", key: "k", output, call: 11, return: 12 };
  };
  const [part] = check(kv, [put("a"), put("b"), get(1, "a"), get(2, "b")]).parts;
  assertEquals(
    reasonOf(part!)?.sentence,
    'get("k") of client 1 and get("k") of client 2 saw the writes in two different orders',
  );
});

Deno.test("reasonOf() says that a value was seen too early when it was written later", () => {
  const operations = inSequence({ op: "get", output: "p" }, { op: "put", value: "p" });
  assertEquals(
    reasonOf(check(kv, operations).parts[0]!)?.sentence,
    'get("k") saw what put("k", "p") wrote, and had returned before that was called',
  );
});

Deno.test("reasonOf() takes values apart, and does not count letters", () => {
  const operations = inSequence(
    { op: "append", value: "<1>", output: "" },
    { op: "append", value: "<11>", output: "<1>" },
    { op: "get", output: "<11>" },
  );
  assertEquals(
    reasonOf(check(kv, operations).parts[0]!)?.sentence,
    'get("k") did not see append("k", "<1>"), which had returned before it was called',
  );
});

Deno.test("reasonOf() says that two orders were seen when nobody saw what the appends found", () => {
  const append = (value: string): Operation => {
    return { client: 0, op: "append", key: "k", value, call: 0, return: 9 };
  };
  const get = (output: string, client: number): Operation => {
    return { client, op: "get", key: "k", output, call: 10, return: 11 };
  };
  const [part] = check(kv, [append("a"), append("b"), get("ab", 2), get("ba", 3)]).parts;
  assertEquals(
    reasonOf(part!)?.sentence,
    'get("k") of client 3 and get("k") of client 2 saw the writes in two different orders',
  );
});

Deno.test("reasonOf() says that a value was seen too early by an append", () => {
  const operations = inSequence(
    { op: "append", value: "a", output: "b" },
    { op: "append", value: "b", output: "" },
  );
  assertEquals(
    reasonOf(check(kv, operations).parts[0]!)?.sentence,
    'append("k", "a") saw what append("k", "b") wrote, and had returned before that was called',
  );
});

Deno.test("reasonOf() accuses nobody when there was no time to look for a culprit", () => {
  const told = (kind: ReasonKind) => {
    const [part] = check(kv, REASONS[kind][0]).parts;
    return reasonOf(part!, { work: new Work(0) })!;
  };
  assertEquals(told("stale read").kind, "stale read or lost write");
  assertEquals(
    told("value from nowhere").sentence,
    'get("k") saw a value that no order of the writes leads to, or an earlier result is wrong',
  );
});

for (const [kind, [operations, sentence]] of Object.entries(REASONS)) {
  Deno.test(`reasonOf() says ${kind} when that is why`, () => {
    const [part] = check(kv, operations).parts;
    const reason = reasonOf(part!);
    assertEquals(part!.verdict, "not linearizable");
    assertEquals(reason?.kind, kind);
    assertEquals(reason?.sentence, sentence);
  });
}
