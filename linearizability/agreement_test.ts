/**
 * The two ways of deciding agree with each other, and both with trying every order,
 * on thousands of small random histories: some from a run of the object, some spoiled.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { check } from "./check.ts";
import type { Operation } from "./history.ts";
import { kv } from "./kv.ts";
import type { Model, Timed } from "./model.ts";
import { register, type RegisterOperation } from "./register.ts";

const RUNS = 5000;

/** Tries every order. */
function decideByForce<Op extends Timed, S>(model: Model<Op, S>, operations: Op[]): boolean {
  const tryAll = (state: S, left: Op[]): boolean => {
    if (left.every((operation) => operation.return === null)) return true;
    const firstReturn = Math.min(...left.map((operation) => operation.return ?? Infinity));
    return left.some((operation) => {
      if (operation.call > firstReturn) return false;
      const next = model.step(state, operation);
      return next !== undefined && tryAll(next, left.filter((other) => other !== operation));
    });
  };
  return tryAll(model.init, operations);
}

/** An order that the checker gives is one: it keeps real time, and has every result. */
function assertOrder<Op extends Timed, S>(
  model: Model<Op, S>,
  operations: readonly Op[],
  order: readonly number[],
  complete: boolean,
): void {
  let state = model.init;
  let called = -Infinity;
  for (const i of order) {
    const next = model.step(state, operations[i]!);
    assert(next !== undefined);
    state = next;
    assert((operations[i]!.return ?? Infinity) >= called);
    called = Math.max(called, operations[i]!.call);
  }
  assertEquals(new Set(order).size, order.length);
  if (!complete) return;
  const placed = new Set(order);
  operations.forEach((operation, i) => assert(placed.has(i) || operation.return === null));
}

function assertAgreement<Op extends Timed, S>(model: Model<Op, S>, operations: Op[]): void {
  const linearizable = decideByForce(model, operations);
  for (const searchOnly of [false, true]) {
    const { verdict, parts } = check(model, operations, { searchOnly });
    assertEquals(verdict, linearizable ? "linearizable" : "not linearizable");
    for (const part of parts) {
      assertOrder(model, part.operations, part.order, linearizable);
    }
  }
}

/** The times of call, effect and return of an operation, and whether it took effect. */
const moments = fc.record({
  call: fc.nat(9),
  length: fc.nat(4),
  effect: fc.double({ min: 0, max: 1, noNaN: true }),
  fate: fc.constantFrom("returned", "returned", "returned", "returned", "happened", "lost"),
  kind: fc.nat(2),
  choice: fc.nat(3),
});
type Moments = typeof moments extends fc.Arbitrary<infer T> ? T : never;

/** A whole history, and how to spoil it. */
const plan = fc.record({
  unique: fc.boolean(),
  operations: fc.array(moments, { maxLength: 7 }),
  spoil: fc.option(
    fc.record({ which: fc.nat(6), other: fc.nat(6), shift: fc.integer({ min: -3, max: 3 }) }),
  ),
});
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

/** The operations in the order in which they took effect. */
function inOrder({ operations }: Plan): Moments[] {
  const effect = (m: Moments) => m.call + m.effect * m.length;
  return operations.toSorted((a, b) => effect(a) - effect(b));
}

function spoil<Op extends { call: number; return: number | null; output?: unknown }>(
  operations: Op[],
  { spoil }: Plan,
): Op[] {
  const victim = operations[spoil?.which ?? Infinity];
  const other = operations[spoil?.other ?? Infinity];
  if (victim === undefined) return operations;
  victim.call += spoil!.shift;
  if (victim.return !== null) victim.return = Math.max(victim.call, victim.return + spoil!.shift);
  if (victim.output !== undefined && typeof other?.output === typeof victim.output) {
    victim.output = other!.output;
  }
  return operations;
}

function kvHistory(planned: Plan): Operation[] {
  let state = "";
  const operations = inOrder(planned).map(({ call, length, fate, kind, choice }, i) => {
    const op = (["get", "put", "append"] as const)[kind]!;
    const value = planned.unique ? `<${i}>` : "ab"[choice % 2]!;
    const found = state;
    if (fate !== "lost" && op !== "get") state = op === "put" ? value : state + value;
    // Also where it must not count: beside what never returned, and beside a put.
    const seen = fate !== "lost" && !(op === "append" && choice === 3);
    return {
      client: i,
      op,
      key: "k",
      ...op === "get" ? {} : { value },
      ...seen ? { output: found } : {},
      call,
      return: fate === "returned" ? call + length : null,
    };
  });
  return spoil(operations, planned);
}

function registerHistory(planned: Plan): RegisterOperation[] {
  let state: number | null = null;
  const operations = inOrder(planned).map(({ call, length, fate, kind, choice }, i) => {
    const times = { client: i, call, return: fate === "returned" ? call + length : null };
    const value = planned.unique ? i + 10 : choice % 2;
    const happens = fate !== "lost";
    const returned = fate === "returned";
    if (kind === 0) return { op: "read", ...times, ...returned ? { output: state } : {} };
    if (kind === 1) {
      if (happens) state = value;
      return { op: "write", value, ...times };
    }
    const from: number | null = choice < 2 ? state : choice;
    const wins = from === state;
    if (happens && wins) state = value;
    return { op: "cas", value: [from, value], ...times, ...returned ? { output: wins } : {} };
  });
  return spoil(operations, planned) as RegisterOperation[];
}

Deno.test("check() agrees with search and with force, on a store", () => {
  fc.assert(
    fc.property(plan, (planned) => assertAgreement(kv, kvHistory(planned))),
    { seed: 1, numRuns: RUNS },
  );
});

Deno.test("check() agrees with search and with force, on a register", () => {
  fc.assert(
    fc.property(plan, (planned) => assertAgreement(register, registerHistory(planned))),
    { seed: 1, numRuns: RUNS },
  );
});
