/**
 * Deciding in the plainest way that is exact and still ends for some sixty operations:
 * every set of placed operations with every state, each once, with nothing pruned. Tests
 * hold the checker to it.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Random } from "../sim/random.ts";
import { check, type PartResult } from "./check.ts";
import type { Model, Timed } from "./model.ts";

const CONFIGURATIONS_MAX = 20_000;

/** Returns true if a history of one part is linearizable.
 *
 * @returns `undefined` if that takes more than so many configurations. */
export function decideExactly<Op extends Timed, State>(
  model: Model<Op, State>,
  operations: readonly Op[],
  configurationsMax = Infinity,
): boolean | undefined {
  const bits = operations.map((_, i) => 1n << BigInt(i));
  const seen = new Set<string>();
  const open: [placed: bigint, state: State][] = [[0n, model.init]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [placed, state] = next;
    const left = operations.map((_, i) => i).filter((i) => (placed & bits[i]!) === 0n);
    if (left.every((i) => operations[i]!.return === null)) return true;
    const firstReturn = Math.min(...left.map((i) => operations[i]!.return ?? Infinity));
    for (const i of left) {
      if (operations[i]!.call > firstReturn) continue;
      const after = model.step(state, operations[i]!);
      if (after === undefined) continue;
      const name = `${placed | bits[i]!} ${JSON.stringify(after)}`;
      if (seen.has(name)) continue;
      if (seen.size === configurationsMax) return undefined;
      seen.add(name);
      open.push([placed | bits[i]!, after]);
    }
  }
  return false;
}

/** Asserts that an order is one: it keeps real time, and has every result. */
function assertOrder<Op extends Timed, State>(
  model: Model<Op, State>,
  { operations, order, verdict }: PartResult<Op>,
): void {
  let state = model.init;
  let called = -Infinity;
  for (const i of order) {
    const next = model.step(state, operations[i]!);
    assert(next !== undefined && (operations[i]!.return ?? Infinity) >= called);
    state = next;
    called = Math.max(called, operations[i]!.call);
  }
  const placed = new Set(order);
  assertEquals(placed.size, order.length);
  if (verdict !== "linearizable") return;
  operations.forEach((operation, i) => {
    // An operation that shows nothing fits anywhere.
    const { reads, writes } = model.access?.(operation) ?? { reads: true };
    const isFree = reads === undefined && writes === undefined;
    assert(placed.has(i) || operation.return === null || isFree);
  });
}

/** Compares the checker with the exact search on many histories.
 *
 * @param make Makes a history.
 * @param variants Models that have to agree with the first one. */
export function assertAgreement<Op extends Timed, State>(
  model: Model<Op, State>,
  make: (random: Random) => Op[],
  { runs, plain = model, variants = [] }: {
    runs: number;
    /** The object that is searched exactly. */
    // deno-lint-ignore no-explicit-any
    plain?: Model<Op, any>;
    // deno-lint-ignore no-explicit-any
    variants?: Model<Op, any>[];
  },
): void {
  const counts = { linearizable: 0, "not linearizable": 0, inconclusive: 0 };
  for (let run = 0; run < runs; run++) {
    const history = make(new Random(run));
    const exact = decideExactly(plain, history, CONFIGURATIONS_MAX);
    const results = [false, true].map((searchOnly) => check(model, history, { searchOnly }));
    for (const part of results.flatMap(({ parts }) => parts)) assertOrder(model, part);
    const verdicts = results.map(({ verdict }) => verdict);
    const found = [...verdicts, ...variants.map((variant) => check(variant, history).verdict)];
    const expected = exact === undefined
      ? "inconclusive"
      : exact
      ? "linearizable"
      : "not linearizable";
    counts[expected]++;
    const agreed = exact === undefined ? found[0] : expected;
    assertEquals(found, found.map(() => agreed), JSON.stringify(history));
  }
  const { linearizable, "not linearizable": refuted } = counts;
  assert(linearizable > runs / 100 && refuted > runs / 100, JSON.stringify(counts));
}
