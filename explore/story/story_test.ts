import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { filesOf, loadMachines, stopCompiler } from "../../corpus/entry_fixture.ts";
import { CORPUS, expectationOf } from "../../corpus/expectation.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { runTest } from "../../mutate/run_mutant.ts";
import { LabFailure } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import { labTests } from "../../testing/lab_tests.ts";
import type { Machines } from "../../testing/machines.ts";
import { relatedHints } from "../counterexample/failure.ts";
import { perform } from "../counterexample/perform.ts";
import { REDUCTIONS, without } from "../counterexample/reductions.ts";
import type { Schedule, Step } from "../counterexample/schedule.ts";
import { ScheduleRecorder } from "../counterexample/schedule_recorder.ts";
import { type FailedRun, findCounterexample } from "../counterexample/search.ts";
import type { StartTask } from "../counterexample/start_task.ts";
import { Performer } from "../counterexample/tasks.ts";
import { Recorder } from "../recording/recording.ts";
import { storyLines } from "./diagram.ts";
import { pageStory, type Story, tellStory } from "./story.ts";

/** Entries of the corpus, and the hint that is right for each. */
const ENTRIES: Record<string, string> = {
  append_returns_new: HINTS.oldValue,
  clock_ids: HINTS.sharedNumbers,
  duplicates_by_value: HINTS.sameValue,
  gives_up: HINTS.noReply,
  in_flight_copy_again: HINTS.executedTwice,
  lost_update_on_disk: HINTS.lostUpdate,
  no_duplicate_table: HINTS.executedTwice,
  no_fallback: HINTS.noFallback,
  last_request_per_key: HINTS.executedTwice,
  no_retry: HINTS.gaveUp,
  throws_on_duplicate: HINTS.handlerThrew,
  undefined_glued: HINTS.missingKey,
};

/** Runs the intended test of an entry, which fails. */
async function failedRun(entry: string, machines: Machines): Promise<FailedRun> {
  const recorder = new ScheduleRecorder();
  const { intended } = await expectationOf(entry);
  const test = labTests.find(({ name }) => name.startsWith(`${intended}:`))!;
  const { failure } = await runTest(test, 1, { ...recorder.hooks, machines });
  assert(failure instanceof LabFailure);
  return { violation: failure.violation, schedule: recorder.schedule(1) };
}

/** Does the tasks of a search in this process, one after another. */
function startHere(machines: Machines): StartTask {
  let last: Promise<unknown> = Promise.resolve();
  return (_lab, task, { isUnwanted, onFound }) => {
    const unwanted = new Error("Unwanted");
    const performer = new Performer(
      (schedule, hooks, stage) => perform(schedule, { ...hooks, machines }, stage),
      (progress) => {
        if ("found" in progress) onFound?.(progress.found);
        if ("place" in progress && isUnwanted?.(progress)) throw unwanted;
      },
    );
    const end = last.then(() => performer.work(task)).catch((error) => {
      if (error === unwanted) return { kind: "none" };
      throw error;
    });
    last = end;
    return { end: end as Promise<never>, [Symbol.dispose]() {} };
  };
}

/** Schedules that lack one thing of another one, and still fail like it. */
async function failingReductions(
  machines: Machines,
  schedule: Schedule,
  hints: readonly string[],
): Promise<Schedule[]> {
  const failing: Schedule[] = [];
  for (const groupsOf of REDUCTIONS) {
    for (const group of groupsOf(schedule)) {
      const less = without(schedule, [group]);
      const { violations } = await perform(less, { machines });
      if (violations.some((other) => hints.includes(other.hint))) failing.push(less);
    }
  }
  return failing;
}

for (const [entry, hint] of Object.entries(ENTRIES)) {
  Deno.test(`the search explains the mistake of corpus/${entry}`, {
    ignore: !mayRunProcesses,
    sanitizeOps: false,
    sanitizeResources: false,
  }, async (t) => {
    const machines = await loadMachines(await filesOf(entry));
    const failed = await failedRun(entry, machines);
    const found = await findCounterexample(CORPUS, failed, {
      start: startHere(machines),
    });
    const story = storyLines(tellStory(found!)).join("\n") + "\n";
    assertStringIncludes(story, hint);
    await t.assertSnapshot(story);
    // The story shows the hint for its own cluster.
    assertEquals(found!.violation.isAlone === true, found!.schedule.nservers === 1);
    assertEquals(
      await failingReductions(machines, found!.schedule, relatedHints(failed.violation)),
      [],
    );
  });
}

Deno.test("tellStory() leaves out the middle of a run in which servers wait for each other", {
  ignore: !mayRunProcesses,
}, async (t) => {
  const machines = await loadMachines(await filesOf("ring_of_locks"));
  const recorder = new Recorder();
  const steps: Step[] = [
    { clerk: 0, op: "append", key: "0", value: "x 0 0 y" },
    { clerk: 1, op: "append", key: "1", value: "x 1 0 y" },
  ];
  const schedule = { nservers: 2, nreplicas: 2, seed: 1, steps };
  const { violations: [violation] } = await perform(schedule, { ...recorder.hooks, machines });
  const { recording } = recorder;
  const story = tellStory({ schedule, violation: violation!, recording });
  await t.assertSnapshot(storyLines(story).join("\n") + "\n");
});

Deno.test("pageStory() gives the hint that storyLines() gives when there is one server", () => {
  const violation = { what: "Wrong", hint: HINTS.stale, isAlone: true } as const;
  const story: Story = { title: "", columns: [], steps: [], summary: "", violation };
  const { text } = pageStory(story).notes.find(({ label }) => label === "Hint")!;
  assertStringIncludes(storyLines(story).join("\n"), text);
});

Deno.test.afterAll(stopCompiler);
