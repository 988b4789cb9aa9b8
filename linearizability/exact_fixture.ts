/**
 * Deciding in the plainest way that is exact and still ends for some sixty operations:
 * every set of placed operations with every state, each once, with nothing pruned. Tests
 * hold the checker to it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { check } from "./check.ts";
import type { Model, Timed } from "./model.ts";
import { type Random, randomFrom } from "./random_histories_fixture.ts";

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

/** Compares the checker with the exact search, on many histories.
 *
 * @returns The numbers of histories that were linearizable, were not, and were not decided. */
export function compare<Op extends Timed, State>(
  model: Model<Op, State>,
  make: (random: Random, sizeMin: number, sizeMax: number) => Op[],
  { runs, sizeMin, sizeMax, seed = 1 }: {
    runs: number;
    sizeMin: number;
    sizeMax: number;
    seed?: number;
  },
): { ok: number; bad: number; unknown: number } {
  const counts = { ok: 0, bad: 0, unknown: 0 };
  for (let run = 0; run < runs; run++) {
    const history = make(randomFrom(seed * 1_000_003 + run), sizeMin, sizeMax);
    const exact = decideExactly(model, history, CONFIGURATIONS_MAX);
    const expected = exact === undefined
      ? "inconclusive"
      : exact
      ? "linearizable"
      : "not linearizable";
    counts[exact === undefined ? "unknown" : exact ? "ok" : "bad"]++;
    const verdicts = [false, true].map((searchOnly) => check(model, history, { searchOnly }));
    for (const { verdict } of verdicts) {
      if (exact !== undefined) assertEquals(verdict, expected, JSON.stringify(history));
      else assertEquals(verdict, verdicts[0]!.verdict, JSON.stringify(history));
    }
  }
  return counts;
}
