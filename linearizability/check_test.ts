import { assert, assertEquals } from "@std/assert";
import { check, type CheckOptions, type Verdict } from "./check.ts";
import type { Operation } from "./history.ts";
import { kv } from "./kv.ts";
import { register, type RegisterOperation } from "./register.ts";

type Interval = [call: number, returned: number | null];
let clients = 0;

function get(output: string | undefined, [call, returned]: Interval, key = "k"): Operation {
  const operation = { client: clients++, op: "get" as const, key, call, return: returned };
  return output === undefined ? operation : { ...operation, output };
}

function put(value: string, [call, returned]: Interval, key = "k"): Operation {
  return { client: clients++, op: "put", key, value, call, return: returned };
}

function append(value: string, output: string | undefined, [call, returned]: Interval): Operation {
  const operation = { client: clients++, op: "append" as const, key: "k", value };
  const times = { call, return: returned };
  return output === undefined ? { ...operation, ...times } : { ...operation, output, ...times };
}

/** Histories, named after what they are. */
const KV_HISTORIES: Record<string, [Verdict, Operation[]]> = {
  "an empty history": ["linearizable", []],
  "one read of a missing key": ["linearizable", [get("", [0, 1])]],
  "one read of something": ["not linearizable", [get("a", [0, 1])]],
  "a read during a write, old value": ["linearizable", [put("a", [0, 3]), get("", [1, 2])]],
  "a read during a write, new value": ["linearizable", [put("a", [0, 3]), get("a", [1, 2])]],
  "a stale read": ["not linearizable", [put("a", [0, 1]), get("", [2, 3])]],
  "a read that returns as the write is called": [
    "linearizable",
    [put("a", [5, 6]), get("a", [0, 5])],
  ],
  "a read that returns before the write is called": [
    "not linearizable",
    [put("a", [5, 6]), get("a", [0, 4])],
  ],
  "new value, then old value, while the write goes on": [
    "not linearizable",
    [put("a", [0, 9]), get("a", [1, 2]), get("", [3, 4])],
  ],
  "zero-length operations at the same time": [
    "linearizable",
    [get("a", [3, 3]), put("a", [3, 3]), get("", [3, 3])],
  ],
  "the order of two writes reversed": [
    "not linearizable",
    [put("a", [0, 1]), put("b", [2, 3]), get("a", [4, 5])],
  ],
  "two readers that see two writes in two orders": [
    "not linearizable",
    [
      put("a", [0, 20]),
      put("b", [1, 21]),
      get("a", [2, 3]),
      get("b", [4, 5]),
      get("b", [2, 3]),
      get("a", [4, 5]),
    ],
  ],
  "a lost append": [
    "not linearizable",
    [append("a", "", [0, 1]), append("b", "", [2, 3]), get("b", [4, 5])],
  ],
  "an append executed twice": [
    "not linearizable",
    [append("a", "", [0, 1]), get("aa", [2, 3])],
  ],
  "appends whose results nobody saw": [
    "linearizable",
    [append("a", undefined, [0, 9]), append("b", undefined, [1, 8]), get("ba", [10, 11])],
  ],
  "appends whose results nobody saw, against real time": [
    "not linearizable",
    [append("a", undefined, [0, 1]), append("b", undefined, [2, 3]), get("ba", [4, 5])],
  ],
  "a write that never returned and happened": [
    "linearizable",
    [put("a", [0, null]), get("a", [5, 6])],
  ],
  "a write that never returned and never happened": [
    "linearizable",
    [put("a", [0, null]), get("", [5, 6])],
  ],
  "a write that never returned and happened for a while": [
    "not linearizable",
    [put("a", [0, null]), get("a", [5, 6]), get("", [7, 8])],
  ],
  "an append that never returned and happened late": [
    "linearizable",
    [append("a", undefined, [0, null]), put("b", [1, 2]), get("ba", [3, 4])],
  ],
  "a read that never returned": ["linearizable", [get(undefined, [0, null])]],
  "the same value written twice": [
    "linearizable",
    [put("a", [0, 1]), put("b", [2, 3]), put("a", [4, 5]), get("a", [6, 7])],
  ],
  "an append of nothing": [
    "linearizable",
    [append("", "", [0, 1]), append("", "", [0, 1]), get("", [2, 3])],
  ],
  "two keys that are fine": [
    "linearizable",
    [put("a", [0, 1], "x"), put("b", [2, 3], "y"), get("a", [4, 5], "x")],
  ],
  "two keys of which one is not": [
    "not linearizable",
    [put("a", [0, 1], "x"), put("b", [2, 3], "y"), get("", [4, 5], "y")],
  ],
};

const WAYS: Record<string, CheckOptions> = { "check()": {}, "search()": { searchOnly: true } };

for (const [way, options] of Object.entries(WAYS)) {
  for (const [name, [verdict, operations]] of Object.entries(KV_HISTORIES)) {
    Deno.test(`${way} finds ${verdict}: ${name}`, () => {
      assertEquals(check(kv, operations, options).verdict, verdict);
    });
  }
}

const at = ([call, returned]: Interval) => ({ client: clients++, call, return: returned });

