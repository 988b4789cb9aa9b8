import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { RunHooks, TestHandle } from "../../config.ts";
import { CORPUS, corpusEntries, expectationOf } from "../../corpus/expectation.ts";
import { mayRunProcesses } from "../../grader/permissions.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { collectScenarios, type Scenario } from "../../testing/register.ts";
import { openLab } from "../run/lab.ts";

/** Entries whose runs come to no end by themselves. */
const HANGING = ["spins_for_lock"];
const SEEDS = 20;

/** The parts of a lab that holds another submission. */
async function loadLab(lab: URL) {
  const load = (file: string) => import(new URL(file, lab).href);
  let scenarios: Scenario<TestHandle>[] = [];
  let perform!: typeof import("./perform.ts").perform;
  let recorder!: typeof import("./schedule_recorder.ts");
  scenarios = await collectScenarios<TestHandle>(() => load("test_test.ts"));
  await collectScenarios(async () => {
    ({ perform } = await load("explore/counterexample/perform.ts"));
    recorder = await load("explore/counterexample/schedule_recorder.ts");
  });
  return { scenarios, perform, ScheduleRecorder: recorder.ScheduleRecorder };
}

/** The events of a run as lines. */
function linesOf() {
  const lines: string[] = [];
  const listener = (event: TraceEvent, atMs: number) => {
    lines.push(`${atMs} ${JSON.stringify(event)}`);
  };
  return { lines, listener };
}

/** Runs the test that is meant to catch an entry until it fails, and performs that run again. */
async function runTwice(entry: string): Promise<{ run: string[]; again: string[] } | undefined> {
  const { intended } = await expectationOf(entry);
  await using lab = await openLab(fileURLToPath(new URL(entry, CORPUS)));
  const { scenarios, perform, ScheduleRecorder } = await loadLab(lab.url);
  const scenario = scenarios.find(({ name }) => name.startsWith(`${intended}:`))!;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const recorder = new ScheduleRecorder();
    const run = linesOf();
    const hooks: RunHooks = {
      ...recorder.hooks,
      print() {},
      listener(event, atMs) {
        recorder.hooks.listener(event, atMs);
        run.listener(event, atMs);
      },
    };
    const options = { seed, clock: "virtual", network: "unreliable" } as const;
    try {
      await scenario.run({ name: scenario.name, run: options, hooks });
    } catch {
      const again = linesOf();
      const { summary } = await perform(recorder.schedule(seed)!, { listener: again.listener });
      return { run: run.lines, again: again.lines.slice(0, summary?.events) };
    }
  }
  return undefined;
}

Deno.test("a recorded run is performed again event for event, up to its failure", {
  ignore: !mayRunProcesses,
}, async (t) => {
  for (const entry of corpusEntries().filter((entry) => !HANGING.includes(entry))) {
    if ((await expectationOf(entry)).intended === undefined) continue;
    await t.step(entry, async () => {
      const { run, again } = (await runTwice(entry))!;
      // A test may look at results later than a performance does, or stop earlier.
      const length = Math.min(run.length, again.length);
      const different = again.findIndex((line, i) => i < length && line !== run[i]);
      if (different >= 0) assertEquals(again[different], run[different], `event ${different}`);
    });
  }
});
