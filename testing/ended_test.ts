import { assertEquals, assertMatch } from "@std/assert";
import { endedViolation } from "./ended.ts";
import { HINTS } from "./hints.ts";

const TEST = { name: "TestX", clock: "virtual", waiting: ['clerk 0: get("0")'] } as const;

function ended(elapsedMs: number, cpuMs: number, busyMs: number) {
  return endedViolation({ ...TEST, elapsedMs, cpuMs, busyMs });
}

Deno.test("a machine that sleeps or a breakpoint costs a test no verdict against the solution", () => {
  const { what, hint } = ended(65_200, 400, 64_900);
  assertEquals(hint, HINTS.held);
  assertEquals(
    what,
    "TestX ran out of time: it had a processor for only 0.4 of 65.2 s, " +
      "which says nothing about the solution",
  );
  assertEquals(ended(10_000, 3_000, 5).hint, HINTS.held);
});

Deno.test("a loop that never yields is named as such, also on a busy machine", () => {
  for (const [cpuMs, busyMs] of [[9_900, 9_800], [2_000, 9_800]] as const) {
    const { what, hint } = ended(10_000, cpuMs, busyMs);
    assertEquals(hint, HINTS.neverYields);
    assertMatch(what, /never let go of the processor, while these waited:\n {4}clerk 0: get/);
  }
});

Deno.test("a test that gets on slowly ran out of time", () => {
  assertEquals(ended(10_000, 9_000, 20).hint, HINTS.outOfTime);
});
