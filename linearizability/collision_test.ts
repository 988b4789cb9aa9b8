/**
 * An earlier search took two sets of operations for one if 64 bits of a linear hash
 * agreed, and refuted linearizable histories. Here is a generator of such histories.
 *
 * The search placed operations that are under way at the same time, and the bits of a
 * set were the exclusive or of bits of its operations, from two streams of xorshift32.
 * Both streams are the same linear map, applied again and again: where the lower halves
 * of some operations cancel out, so do the upper ones if the relation is a polynomial
 * that the map is a root of. So any 33 operations or more hold such a relation.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { check } from "./check.ts";
import { decideExactly } from "./exact_fixture.ts";
import { register, type RegisterOperation } from "./register.ts";

/** Returns the bits that the earlier search gave to operations. */
function oldBits(size: number, seed: number): number[] {
  const bits: number[] = [];
  for (let i = 0, x = seed; i < size; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bits.push(x);
  }
  return bits;
}

/** Finds operations, by their places, whose bits cancel out.
 *
 * @param places Those that may take part, more than 32. */
function findRelation(places: readonly number[]): Set<number> {
  const low = oldBits(Math.max(...places) + 1, 0x9e3779b1);
  const basis = new Map<number, { value: number; members: Set<number> }>();
  for (const place of places) {
    let value = low[place]!;
    let members = new Set([place]);
    while (value !== 0) {
      const lead = Math.clz32(value);
      const other = basis.get(lead);
      if (other === undefined) break;
      value ^= other.value;
      members = members.symmetricDifference(other.members);
    }
    if (value === 0) return members;
    basis.set(Math.clz32(value), { value, members });
  }
  throw new Error(`No relation among ${places.length} operations`);
}

Deno.test("the old bits of both halves cancel out together", () => {
  const places = Array.from({ length: 34 }, (_, i) => i);
  const relation = findRelation(places);
  assert(relation.size > 0);
  for (const seed of [0x9e3779b1, 0x85ebca6b]) {
    const bits = oldBits(34, seed);
    assertEquals([...relation].reduce((sum, i) => sum ^ bits[i]!, 0), 0);
  }
});

/** Makes a linearizable history that the earlier search refuted.
 *
 * The operations of the relation are two chains, under way at the same time, that both
 * end in the same value. One begins with a write, the other with a compare-and-set from
 * the initial value. So the second has to come first; but a search in the order of calls
 * tries the first one, and when it is through with the second one, takes the operations
 * placed for those of the first one. All other places are reads between that show
 * nothing. */
function collide(places: readonly number[]): RegisterOperation[] {
  const relation = [...findRelation(places)].sort((a, b) => a - b);
  const size = Math.max(...relation) + 1;
  const history: RegisterOperation[] = Array.from({ length: size }, (_, i) => {
    return { client: i, op: "read", call: i, return: i };
  });
  const half = relation.length >> 1;
  const chain = (members: readonly number[], name: number, first: null | "write") => {
    members.forEach((place, k) => {
      const to = k === members.length - 1 ? 0 : name + k;
      const times = { client: place, call: place, return: size };
      const from = k === 0 ? null : name + k - 1;
      history[place] = k === 0 && first === "write"
        ? { op: "write", value: to, ...times }
        : { op: "cas", value: [from, to], output: true, ...times };
    });
  };
  chain(relation.slice(0, half), 100, "write");
  chain(relation.slice(half), 200, null);
  return history;
}

for (const step of [1, 2, 3]) {
  Deno.test(`check() is not misled by operations whose old bits cancel out, at every ${step}`, () => {
    const history = collide(Array.from({ length: 34 }, (_, i) => i * step));
    assertEquals(decideExactly(register, history), true);
    for (const searchOnly of [false, true]) {
      assertEquals(check(register, history, { searchOnly }).verdict, "linearizable");
    }
  });
}
