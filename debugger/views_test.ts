import { assertEquals } from "@std/assert";
import { Branch } from "./branch.ts";
import type { PerformResult } from "./inside/performance.ts";
import type { StepEvent } from "./record.ts";
import { runOf } from "./views.ts";

Deno.test("a run blames the operation that the violation describes, not another one with the same call", () => {
  const get = { operation: "get", key: "0", value: "" } as const;
  const events: StepEvent[] = [
    { kind: "called", client: 0, ...get },
    { kind: "returned", client: 0, output: "b" },
    { kind: "called", client: 1, ...get },
    { kind: "returned", client: 1, output: "a" },
  ];
  const schedule = { nservers: 1, nreplicas: 1, seed: 1, steps: [] };
  const violation = {
    what: 'get("0") found a value that nobody wrote',
    operation: 'clerk 0: get("0"), called at 1.0 ms, returned at 2.0 ms',
    hint: "",
  };
  const result: PerformResult = {
    violations: [violation],
    since: { position: 4, violation },
    schedule,
    atMs: 4,
    isCut: false,
    isUnquiet: false,
  };
  const origin = { id: "opened", name: "The run", isByHand: false, clerks: 2 };
  const branch = new Branch(origin, schedule, { is: "over" });
  const steps = events.map((event, i) => ({ event, atMs: i + 1 }));
  branch.take({ beginning: {}, steps, result }, 0);
  assertEquals(runOf(branch).operations.map(({ isBlamed }) => isBlamed), [true, false]);
});
