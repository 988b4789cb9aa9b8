import { check, kv, type Model, register, type Timed } from "../linearizability/mod.ts";
import { makeHistory, spoilHistory } from "./histories.ts";
import { makePendingCas, makeRepeated, makeUnseen } from "./shapes.ts";
import { makeRegisterHistory, spoilRegisterHistory } from "./register_histories.ts";

/** Checks histories, and makes sure that the answers are right. */
function bench<Op extends Timed, State>(
  name: string,
  group: string,
  model: Model<Op, State>,
  histories: readonly (readonly Op[])[],
  verdict: string,
): void {
  Deno.bench(name, { group }, () => {
    for (const history of histories) {
      if (check(model, history).verdict !== verdict) throw new Error(`${name} is not ${verdict}`);
    }
  });
}

for (const operations of [1000, 10_000, 100_000]) {
  for (const clients of [5, 20, 50]) {
    const history = makeHistory({ operations, clients });
    const name = `${operations.toLocaleString("en")} operations, ${clients} clients`;
    bench(`${name}, ok`, `${operations}`, kv, [history], "linearizable");
    bench(`${name}, bad`, `${operations}`, kv, [spoilHistory(history)], "not linearizable");
  }
}

// Whose appends show nothing.
for (const [operations, clients] of [[337, 10], [1712, 50]] as const) {
  const history = makeHistory({ operations, clients, keys: 10, appendsSeen: false });
  const name = `${operations} operations, ${clients} clients, results unseen`;
  bench(`${name}, ok`, "unseen", kv, [history], "linearizable");
  bench(`${name}, bad`, "unseen", kv, [spoilHistory(history)], "not linearizable");
}

const registers = Array.from({ length: 102 }, (_, seed) => makeRegisterHistory(84, seed));
bench("102 register histories, ok", "registers", register, registers, "linearizable");
const spoiled = registers.map((history) => spoilRegisterHistory(history));
bench("102 register histories, bad", "registers", register, spoiled, "not linearizable");

for (const [operations, clients] of [[200, 20], [1000, 20], [1000, 5]] as const) {
  const shape = { operations, clients };
  const name = `${operations} operations, ${clients} clients`;
  bench(`${name}, values repeat`, "shapes", kv, [makeRepeated(shape)], "linearizable");
  bench(`${name}, values overlap`, "shapes", kv, [makeUnseen(shape)], "linearizable");
  bench(`${name}, cas`, "shapes", register, [makePendingCas(shape)], "linearizable");
}
