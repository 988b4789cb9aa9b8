import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../../cli/mod.ts";
import { joinedProvenance } from "./provenance.ts";
import { classReport, PROVENANCE } from "../reports/fixture.ts";
import type { Provenance } from "./result.ts";
import { DEFAULT_RUBRIC, Rubric } from "./rubric.ts";

/** The parts of a class, in files called `0.json`, `1.json` and so on. */
function parts(...changes: Partial<Provenance>[]) {
  return changes.map((change, i) => {
    return {
      file: `${i}.json`,
      report: { ...classReport(), provenance: { ...PROVENANCE, ...change } },
    };
  });
}

Deno.test("joinedProvenance() keeps the latest date of the parts", () => {
  const date = "2026-11-26T13:00:00.000Z";
  const joined = joinedProvenance(parts({ shard: "2/2" }, { shard: "1/2", date }));
  assertEquals(joined, { ...PROVENANCE, date });
  assertEquals(joinedProvenance([{ file: "old.json", report: { submissions: [] } }]), undefined);
});

const REFUSED: [changes: Partial<Provenance>[], message: string][] = [
  [[{}, { seeds: 3 }], 'Cannot merge: "0.json" and "1.json" differ in their number of seeds'],
  [[{}, { salt: "abc" }], 'Cannot merge: "0.json" and "1.json" differ in their salt'],
  [[{}, { lab: "abc" }], 'Cannot merge: "0.json" and "1.json" differ in their version of the lab'],
  [[{}, { rubric: { parts: [] } }], 'Cannot merge: "0.json" and "1.json" differ in their rubric'],
  [
    [{ shard: "1/2" }, { shard: "2/3" }],
    'Cannot merge: "0.json" is a part of 2, "1.json" one of 3',
  ],
  [[{ shard: "1/2" }, { shard: "1/2" }], "Cannot merge: two files are part 1/2"],
  [
    [{ shard: "2/4" }, { shard: "3/4" }],
    "Cannot merge: parts 1/4, 4/4 are missing; name the reports of all parts",
  ],
];

for (const [changes, message] of REFUSED) {
  Deno.test(`joinedProvenance() refuses: ${message}`, () => {
    assertThrows(() => joinedProvenance(parts(...changes)), CommandError, message);
  });
}

Deno.test("a rubric names the test or requirement that may be meant", () => {
  const problem = (rubric: unknown) => Rubric.safeParse(rubric).error?.issues[0]?.message;
  assertEquals(problem(DEFAULT_RUBRIC), undefined);
  assertEquals(
    problem({ parts: [{ name: "Part 1", tests: { TestBasics: 5 } }] }),
    'There is no test "TestBasics"; did you mean "TestBasic"?',
  );
  assertEquals(
    problem({ ...DEFAULT_RUBRIC, requirements: { "free memory": 5 } }),
    'There is no requirement "free memory"; did you mean "frees memory"?',
  );
});
