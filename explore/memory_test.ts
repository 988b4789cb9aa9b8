import { assertEquals, assertMatch } from "@std/assert";
import { mayRunProcesses } from "../grader/permissions.ts";
import { HINTS } from "../testing/hints.ts";
import { fileURLToPath } from "node:url";
import { LAB, runTask } from "./command_fixture.ts";

const ignore = !mayRunProcesses;

/** Returns the KB that each server keeps of a clerk, and the hint, if any. */
async function kept(...options: string[]) {
  const { status, out } = await runTask(["explore", "--test=TestBasic", "--seeds=1", ...options]);
  assertEquals(status, 0);
  assertMatch(out, /^Kept of each clerk that wrote 100 KB and has gone on: server 0: \d+ KB, /m);
  const figures = Array.from(out.matchAll(/server \d: (\d+) KB/g), ([, figure]) => Number(figure));
  return { figures, hasHint: out.includes(HINTS.neverFrees) };
}

Deno.test("explore says that servers free what they remember when they do", {
  ignore,
}, async () => {
  const { figures, hasHint } = await kept();
  assertEquals([figures.length, figures.every((figure) => figure < 30), hasHint], [3, true, false]);
});

Deno.test("explore has a hint when servers never free what they remember", {
  ignore,
}, async () => {
  const { figures, hasHint } = await kept(
    `--submission=${fileURLToPath(new URL("corpus/never_frees", LAB))}`,
  );
  assertEquals([figures.length, figures.every((figure) => figure > 70), hasHint], [3, true, true]);
});
