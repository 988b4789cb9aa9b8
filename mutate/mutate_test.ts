import { assertEquals } from "@std/assert";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { judgeSurvivors, readEquivalents } from "./equivalents.ts";
import { mutantsOf } from "./mutants.ts";
import { rowsIn } from "./table.ts";

const LAB = new URL("../", import.meta.url);
const ignore = !mayRunProcesses;

Deno.test("docs/detection.md and mutate/equivalents.json match the submissions", {
  ignore,
}, async () => {
  const equivalents = await readEquivalents();
  const rows = rowsIn(await Deno.readTextFile(new URL("docs/detection.md", LAB)));
  const recorded = rows.map(({ submission }) => submission);
  assertEquals(recorded.toSorted(), Object.keys(equivalents).toSorted());
  for (const { submission, mutants, caught, equivalent, survivors } of rows) {
    const folder = submission === "reference" ? LAB : new URL(`corpus/${submission}/`, LAB);
    const made = [];
    for (const file of ["client.ts", "server.ts"]) {
      made.push(...mutantsOf(file, await Deno.readTextFile(new URL(file, folder))));
    }
    const judged = judgeSurvivors(equivalents, submission, made);
    const remedy = `${submission}: run deno task mutate with --record again`;
    assertEquals(judged.stale, [], remedy);
    assertEquals([mutants, equivalent], [made.length, judged.equivalent.length], remedy);
    assertEquals([caught + equivalent, survivors], [mutants, 0], remedy);
  }
});
