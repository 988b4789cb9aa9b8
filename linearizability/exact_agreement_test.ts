/**
 * The checker agrees with a plain and exact search on histories of a few and of 30 to 60
 * operations, of many shapes.
 *
 * @module
 */

import { assert } from "@std/assert";
import { compare } from "./exact_fixture.ts";
import { kv } from "./kv.ts";
import { randomRegister, randomStore } from "./random_histories_fixture.ts";
import { register } from "./register.ts";

const LARGE_RUNS = 400;
const SMALL_RUNS = 2000;

for (
  const [size, runs, sizeMin, sizeMax] of [
    ["a few", SMALL_RUNS, 1, 12],
    ["30 to 60", LARGE_RUNS, 30, 60],
  ] as const
) {
  Deno.test(`check() agrees with an exact search on ${size} operations of a store`, () => {
    const { ok, bad } = compare(kv, randomStore, { runs, sizeMin, sizeMax });
    assert(ok > runs / 200 && bad > runs / 200);
  });

  Deno.test(`check() agrees with an exact search on ${size} operations of a register`, () => {
    const { ok, bad } = compare(register, randomRegister, { runs, sizeMin, sizeMax });
    assert(ok > runs / 200 && bad > runs / 200);
  });
}
