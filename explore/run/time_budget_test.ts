import { assertEquals } from "@std/assert";
import { type Overrun, TICK_MS, TimeBudget } from "./time_budget.ts";

const TASK = { silenceMs: 4 * TICK_MS, totalMs: 8 * TICK_MS };

/** Returns the end of a process, and the number of ticks until then.
 *
 * @param onTick Called before each tick. */
function endOf(budget: TimeBudget, onTick: (tick: number) => void): [Overrun, number] {
  for (let tick = 1;; tick++) {
    onTick(tick);
    const overrun = budget.tick();
    if (overrun !== undefined) return [overrun, tick];
  }
}

function readyBudget(): TimeBudget {
  const budget = new TimeBudget(TICK_MS);
  budget.hear();
  budget.beat(100);
  budget.start(TASK);
  return budget;
}

Deno.test("TimeBudget counts processor time, so that a busy machine changes no result", () => {
  const endAt = (share: number) => {
    const budget = readyBudget();
    return endOf(budget, (tick) => budget.beat(100 + share * tick * TICK_MS));
  };
  assertEquals(endAt(1), ["late", 9]);
  assertEquals(endAt(0.25), ["late", 33]);
  assertEquals(endAt(0), ["late", 80]);
});

Deno.test("TimeBudget ends a process that is never ready or does not yield", () => {
  assertEquals(endOf(new TimeBudget(3 * TICK_MS), () => {}), ["unready", 3]);
  assertEquals(endOf(readyBudget(), () => {}), ["silent", 4]);
});
