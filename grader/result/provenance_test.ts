import { assertEquals, assertThrows } from "@std/assert";
import { CommandError } from "../../cli/mod.ts";
import { joinedProvenance } from "./provenance.ts";
import { classReport, PROVENANCE } from "../reports/fixture.ts";
import type { Provenance } from "./result.ts";
import { DEFAULT_RUBRIC, unknownName } from "./rubric.ts";

/** The parts of a class, in files called `0.json`, `1.json` and so on. */
function parts(...changes: Partial<Provenance>[]) {
  return changes.map((change, i) => {
    return {
      file: `${i}.json`,
      report: { ...classReport(), provenance: { ...PROVENANCE, ...change } },
    };
  });
}

Deno.test("joinedProvenance() is that of all parts, with the latest date", () => {
  const date = "2026-11-26T13:00:00.000Z";
  const joined = joinedProvenance(parts({ shard: "2/2" }, { shard: "1/2", date }));
  assertEquals(joined, { ...PROVENANCE, date });
  assertEquals(joinedProvenance([{ file: "old.json", report: { submissions: [] } }]), undefined);
});

const REFUSED: [changes: Partial<Provenance>[], message: string][] = [
  [[{}, { seeds: 3 }], 'Cannot merge: "0.json" and "1.json" have another number of seeds'],
  [[{}, { salt: "abc" }], 'Cannot merge: "0.json" and "1.json" have another salt'],
  [[{}, { lab: "abc" }], 'Cannot merge: "0.json" and "1.json" have another version of the lab'],
  [[{}, { rubric: { parts: [] } }], 'Cannot merge: "0.json" and "1.json" have another rubric'],
  [
    [{ shard: "1/2" }, { shard: "2/3" }],
    'Cannot merge: "0.json" is a part of 2, "1.json" one of 3',
  ],
  [[{ shard: "1/2" }, { shard: "1/2" }], "Cannot merge: two files are part 1/2"],
  [
    [{ shard: "2/4" }, { shard: "3/4" }],
    "Cannot merge: part 1/4, 4/4 is missing; name the reports of all parts",
  ],
];

for (const [changes, message] of REFUSED) {
  Deno.test(`joinedProvenance() refuses: ${message}`, () => {
    assertThrows(() => joinedProvenance(parts(...changes)), CommandError, message);
  });
}

Deno.test("unknownName() names the test or requirement that may be meant", () => {
  assertEquals(unknownName(DEFAULT_RUBRIC), undefined);
  const rubric = { parts: [{ name: "Part 1", requires: [], tests: { TestBasics: 5 } }] };
  assertEquals(
    unknownName(rubric),
    'There is no test "TestBasics"; did you mean "TestBasic"?',
  );
  assertEquals(
    unknownName({ ...DEFAULT_RUBRIC, requirements: { "free memory": 5 } }),
    'There is no requirement "free memory"; did you mean "frees memory"?',
  );
});
