import { check, kv, type Operation } from "../linearizability/mod.ts";
import { makeHistory, spoilHistory } from "./histories.ts";

/** Checks a history, and makes sure that the answer is right. */
function bench(name: string, group: string, history: Operation[], verdict: string): void {
  Deno.bench(name, { group }, () => {
    if (check(kv, history).verdict !== verdict) throw new Error(`${name} is not ${verdict}`);
  });
}

for (const operations of [1000, 10_000, 100_000]) {
  for (const clients of [5, 20, 50]) {
    const history = makeHistory({ operations, clients });
    const name = `${operations.toLocaleString("en")} operations, ${clients} clients`;
    bench(`${name}, ok`, `${operations}`, history, "linearizable");
    bench(`${name}, bad`, `${operations}`, spoilHistory(history), "not linearizable");
  }
}

const unseen = makeHistory({ operations: 400, clients: 10, keys: 5, appendsSeen: false });
bench("400 operations, 10 clients, results unseen, ok", "unseen", unseen, "linearizable");
bench(
  "400 operations, 10 clients, results unseen, bad",
  "unseen",
  spoilHistory(unseen),
  "not linearizable",
);
