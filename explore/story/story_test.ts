import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { filesOf, loadMachines, stopCompiler } from "../../corpus/entry_fixture.ts";
import { CORPUS, expectationOf } from "../../corpus/expectation.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { HINTS } from "../../testing/hints.ts";
import { runTask } from "../command_fixture.ts";
import { perform } from "../counterexample/perform.ts";
import { REDUCTIONS, without } from "../counterexample/reductions.ts";
import { isSameFailure } from "../counterexample/same_failure.ts";
import { parseSchedule, type Schedule } from "../counterexample/schedule.ts";

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

/** Schedules that lack one thing of another one, and still fail like it. */
async function failingReductions(
  entry: string,
  schedule: Schedule,
  hint: string,
): Promise<Schedule[]> {
  const machines = await loadMachines(await filesOf(entry));
  const failing: Schedule[] = [];
  for (const groupsOf of REDUCTIONS) {
    for (const group of groupsOf(schedule)) {
      const less = without(schedule, [group]);
      const { violations } = await perform(less, { machines });
      if (violations.some((other) => isSameFailure(hint, other.hint))) failing.push(less);
    }
  }
  return failing;
}

for (const [entry, hint] of Object.entries(ENTRIES)) {
  Deno.test(`replay tells what is wrong with corpus/${entry}`, {
    ignore: !mayRunProcesses,
    sanitizeOps: false,
    sanitizeResources: false,
  }, async (t) => {
    const file = await Deno.makeTempFile();
    const { status, out, err } = await runTask([
      "replay",
      `--submission=${fileURLToPath(new URL(entry, CORPUS))}`,
      `--test=${(await expectationOf(entry)).intended}`,
      "--seed=1",
      `--schedule-out=${file}`,
    ]);
    assertEquals([status, err], [1, ""]);
    const story = out.slice(out.indexOf("The smallest run"));
    assertStringIncludes(story, hint);
    await t.assertSnapshot(story);
    const schedule = parseSchedule(await Deno.readTextFile(file), file);
    await Deno.remove(file);
    assertEquals(await failingReductions(entry, schedule, hint), []);
  });
}

Deno.test.afterAll(stopCompiler);
