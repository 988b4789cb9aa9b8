import { assert, assertEquals } from "@std/assert";
import { makeRepeated, makeUnique } from "../bench/histories.ts";
import { check } from "./check.ts";
import type { Operation } from "./history.ts";
import { readHistory } from "./history_fixture.ts";
import { kv } from "./models/kv.ts";
import { register, type RegisterOperation } from "./models/register.ts";

/** Makes an operation. */
function operation(
  op: Operation["op"],
  fields: Pick<Operation, "value" | "output">,
  [call, returned]: [number, number],
): Operation {
  return { client: call, op, key: "k", ...fields, call, return: returned };
}

const LINEARIZABLE = {
  "an empty history": "",
  "one read of a missing key": "get= 0-1",
  "a read during a write, old value": "put=a 0-3, get= 1-2",
  "a read during a write, new value": "put=a 0-3, get=a 1-2",
  "a read that returns as the write is called": "put=a 5-6, get=a 0-5",
  "zero-length operations at the same time": "get=a 3-3, put=a 3-3, get= 3-3",
  "appends with unknown results": "append=a 0-9, append=b 1-8, get=ba 10-11",
  "a write that never returned and happened": "put=a 0-?, get=a 5-6",
  "a write that never returned and never happened": "put=a 0-?, get= 5-6",
  "an append that never returned and happened late": "append=a 0-?, put=b 1-2, get=ba 3-4",
  "a read that never returned": "get 0-?",
  "a result beside an append that never returned": "append=p: 0-?, append=a: 1-2",
  "the same value written twice": "put=a 0-1, put=b 2-3, put=a 4-5, get=a 6-7",
  "an append of nothing": "append=: 0-1, append=: 0-1, get= 2-3",
  "two keys that are fine": "put=x/a 0-1, put=y/b 2-3, get=x/a 4-5",
  "a register's read before any write": "read=null 0-1",
  "a cas that succeeded": "write=1 0-1, cas=1:2:true 2-3, read=2 4-5",
  "a cas that never returned and succeeded": "write=1 0-1, cas=1:2 2-?, read=2 4-5",
  "a result beside a cas that never returned": "cas=5:6:true 0-?",
};

const NOT_LINEARIZABLE = {
  "one read of something": "get=a 0-1",
  "a stale read": "put=a 0-1, get= 2-3",
  "a read that returns before the write is called": "put=a 5-6, get=a 0-4",
  "new value, then old value, during the write": "put=a 0-9, get=a 1-2, get= 3-4",
  "the order of two writes reversed": "put=a 0-1, put=b 2-3, get=a 4-5",
  "two readers that see two writes in two orders":
    "put=a 0-20, put=b 1-21, get=a 2-3, get=b 4-5, get=b 2-3, get=a 4-5",
  "a lost append": "append=a: 0-1, append=b: 2-3, get=b 4-5",
  "an append executed twice": "append=a: 0-1, get=aa 2-3",
  "appends with unknown results, against real time": "append=a 0-1, append=b 2-3, get=ba 4-5",
  "a write that never returned and happened for a while": "put=a 0-?, get=a 5-6, get= 7-8",
  "two keys of which one is not": "put=x/a 0-1, put=y/b 2-3, get=y/ 4-5",
  "a cas that failed but should not have": "write=1 0-1, cas=1:2:false 2-3",
  "two cas that both won": "write=1 0-1, cas=1:2:true 2-9, cas=1:3:true 2-9",
  "two cas that lead to each other": "cas=1:2:true 0-9, cas=2:1:true 0-9",
};

for (
  const [verdict, histories] of [
    ["linearizable", LINEARIZABLE],
    ["not linearizable", NOT_LINEARIZABLE],
  ] as const
) {
  for (const [name, text] of Object.entries(histories)) {
    Deno.test(`check() finds ${verdict}: ${name}`, () => {
      for (const searchOnly of [false, true]) {
        const result = /^(?:read|write|cas)/.test(text)
          ? check(register, readHistory<RegisterOperation>(text), { searchOnly })
          : check(kv, readHistory<Operation>(text), { searchOnly });
        assertEquals(result.verdict, verdict);
      }
    });
  }
}

Deno.test("check() returns the longest linearizable beginning and the operation that does not fit", () => {
  const operations = readHistory<Operation>(
    "put=a 0-1, get=a 2-3, put=b 4-5, get=a 6-7, get=b 8-9",
  );
  const [part] = check(kv, operations).parts;
  assertEquals(part!.order, [0, 1, 2]);
  assertEquals(part!.stuck, 3);
});

Deno.test("check() needs no long search when fifty concurrent appends have unknown results", () => {
  const appends = Array.from(
    { length: 50 },
    (_, i) => operation("append", { value: `<${i}>` }, [0, 100]),
  );
  const all = appends.map(({ value }) => value).reverse().join("");
  const limits = { configurationsMax: 1000 };
  const seen = [...appends, operation("get", { output: all }, [101, 102])];
  assertEquals(check(kv, seen, limits).verdict, "linearizable");
  const stale = [...seen, operation("get", { output: all.slice(0, -4) }, [103, 104])];
  assertEquals(check(kv, stale, limits).verdict, "not linearizable");
});

Deno.test("check() needs no long search when many writes never returned", () => {
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

Deno.test("check() needs no search when a get found what no order of the writes leads to", () => {
  const history = makeRepeated({ operations: 300, clients: 40, pending: 0.05 });
  assertEquals(check(kv, history).verdict, "linearizable");
  const last = history.findLast(({ op, return: returned }) => op === "get" && returned !== null)!;
  last.output = "zz";
  assertEquals(check(kv, history, { configurationsMax: 1 }).verdict, "not linearizable");
});

Deno.test("check() does not overflow the stack when a history is long", () => {
  const operations = makeUnique({ operations: 30_000, clients: 2 });
  assertEquals(check(kv, operations).verdict, "linearizable");
  const [part] = check(kv, operations, { searchOnly: true }).parts;
  assertEquals(part!.verdict, "linearizable");
  assertEquals(part!.order.length, operations.length);
});

Deno.test("check() does not try concurrent reads in every order", () => {
  // Without the rule for reads, these are 2^200 configurations.
  const reads = Array.from({ length: 200 }, () => operation("get", { output: "a" }, [0, 100]));
  const put = operation("put", { value: "a" }, [0, 100]);
  const late = operation("get", { output: "b" }, [200, 201]);
  const operations = [put, { ...put }, ...reads, late];
  const result = check(kv, operations, { searchOnly: true, configurationsMax: 1000 });
  assertEquals(result.verdict, "not linearizable");
  assert(result.parts[0]!.order.length === 202);
});

Deno.test("check() distinguishes null from an unknown result by effects alone", () => {
  const { access: _, horizon: __, ...fewer } = register;
  const history = readHistory<RegisterOperation>("write=1 0-1, read=null 2-3, read 4-5");
  assertEquals(check(fewer, history).verdict, "not linearizable");
});
