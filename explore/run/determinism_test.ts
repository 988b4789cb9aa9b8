import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { findDifference, type Repeaters } from "./determinism.ts";
import type { Runner } from "./runner.ts";
import type { SeedResult } from "./seed_run.ts";

const TASK = { test: "TestBasic: one client", seed: 7, network: "unreliable" } as const;

/** Makes a process whose n-th run carries what `idOf` says. */
function processOf(idOf: (n: number) => number): Runner {
  let n = 0;
  const run = (): Promise<SeedResult> => {
    const id = idOf(n++);
    const event = { kind: "sent", message: 0, end: "", method: "get", bytes: 1, content: id };
    const entries = [{ atMs: 0, event, carried: `{"id":${id}}` }];
    return Promise.resolve({ summary: { digest: `${id}` }, recording: { entries } } as never);
  };
  return { run, [Symbol.dispose]() {} } as unknown as Runner;
}

/** Repeats a run with digest "0". */
async function differenceOf(make: () => Runner) {
  const repeaters: Repeaters = { used: make(), fresh: make(), make };
  return await findDifference(repeaters, TASK, { seed: 7, digest: "0" });
}

Deno.test("findDifference() tells chance from outside and kept state apart", async () => {
  assertEquals(await differenceOf(() => processOf(() => 0)), undefined);
  let draws = 1;
  const outside = await differenceOf(() => processOf(() => draws++));
  assertEquals(outside!.what, "Two runs of seed 7, each in a new process, differ");
  assertStringIncludes(outside!.hint, "outside the simulation");
  const kept = await differenceOf(() => processOf((n) => n + 1));
  assertEquals(kept!.what, "A run of seed 7 after other runs differs from one in a new process");
  assertStringIncludes(kept!.hint, "Keep state in the two classes");
  assertMatch(kept!.events![0], /^0\.000 ms: sent, .*\{"id":2\}$/);
  assertMatch(kept!.events![1], /\{"id":1\}$/);
});
