import { assertStringIncludes } from "@std/assert";
import type { Config } from "../../config.ts";
import type { Operation } from "../../linearizability/mod.ts";
import { get, logOf } from "../../testing/operations_fixture.ts";
import { Pending } from "../../testing/pending.ts";
import { Judge } from "./judge.ts";

Deno.test("Judge blames the operation that waits and not one with an equal call", () => {
  const key = "1";
  const [waiting, served] = [{ ...get(0, [0, null]), key }, { ...get(1, [1, 2], ""), key }];
  const messages = logOf([waiting, { server: 2 }], [served, { server: 1, begun: 1.2, ended: 1.4 }]);
  const operations: Operation[] = [];
  const cfg = { history: { model: "kv", operations }, messages } as unknown as Config;
  const judge = new Judge(cfg, { nservers: 3, nreplicas: 2, seed: 1, steps: [] });
  const returns = [waiting, served].map((operation) => {
    operations.push(operation);
    return judge.called(new Pending({ op: "get", key }, new Promise(() => {})));
  });
  returns[1]!("");
  judge.timedOut();
  const [violation] = judge.verdict();
  assertStringIncludes(violation!.what, "; clerk 0 asked only server 2");
});
