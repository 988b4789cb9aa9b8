import { assertEquals, assertStringIncludes } from "@std/assert";
import { expectationOf } from "../corpus/expectation.ts";
import { mayRunProcesses } from "../grader/permissions.ts";
import { HINTS } from "../testing/hints.ts";
import { runTask } from "./command_fixture.ts";

/** Entries of the corpus, and the hint that is right for each. */
const ENTRIES: Record<string, string> = {
  append_returns_new: HINTS.oldValue,
  clock_ids: HINTS.lost,
  duplicates_by_value: HINTS.sameValue,
  gives_up: HINTS.notRejected,
  in_flight_copy_again: HINTS.executedTwice,
  lost_update_on_disk: HINTS.lostUpdate,
  no_duplicate_table: HINTS.executedTwice,
  no_fallback: HINTS.noFallback,
  no_retry: HINTS.gaveUp,
  undefined_glued: HINTS.missingKey,
};

for (const [entry, hint] of Object.entries(ENTRIES)) {
  Deno.test(`explore tells what is wrong with corpus/${entry}`, {
    ignore: !mayRunProcesses,
  }, async (t) => {
    const { intended } = await expectationOf(entry);
    const args = [`--submission=corpus/${entry}`, `--test=${intended}`, "--seeds=1"];
    const { status, out, err } = await runTask(["explore", ...args]);
    assertEquals([status, err], [1, ""]);
    const story = out.slice(out.indexOf("The smallest run"));
    assertStringIncludes(story, hint);
    await t.assertSnapshot(story);
  });
}
