/**
 * The plainest exact search that ends for about sixty operations: it visits every set of placed
 * operations with every state once, and prunes nothing.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { PartResult } from "../check.ts";
import type { Model, Timed } from "../model.ts";

const CONFIGURATIONS_MAX = 5_000;

/** Returns true if a history of one part is linearizable.
 *
 * @returns `undefined` if that takes too many configurations. */
export function decideExactly<Op extends Timed, State>(
  model: Model<Op, State>,
  operations: readonly Op[],
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
      if (seen.size === CONFIGURATIONS_MAX) return undefined;
      seen.add(name);
      open.push([placed | bits[i]!, after]);
    }
  }
  return false;
}

/** Asserts that the order of a part keeps real time and leads to every result. */
export function assertOrder<Op extends Timed, State>(
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
    // An operation that shows and changes nothing fits anywhere.
    const { reads, writes } = model.access?.(operation) ?? { reads: true };
    const isFree = reads === undefined && writes === undefined;
    assert(placed.has(i) || operation.return === null || isFree);
  });
}
