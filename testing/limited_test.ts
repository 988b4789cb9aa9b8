import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { stub } from "@std/testing/mock";
import process from "node:process";
import { makeSingleConfig, type TestHandle } from "../config.ts";
import { realNow } from "../sim/real_clock.ts";
import { LabFailure } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import { LimitedTests } from "./limited.ts";

const OPTIONS = { seed: 1, clock: "virtual", network: "unreliable" } as const;
const LIMITS = { turnMsMax: 100, cpuMsMax: Infinity };

Deno.test("a test that was held by the machine or a breakpoint runs again, and passes", async () => {
  using log = stub(console, "log", () => {});
  let runs = 0;
  const scenario = (t: TestHandle) => {
    if (++runs > 1) return Promise.resolve();
    t.hooks!.failed!(new LabFailure({ what: "Held", hint: HINTS.held }, { ...OPTIONS, ...t }));
    // A scenario that was ended in the middle never comes back.
    return new Promise<void>(() => {});
  };
  await new LimitedTests(OPTIONS).run(scenario, { name: "TestHeld" });
  assertEquals(runs, 2);
  assertStringIncludes(String(log.calls[0]!.args[0]), "the test runs again from its beginning");
});

Deno.test("a loop in an operation that begins with the test ends the test", async () => {
  using _log = stub(console, "log", () => {});
  // A busy machine would give the loop too little processor time to tell.
  const cpu = () => ({ user: 1000 * realNow(), system: 0 });
  using _cpu = stub(process, "threadCpuUsage", cpu);
  const scenario = async (t: TestHandle) => {
    await using cfg = makeSingleConfig(t, { unreliable: false });
    await cfg.op(0, { op: "get", key: "0" }, () => {
      for (;;);
    });
  };
  const run = () => new LimitedTests(OPTIONS, () => LIMITS).run(scenario, { name: "TestLoop" });
  const { message } = await assertRejects(run, LabFailure);
  const lines =
    'these operations wait:\n    clerk 0: get("0"), since 0.0 ms\n    just before, clerk 0 began get("0")';
  assertStringIncludes(message, lines);
  assertStringIncludes(message, HINTS.neverYields);
});

Deno.test("no more tests run after two that never yielded", async () => {
  const tests = new LimitedTests(OPTIONS);
  const fail = (t: TestHandle) => {
    const what = "Endless loop";
    t.hooks!.failed!(new LabFailure({ what, hint: HINTS.neverYields }, { ...OPTIONS, ...t }));
    return new Promise<void>(() => {});
  };
  const run = () => tests.run(fail, { name: "TestLoop" });
  for (const what of ["Endless loop", "Endless loop", "Not run: 2 tests before it"]) {
    await assertRejects(run, LabFailure, what);
  }
});