const REGISTER_HISTORIES: Record<string, [Verdict, RegisterOperation[]]> = {
  "a read before any write": ["linearizable", [{ op: "read", output: null, ...at([0, 1]) }]],
  "a cas that succeeded": [
    "linearizable",
    [
      { op: "write", value: 1, ...at([0, 1]) },
      { op: "cas", value: [1, 2], output: true, ...at([2, 3]) },
      { op: "read", output: 2, ...at([4, 5]) },
    ],
  ],
  "a cas that failed but should not have": [
    "not linearizable",
    [
      { op: "write", value: 1, ...at([0, 1]) },
      { op: "cas", value: [1, 2], output: false, ...at([2, 3]) },
    ],
  ],
  "two cas that both won": [
    "not linearizable",
    [
      { op: "write", value: 1, ...at([0, 1]) },
      { op: "cas", value: [1, 2], output: true, ...at([2, 9]) },
      { op: "cas", value: [1, 3], output: true, ...at([2, 9]) },
    ],
  ],
  "two cas that lead to each other": [
    "not linearizable",
    [
      { op: "cas", value: [1, 2], output: true, ...at([0, 9]) },
      { op: "cas", value: [2, 1], output: true, ...at([0, 9]) },
    ],
  ],
  "a cas of which nobody knows whether it won": [
    "linearizable",
    [
      { op: "write", value: 1, ...at([0, 1]) },
      { op: "cas", value: [1, 2], ...at([2, null]) },
      { op: "read", output: 2, ...at([4, 5]) },
    ],
  ],
};

for (const [name, [verdict, operations]] of Object.entries(REGISTER_HISTORIES)) {
  Deno.test(`check() finds ${verdict}: ${name}`, () => {
    assertEquals(check(register, operations).verdict, verdict);
  });
}

Deno.test("check() gives the longest beginning and what gets stuck when it fails", () => {
  const operations = [
    put("a", [0, 1]),
    get("a", [2, 3]),
    put("b", [4, 5]),
    get("a", [6, 7]),
    get("b", [8, 9]),
  ];
  const [part] = check(kv, operations).parts;
  assertEquals(part!.order, [0, 1, 2]);
  assertEquals(part!.stuck, 3);
});

Deno.test("check() is inconclusive when it may not go on", () => {
  // Forty appends whose results nobody saw, and a value that they cannot lead to. Each
  // value is the beginning of the next one, so that what others found tells nothing.
  const value = (i: number) => "x".repeat(i + 1);
  const appends = Array.from({ length: 40 }, (_, i) => append(value(i), undefined, [0, 100]));
  const operations = [...appends, get(value(5000), [101, 102])];
  assertEquals(check(kv, operations, { configurationsMax: 1000 }).verdict, "inconclusive");
  let asked = 0;
  const isOver = () => ++asked > 3;
  const result = check(kv, operations, { isOver });
  assertEquals(result.verdict, "inconclusive");
  assertEquals(result.undecided, ["k"]);
});

Deno.test("check() takes no notice of what stands beside an operation that never returned", () => {
  const lost = append("p", "", [0, null]);
  const found = append("a", "", [1, 2]);
  assertEquals(check(kv, [lost, found]).verdict, "linearizable");
  const won: RegisterOperation = {
    client: 0,
    op: "cas",
    value: [5, 6],
    output: true,
    call: 0,
    return: null,
  };
  assertEquals(check(register, [won]).verdict, "linearizable");
});

Deno.test("check() decides at once when fifty appends at a time show nothing", () => {
  const appends = Array.from({ length: 50 }, (_, i) => append(`<${i}>`, undefined, [0, 100]));
  const all = appends.map(({ value }) => value).reverse().join("");
  const limits = { configurationsMax: 1000 };
  const seen = [...appends, get(all, [101, 102])];
  assertEquals(check(kv, seen, limits).verdict, "linearizable");
  const stale = [...seen, get(all.slice(0, -4), [103, 104])];
  assertEquals(check(kv, stale, limits).verdict, "not linearizable");
});

Deno.test("check() decides at once when many writes never returned", () => {
  const writes = Array.from({ length: 60 }, (_, i): RegisterOperation => {
    return { client: i, op: "write", value: i % 5, call: i, return: null };
  });
  const read = (output: number, call: number): RegisterOperation => {
    return { client: 99, op: "read", output, call, return: call + 1 };
  };
  const limits = { configurationsMax: 10_000 };
  const reads = Array.from({ length: 60 }, (_, i) => read(i % 5, 100 + 2 * i));
  assertEquals(check(register, [...writes, ...reads], limits).verdict, "linearizable");
  const tooMany = [...writes, ...reads, read(0, 300)];
  assertEquals(check(register, tooMany, limits).verdict, "not linearizable");
});

Deno.test("check() does not fall over when a history is deep", () => {
  const size = 200_000;
  const operations: Operation[] = [];
  for (let i = 0; i < size; i++) {
    const times = { client: i % 2, call: 2 * i, return: 2 * i + 2 };
    operations.push(
      i % 2 === 0
        ? { op: "put", key: "k", value: String(i), ...times }
        : { op: "get", key: "k", output: String(i - 1), ...times },
    );
  }
  assertEquals(check(kv, operations).verdict, "linearizable");
  const [part] = check(kv, operations, { searchOnly: true }).parts;
  assertEquals(part!.verdict, "linearizable");
  assertEquals(part!.order.length, size);
});

Deno.test("check() is not slowed down by reads at the same time", () => {
  // Without the rule for reads, these are 2^200 configurations.
  const reads = Array.from({ length: 200 }, () => get("a", [0, 100]));
  const operations = [put("a", [0, 100]), put("a", [0, 100]), ...reads, get("b", [200, 201])];
  const result = check(kv, operations, { searchOnly: true, configurationsMax: 1000 });
  assertEquals(result.verdict, "not linearizable");
  assert(result.parts[0]!.order.length === 202);
});
