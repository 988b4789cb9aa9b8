import { assert, assertEquals } from "@std/assert";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { renderRun } from "./run_page.ts";

const REPORT = `the test made no progress: all clerks wait
  operation: get("0") of clerk 1
  where:     client.ts:3
             server.ts:4
  hint:      Who waits for whom?
  story:     deno task replay --test=TestUnreliable --seed=3
  replay:    deno test test_test.ts`;

Deno.test(
  "renderRun() shows each fact of a failure without a story once, then the commands",
  { ignore: !mayRunProcesses },
  async () => {
    const page = await renderRun("TestUnreliable, seed 3", {}, REPORT, undefined);
    const [story] = page.match(/<section id="story"[^]*?<\/section>/)!;
    const rows = Array.from(
      story.matchAll(/<dt>(.*?)<\/dt><dd>([^]*?)<\/dd>/g),
      ([, label, text]) => {
        return `${label}: ${text}`.replaceAll("&quot;", '"');
      },
    );
    assertEquals(rows, [
      "Violated: the test made no progress: all clerks wait",
      'Operation: get("0") of clerk 1',
      "Where: client.ts:3\nserver.ts:4",
      "Hint: Who waits for whom?",
      "Again: story:     deno task replay --test=TestUnreliable --seed=3\n" +
      "replay:    deno test test_test.ts",
    ]);
    assert(story.indexOf("About the run below") < story.indexOf("deno task replay"));
  },
);
