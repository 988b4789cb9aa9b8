import { assert, assertEquals } from "@std/assert";
import { mayRunProcesses } from "../grader/permissions.ts";
import { Random } from "../sim/mod.ts";
import type { Shown } from "./protocol.ts";
import { type LoadedLab, loadLab } from "./session_fixture.ts";
import { Timeline } from "./timeline.ts";

const RUNS = 5;
const STEPS = 10;

/** Runs to look at: clerks that wait with timers, requests that overlap, servers that forward,
 * and servers that fail. */
const SUBJECTS = [
  ["backs_off", "TestUnreliableOneKey"],
  ["hedged", "TestUnreliable"],
  ["in_flight_copy_again", "TestUnreliableOneKey"],
  ["replicates_operations", "TestStaticShards"],
] as const;

/** Reads all machines of a fresh run, at some positions. */
async function readAt(lab: LoadedLab, schedule: object, positions: ReadonlySet<number>) {
  const { Observer } = await lab.load(
    "debugger/inside/observer.ts",
  ) as typeof import("./inside/observer.ts");
  const { read, STEP_LIMITS } = await lab.load(
    "debugger/inside/reader.ts",
  ) as typeof import("./inside/reader.ts");
  const { perform } = await lab.load(
    "explore/counterexample/perform.ts",
  ) as typeof import("../explore/counterexample/perform.ts");
  const found = new Map<number, Map<string, Shown>>();
  const observer = new Observer({
    modules: lab.modules,
    known: Infinity,
    stepsMax: Infinity,
    onBeginning() {},
    onStep() {},
    onPosition(position, machines) {
      if (!positions.has(position)) return;
      const shown = Array.from(machines, ([name, object]) => {
        return [name, read(object, STEP_LIMITS)] as const;
      });
      found.set(position, new Map(shown));
    },
  });
  await perform(schedule as never, observer.hooks, { over: () => observer.finish() });
  return found;
}

Deno.test("each position shows what a fresh run holds there", {
  ignore: !mayRunProcesses,
}, async (t) => {
  const random = new Random(1).child("positions");
  for (const [entry, test] of SUBJECTS) {
    await t.step(entry, async () => {
      await using lab = await loadLab(entry);
      for (let seed = 1; seed <= RUNS; seed++) {
        const { schedule } = await lab.run(test, seed);
        using executor = lab.executor();
        const task = { schedule, until: { is: "over" }, known: 0 } as const;
        const { beginning, steps } = await executor.perform(task);
        const timeline = new Timeline(beginning!, steps);
        const positions = new Set(
          Array.from({ length: STEPS }, () => random.integerBelow(timeline.end + 1)),
        );
        const found = await readAt(lab, schedule, positions);
        assertEquals(new Set(found.keys()), positions);
        for (const [position, machines] of found) {
          for (const [name, shown] of machines) {
            assertEquals(timeline.stateAt(name, position), shown, `${name} at ${position}`);
          }
        }
        assert(timeline.end > STEPS);
      }
    });
  }
});
