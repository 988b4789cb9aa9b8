import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Random } from "../sim/random.ts";
import { believing } from "./believing.ts";
import { check, type PartResult } from "./check.ts";
import { findConflict } from "./conflict.ts";
import { FAULTS, faultyStore } from "./faulty_store_fixture.ts";
import type { Operation } from "./history.ts";
import { kv } from "./kv.ts";
import { reasonOf } from "./reason.ts";
import { register, type RegisterOperation } from "./register.ts";
import { Work } from "./work.ts";

/** The operations of a run of one key: when each was called, took effect and returned. */
const runs = fc.array(
  fc.record({
    client: fc.nat(3),
    op: fc.constantFrom("get" as const, "put" as const, "append" as const),
    before: fc.nat(6),
    after: fc.nat(6),
    isSeen: fc.boolean(),
  }),
  { minLength: 2, maxLength: 12 },
);

type Run = typeof runs extends fc.Arbitrary<infer T> ? T : never;

/** Makes a linearizable history: operations take effect in their order. */
function historyOf(run: Run): Operation[] {
  let state = "";
  return run.map(({ client, op, before, after, isSeen }, i): Operation => {
    const times = { call: 10 * i - 10 * before, return: 10 * i + 10 * after + 5 };
    const found = state;
    const value = `<${i}>`;
    if (op === "put") state = value;
    if (op === "append") state += value;
    return {
      client,
      op,
      key: "k",
      ...op === "get" ? {} : { value },
      ...op === "get" || op === "append" && isSeen ? { output: found } : {},
      ...times,
    };
  });
}

/** Stands for a part in which nothing is wrong. */
const LINEARIZABLE = { verdict: "linearizable" } as PartResult<Operation>;
const FAULTY_RUNS = 1500;
const WRONG = ["", "<0>", "<1>", "<0><1>", "<1><2>", "nobody wrote this"];

Deno.test("findConflict() suspects the only operation that lied", () => {
  let single = 0;
  fc.assert(
    fc.property(runs, fc.nat(), fc.constantFrom(...WRONG), (run, place, output) => {
      const operations = historyOf(run);
      const seen = operations.filter((operation) => operation.output !== undefined);
      const liar = seen[place % Math.max(seen.length, 1)];
      fc.pre(liar !== undefined && liar.output !== output);
      liar.output = output;
      const { parts: [part], verdict } = check(kv, operations);
      fc.pre(verdict === "not linearizable");
      const { operations: named, conflict } = reasonOf(part!)!;
      const { replies, subset, last, suspects, isMinimal } = conflict!;
      assert(isMinimal);
      assert(replies.includes(liar));
      assert(suspects.some(({ operation }) => operation === liar), "an innocent is accused");
      // By itself, the subset is not linearizable, nor is it without what came later.
      assertEquals(check(kv, subset).verdict, "not linearizable");
      assert(replies.every((reply) => reply.return! <= last.return!));
      if (suspects.length > 1) return;
      single++;
      assertEquals(named[0], liar);
    }),
    { numRuns: 800, seed: 1 },
  );
  assert(single > 40);
});

/** Returns true if a history is linearizable of which only some replies are believed. */
function isWell(operations: readonly Operation[], replies: readonly Operation[]): boolean {
  const history = [...believing(kv, operations, replies, undefined).keys()];
  return check(kv, history).verdict === "linearizable";
}

Deno.test("findConflict() returns replies of which none can be left out", () => {
  let conflicts = 0;
  for (let run = 0; run < FAULTY_RUNS / 3; run++) {
    const operations = faultyStore(new Random(run))?.operations ?? [];
    const conflict = findConflict(kv, check(kv, operations).parts[0] ?? LINEARIZABLE);
    if (conflict === undefined) continue;
    const { replies, last, isMinimal } = conflict;
    conflicts++;
    assert(isMinimal);
    assert(!isWell(operations, replies));
    for (const reply of replies) {
      assert(isWell(operations, replies.filter((other) => other !== reply)));
    }
    // Up to the last of them, the history is linearizable.
    const before = operations.filter((operation) => {
      return operation.return !== null && operation.return < last.return!;
    });
    assert(isWell(operations, before));
  }
  assert(conflicts > FAULTY_RUNS / 10);
});

for (const [size, runs] of [[9, FAULTY_RUNS], [70, FAULTY_RUNS / 10]] as const) {
  Deno.test(`reasonOf() accuses only what a store did wrong, of ${size} operations or so`, () => {
    const singles = new Map<string, number>(FAULTS.map((fault) => [fault, 0]));
    for (let run = 0; run < runs; run++) {
      const faulty = faultyStore(new Random(run), size);
      if (faulty === undefined) continue;
      const { operations, culprit, fault } = faulty;
      const { verdict, parts: [part] } = check(kv, operations);
      if (verdict !== "not linearizable") continue;
      const { conflict, operations: named, sentence } = reasonOf(part!)!;
      if (conflict?.suspects.length !== 1) continue;
      const history = `${fault}: ${sentence} ${JSON.stringify(operations)}`;
      assertEquals(conflict.suspects[0]!.operation, culprit, history);
      assert(named.includes(culprit), history);
      singles.set(fault, singles.get(fault)! + 1);
    }
    for (const [fault, count] of singles) assert(count > runs / 100, `${fault}: ${count}`);
  });
}

Deno.test("findConflict() keeps only the replies that contradict each other", () => {
  const operations = historyOf(Array.from({ length: 200 }, (_, i) => {
    const op = i % 2 === 1 ? "get" as const : "append" as const;
    return { client: i % 5, op, before: 0, after: 0, isSeen: true };
  }));
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

Deno.test("findConflict() returns what it knows when its work is used up", () => {
  const operations = historyOf(Array.from({ length: 50 }, (_, i) => {
    const op = i % 2 === 1 ? "get" as const : "append" as const;
    return { client: i % 5, op, before: 0, after: 0, isSeen: true };
  }));
  operations[31]!.output = "";
  const [part] = check(kv, operations).parts;
  assertEquals(findConflict(kv, part!, { work: new Work(0) }), undefined);
  for (let steps = 1_000; steps < 100_000; steps += 1_000) {
    const conflict = findConflict(kv, part!, { work: new Work(steps) });
    if (conflict === undefined) continue;
    assertEquals(conflict.last, operations[31]);
    assertEquals(check(kv, conflict.subset).verdict, "not linearizable");
  }
  assertEquals(findConflict(kv, part!, { isOver: () => true }), undefined);
});
