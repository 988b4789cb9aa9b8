import { assertEquals } from "@std/assert";
import { stopCompiler } from "../corpus/entry_fixture.ts";
import { perform } from "../explore/counterexample/perform.ts";
import type { Schedule } from "../explore/counterexample/schedule.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { Random } from "../sim/mod.ts";
import type { SubmissionModules } from "./inside/machines.ts";
import { Observer } from "./inside/observer.ts";
import { read, STEP_LIMITS } from "./inside/reader.ts";
import type { Shown } from "./protocol.ts";
import { HereExecutor, modulesOf, scheduleOf } from "./session_fixture.ts";
import { Timeline } from "./timeline.ts";

const ignore = !mayRunProcesses;
const RUNS = 2;
const STEPS = 10;

/** Runs to look at: clerks that wait with timers, requests that overlap, timers that change
 * servers, and servers that forward and fail. */
const SUBJECTS = [
  ["backs_off", "TestUnreliableOneKey"],
  ["hedged", "TestUnreliable"],
  ["in_flight_copy_again", "TestUnreliableOneKey"],
  ["freed_after_a_second", "TestUnreliable"],
  ["replicates_operations", "TestStaticShards"],
] as const;

/** Reads all machines of a fresh run, at some positions. */
async function readAt(
  modules: SubmissionModules,
  schedule: Schedule,
  positions: ReadonlySet<number>,
) {
  const found = new Map<number, Map<string, Shown>>();
  const observer = new Observer({
    modules,
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
  await perform(schedule, observer.hooks, { over: () => observer.finish() });
  return found;
}

Deno.test("each position shows what a fresh run holds there", { ignore }, async () => {
  const random = new Random(1).child("positions");
  for (const [entry, test] of SUBJECTS) {
    const modules = await modulesOf(entry);
    for (let seed = 1; seed <= RUNS; seed++) {
      const schedule = await scheduleOf(modules, test, seed);
      using executor = new HereExecutor(modules);
      const task = { schedule, until: { is: "over" }, known: 0 } as const;
      const { beginning, steps } = await executor.perform(task);
      const timeline = new Timeline(beginning!, steps);
      const positions = new Set(
        Array.from({ length: STEPS }, () => random.integerBelow(timeline.end + 1)),
      );
      // Few of a run's steps are those of timers.
      for (const [place, { event }] of steps.entries()) {
        if (event.kind === "timer" && random.chance(0.1)) positions.add(place + 1);
      }
      const found = await readAt(modules, schedule, positions);
      assertEquals(new Set(found.keys()), positions);
      for (const [position, machines] of found) {
        for (const [name, shown] of machines) {
          const message = `${entry}, seed ${seed}: ${name} at ${position}`;
          assertEquals(timeline.stateAt(name, position), shown, message);
        }
      }
    }
  }
  await stopCompiler();
});
