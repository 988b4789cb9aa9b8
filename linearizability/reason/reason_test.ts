import { assertEquals } from "@std/assert";
import { check } from "../check.ts";
import type { Operation } from "../history.ts";
import { readHistory } from "../history_fixture.ts";
import { kv } from "../models/kv.ts";
import { type Reason, type ReasonKind, reasonOf, type ReasonOptions } from "./reason.ts";

/** Returns the reason of a history that is not linearizable. */
function reason(text: string, options?: ReasonOptions): Reason | undefined {
  const { verdict, parts: [part] } = check(kv, readHistory<Operation>(text));
  assertEquals(verdict, "not linearizable");
  return reasonOf(part!, options);
}

const REASONS: Record<ReasonKind, [history: string, sentence: string]> = {
  "stale read": [
    "append=a: 0-1, append=b:a 2-3, get= 4-5, get=ab 6-7",
    'get("k") found an older value than append("k", "b") had written before it was called',
  ],
  "stale read or lost write": [
    "append=a: 0-1, get= 2-3",
    'get("k") found an older value than append("k", "a") had written before it was called',
  ],
  "lost write": [
    "append=a: 0-1, append=b: 2-3, get=b 4-5",
    'append("k", "a") was lost: append("k", "b") was called after it returned, and did not see it',
  ],
  "append executed twice": [
    "append=a: 0-1, get=aa 2-3",
    'append("k", "a") took effect twice',
  ],
  "value from nowhere": [
    "put=a 0-1, get=z 2-3",
    'get("k") saw a value that no order of the writes leads to',
  ],
  "order of two writes reversed": [
    "put=a 0-3, put=b 1-2, get=a 4-5, get=b 6-7",
    'get("k") of client 3 and get("k") of client 2 saw the writes in two different orders',
  ],
  "wrong result of an append": [
    "append=a: 0-1, append=b: 2-3, append=c:ab 4-5",
    'append("k", "b") returned "", although append("k", "a") had returned before it was called',
  ],
  "put executed twice": [
    "put=a 0-10, get=a 1-2, put=b 3-4, get=b 5-6, get=a 11-12",
    'get("k") found "a" again, after it had been replaced: put("k", "a") took effect twice, ' +
    "or an older value was read",
  ],
  "contradiction": [
    "put=a 0-1, put=a 2-3, put=b 4-5, get=a 6-7",
    "No single operation is to blame: these 4 contradict each other",
  ],
};

/** Other histories, by what they show. */
const OTHERS: Record<string, [history: string, sentence: string]> = {
  "an append was executed twice when it found its own value": [
    "append=a:a 0-1",
    'append("k", "a") found its own value: it took effect twice, or was answered with the new value',
  ],
  "two reads saw two puts in different orders": [
    "put=a 0-10, put=b 0-10, get=a 11-12, get=b 11-12",
    'get("k") of client 2 and get("k") of client 3 saw the writes in two different orders',
  ],
  "a get saw a value before it was written": [
    "get=p 0-1, put=p 2-3",
    'get("k") saw what put("k", "p") wrote, and had returned before that was called',
  ],
  "an append was missed when its value was seen only as part of another": [
    "append=<1>: 0-1, append=<11>:<1> 2-3, get=<11> 4-5",
    'get("k") did not see append("k", "<1>"), which had returned before it was called',
  ],
  "two reads saw two appends without results in different orders": [
    "append=a 0-9, append=b 0-9, get=ab 10-11, get=ba 10-11",
    'get("k") of client 3 and get("k") of client 2 saw the writes in two different orders',
  ],
  "an append saw a value before it was written": [
    "append=a:b 0-1, append=b: 2-3",
    'append("k", "a") saw what append("k", "b") wrote, and had returned before that was called',
  ],
};

for (const [what, [history, sentence]] of Object.entries(OTHERS)) {
  Deno.test(`reasonOf() says that ${what}`, () => {
    assertEquals(reason(history)?.sentence, sentence);
  });
}

Deno.test("reasonOf() accuses no operation when it has no time to look for the culprit", () => {
  const told = (kind: ReasonKind) => reason(REASONS[kind][0], { work: { stepsLeft: 0 } });
  assertEquals(told("stale read")?.kind, "stale read or lost write");
  assertEquals(
    told("value from nowhere")?.sentence,
    'get("k") saw a value that no order of the writes leads to, or an earlier result is wrong',
  );
});

Deno.test("reasonOf() ignores the words of sentences in values", () => {
  const operations = readHistory<Operation>("append=a: 0-1, append=b: 2-3");
  const lost = operations.map((operation) => {
    return { ...operation, value: `${operation.value} was lost: no` };
  });
  const told = reasonOf(check(kv, lost).parts[0]!, { work: { stepsLeft: 0 } });
  assertEquals(told?.kind, "lost write");
});

for (const [kind, [history, sentence]] of Object.entries(REASONS)) {
  Deno.test(`reasonOf() recognizes: ${kind}`, () => {
    const found = reason(history);
    assertEquals([found?.kind, found?.sentence], [kind, sentence]);
  });
}
