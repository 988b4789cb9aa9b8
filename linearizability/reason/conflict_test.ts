import { assert, assertEquals } from "@std/assert";
import { Random } from "../../sim/random.ts";
import { historyWithReplies } from "./suspects.ts";
import { check, type PartResult } from "../check.ts";
import { findConflict } from "./conflict.ts";
import { FAULTS, faultyStore } from "./faulty_store_fixture.ts";
import type { Operation } from "../history.ts";
import { kv } from "../models/kv.ts";
import { reasonOf } from "./reason.ts";
import { register, type RegisterOperation } from "../models/register.ts";

/** Makes a sequence of appends, each followed by a get. */
function sequence(size: number): Operation[] {
  let state = "";
  return Array.from({ length: size }, (_, i): Operation => {
    const times = { client: i % 5, key: "k", output: state, call: 10 * i, return: 10 * i + 5 };
    if (i % 2 === 1) return { op: "get", ...times };
    state += `<${i}>`;
    return { op: "append", value: `<${i}>`, ...times };
  });
}

/** Stands for a part in which nothing is wrong. */
const LINEARIZABLE = { verdict: "linearizable" } as PartResult<Operation>;
const FAULTY_RUNS = 750;

/** Returns true if a history is linearizable when only some replies are believed. */
function isLinearizable(operations: readonly Operation[], replies: readonly Operation[]): boolean {
  const history = [...historyWithReplies(kv, operations, replies, undefined).keys()];
  return check(kv, history).verdict === "linearizable";
}

Deno.test("findConflict() returns only replies that are needed", () => {
  let conflicts = 0;
  for (let run = 0; run < FAULTY_RUNS / 3; run++) {
    const operations = faultyStore(new Random(run))?.operations ?? [];
    const conflict = findConflict(kv, check(kv, operations).parts[0] ?? LINEARIZABLE);
    if (conflict === undefined) continue;
    const { replies, last, isMinimal } = conflict;
    conflicts++;
    assert(isMinimal);
    assert(!isLinearizable(operations, replies));
    for (const reply of replies) {
      assert(isLinearizable(operations, replies.filter((other) => other !== reply)));
    }
    // Up to the last of them, the history is linearizable.
    const before = operations.filter((operation) => {
      return operation.return !== null && operation.return < last.return!;
    });
    assert(isLinearizable(operations, before));
  }
  assert(conflicts > FAULTY_RUNS / 10);
});

for (const [size, runs] of [[9, FAULTY_RUNS], [70, FAULTY_RUNS / 10]] as const) {
  Deno.test(`reasonOf() accuses only the faulty operation, in about ${size} operations`, () => {
    const singles = new Map<string, number>(FAULTS.map((fault) => [fault, 0]));
    for (let run = 0; run < runs; run++) {
      const faulty = faultyStore(new Random(run), size);
      if (faulty === undefined) continue;
      const { operations, culprit, fault } = faulty;
      const { verdict, parts: [part] } = check(kv, operations);
      if (verdict !== "not linearizable") continue;
      const { conflict, operations: named, sentence } = reasonOf(part!)!;
      const { suspects = [], subset = [], replies = [] } = conflict ?? {};
      assertEquals(check(kv, subset).verdict, "not linearizable");
      if (fault === "wrong result") {
        assert(replies.includes(culprit));
        assert(suspects.some(({ operation }) => operation === culprit));
      }
      if (suspects.length !== 1) continue;
      const history = `${fault}: ${sentence} ${JSON.stringify(operations)}`;
      assertEquals(suspects[0]!.operation, culprit, history);
      assert(named.includes(culprit), history);
      singles.set(fault, singles.get(fault)! + 1);
    }
    for (const [fault, count] of singles) assert(count > runs / 100, `${fault}: ${count}`);
  });
}

Deno.test("findConflict() keeps only the replies that contradict each other", () => {
  const operations = sequence(200);
  operations[101]!.output = operations[99]!.output!;
  const conflict = findConflict(kv, check(kv, operations).parts[0]!)!;
  assertEquals(conflict.replies, [operations[100]!, operations[101]!]);
  // The read was stale, or the append returned before it was done.
  assertEquals(conflict.suspects, [
    { operation: operations[101]!, fault: "result" },
    { operation: operations[100]!, fault: "reply" },
  ]);
  assertEquals(conflict.stuck, operations[101]);
  assertEquals(conflict.order.length, 101);
});

Deno.test("findConflict() accuses the read of a register that others contradict", () => {
  const at = (call: number) => ({ client: call % 3, call, return: call + 0.5 });
  const operations: RegisterOperation[] = [
    { op: "write", value: 1, ...at(0) },
    { op: "write", value: 2, ...at(1) },
    { op: "read", output: 1, ...at(2) },
    { op: "read", output: 2, ...at(3) },
    { op: "cas", value: [2, 3], output: true, ...at(4) },
  ];
  const conflict = findConflict(register, check(register, operations).parts[0]!)!;
  assertEquals(conflict.last, operations[2]);
  assert(conflict.subset.includes(operations[1]!) && !conflict.subset.includes(operations[4]!));
});

Deno.test("findConflict() returns a partial result when its work is used up", () => {
  const operations = sequence(50);
  operations[31]!.output = "";
  const [part] = check(kv, operations).parts;
  assertEquals(findConflict(kv, part!, { work: { stepsLeft: 0 } }), undefined);
  for (let steps = 1_000; steps < 100_000; steps *= 1.2) {
    const conflict = findConflict(kv, part!, { work: { stepsLeft: steps } });
    if (conflict === undefined) continue;
    assertEquals(conflict.last, operations[31]);
    assertEquals(check(kv, conflict.subset).verdict, "not linearizable");
  }
  assertEquals(findConflict(kv, part!, { isOver: () => true }), undefined);
});
