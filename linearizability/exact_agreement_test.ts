import { assertAgreement } from "./exact_fixture.ts";
import { kv } from "./kv.ts";
import { randomRegister, randomStore } from "./random_histories_fixture.ts";
import { register } from "./register.ts";

for (
  const [size, runs, sizeMin, sizeMax] of [["a few", 2500, 1, 12], [
    "30 to 60",
    200,
    30,
    60,
  ]] as const
) {
  Deno.test(`check() agrees with an exact search on ${size} operations of a store`, () => {
    assertAgreement(kv, (random) => randomStore(random, sizeMin, sizeMax), { runs });
  });

  Deno.test(`check() agrees with an exact search on ${size} operations of a register`, () => {
    assertAgreement(register, (random) => randomRegister(random, sizeMin, sizeMax), { runs });
  });
}
