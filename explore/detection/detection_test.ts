import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { corpusEntries, expectationOf, TestName } from "../../corpus/expectation.ts";
import { mayRunProcesses } from "../../grader/permissions.ts";
import { runTask } from "../command_fixture.ts";
import { type Detection, shortcomings } from "./detection.ts";
import { formatDetections, parseDetections, restOf } from "./detection_file.ts";

const ignore = !mayRunProcesses;

function detection(changes: Partial<Detection> = {}): Detection {
  return {
    entry: "wrong",
    expectation: {
      idea: "It is wrong",
      intended: "TestUnreliable",
      pass: ["TestBasic", "TestConcurrent", "TestStaticShards", "TestRejection"],
      fail: ["TestUnreliable", "TestUnreliableOneKey"],
      unmet: [],
      either: ["TestUnreliableShards"],
    },
    shares: [0, 0, 0.995, 1, 0, 0, 0.3],
    runs: "0123abcd",
    ...changes,
  };
}

Deno.test("formatDetections() writes what parseDetections() reads", () => {
  const page = formatDetections([detection(), detection({ entry: "other", runs: "deadbeef" })], {
    wrong: 200,
    right: 300,
  });
  assertStringIncludes(
    page,
    "| wrong | · | · | **99.5 %** | 100 % | · | · | 30.0 % | `0123abcd` |\n",
  );
  const shares = [0, 0, 0.995, 1, 0, 0, 0.3];
  assertEquals(parseDetections(page), {
    seeds: { wrong: 200, right: 300 },
    rows: new Map([
      ["wrong", { shares, runs: "0123abcd" }],
      ["other", { shares, runs: "deadbeef" }],
    ]),
  });
});

Deno.test("restOf() returns what others wrote below the tables", () => {
  const page = formatDetections([detection()], { wrong: 200, right: 300 });
  assertEquals(restOf(page), "");
  assertEquals(restOf(`${page}\n## More\n\n| a |\n`), "\n## More\n\n| a |\n");
});

Deno.test("shortcomings() names a test that catches too little, or fails what has to pass", () => {
  assertEquals(shortcomings(detection()), []);
  assertEquals(shortcomings(detection({ shares: [0.005, 0, 0.98, 1, 0, 0, 0] })), [
    "wrong: TestBasic has to pass, and fails with 0.5 % of the seeds",
    "wrong: TestUnreliable is meant to catch it, and fails with 98.0 % of the seeds",
  ]);
});

Deno.test("docs/detection.md and each expect.json are what the entry and the lab come to", {
  ignore,
}, async () => {
  const page = await Deno.readTextFile(new URL("../../docs/detection.md", import.meta.url));
  const documented = parseDetections(page).rows;
  assertEquals([...documented.keys()].toSorted(), corpusEntries());

  const output = await Deno.makeTempFile();
  try {
    await runTask(["detect", "--seeds=1", "--right=1", `--output=${output}`]);
    const again = parseDetections(await Deno.readTextFile(output)).rows;
    for (const [entry, { shares }] of again) {
      const { pass, fail, either } = await expectationOf(entry);
      const found = TestName.options.filter((name) => !either.includes(name));
      const isFailed = (name: TestName) => shares[TestName.options.indexOf(name)] === 1;
      assertEquals(found.filter((name) => !isFailed(name)).toSorted(), pass.toSorted(), entry);
      assertEquals(found.filter(isFailed).toSorted(), fail.toSorted(), entry);
    }
    const changed = corpusEntries().filter((entry) => {
      return again.get(entry)?.runs !== documented.get(entry)?.runs;
    });
    const remedy = "run deno task detect, which measures them again";
    assert(changed.length === 0, `${changed.join(", ")} came to something else; ${remedy}`);
  } finally {
    await Deno.remove(output);
  }
});
