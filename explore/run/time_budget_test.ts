import { assertEquals } from "@std/assert";
import { type Overrun, TICK_MS, TimeBudget } from "./time_budget.ts";

const TASK = { silenceMs: 4 * TICK_MS, totalMs: 8 * TICK_MS };

/** Returns the end of a process, and the number of ticks until then.
 *
 * @param onTick Called before each tick. */
function endOf(budget: TimeBudget, onTick: (tick: number) => unknown): [Overrun, number] {
  for (let tick = 1;; tick++) {
    onTick(tick);
    const overrun = budget.tick();
    if (overrun !== undefined) return [overrun, tick];
  }
}

function readyBudget(): TimeBudget {
  const budget = new TimeBudget(TICK_MS);
  budget.hear(100);
  budget.start(TASK);
  return budget;
}

/** Notes the message of a process that yields and has a share of a processor. */
function yieldTo(budget: TimeBudget, share: number, tick: number): void {
  budget.hear(100 + share * (tick - 1) * TICK_MS);
  budget.beat();
}

Deno.test("TimeBudget counts processor time, so that a busy machine changes no result", () => {
  const endAt = (share: number) => {
    const budget = readyBudget();
    return endOf(budget, (tick) => yieldTo(budget, share, tick));
  };
  assertEquals(endAt(1), ["late", 10]);
  assertEquals(endAt(0.25), ["late", 34]);
  assertEquals(endAt(0), ["late", 80]);
});

Deno.test("TimeBudget waits longer for a process to yield on a busy machine", () => {
  const endAt = (share: number) => {
    const budget = readyBudget();
    return endOf(budget, (tick) => tick <= 5 && yieldTo(budget, share, tick));
  };
  assertEquals(endAt(1), ["silent", 8]);
  assertEquals(endAt(0.25), ["silent", 20]);
  const idle = readyBudget();
  idle.start({ silenceMs: Infinity, totalMs: Infinity });
  for (let tick = 0; tick < 9; tick++) idle.tick();
  idle.hear(100);
  idle.start(TASK);
  assertEquals(endOf(idle, () => {}), ["silent", 4], "an idle process needs no processor");
});

Deno.test("TimeBudget ends a process that is never ready or does not yield", () => {
  assertEquals(endOf(new TimeBudget(3 * TICK_MS), () => {}), ["unready", 3]);
  assertEquals(endOf(readyBudget(), () => {}), ["silent", 4]);
});
