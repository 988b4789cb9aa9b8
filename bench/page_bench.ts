import { check, kv } from "../linearizability/mod.ts";
import { pageParts, renderPage } from "../visualizer/mod.ts";
import { corruptGet, makeUnique } from "./histories.ts";

for (const operations of [200, 1000, 10_000]) {
  const history = corruptGet(makeUnique({ operations, clients: 20, keys: 10 }));
  const result = check(kv, history);
  Deno.bench(`page of ${operations.toLocaleString("en")} operations`, () => {
    renderPage({ title: "bench", parts: pageParts(kv, result) });
  });
}
