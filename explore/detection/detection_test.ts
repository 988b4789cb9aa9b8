import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { corpusEntries } from "../../corpus/expectation.ts";
import { mayRunProcesses } from "../../grader/permissions.ts";
import { runTask } from "../command_fixture.ts";
import { type Detection, shortcomings } from "./detection.ts";
import { formatDetections, parseDetections, restOf } from "./detection_file.ts";

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

Deno.test("detect measures the entries that it is given, and keeps the rows of the others", {
  ignore: !mayRunProcesses,
}, async () => {
  const pageUrl = new URL("../../docs/detection.md", import.meta.url);
  const { rows } = parseDetections(await Deno.readTextFile(pageUrl));
  const kept = corpusEntries().map((entry) => detection({ entry, shares: Array(7).fill(0.5) }));
  const output = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(output, formatDetections(kept, { wrong: 1, right: 1 }));
    const { status, out } = await runTask([
      ...["detect", "no_retry", "terse", "--seeds=1", "--right=1", `--output=${output}`],
    ]);
    assertMatch(out, /^no_retry: 0 0 1 1 1 1 1$/m);
    assertEquals([status, out.includes("terse: TestBasic has to pass")], [1, false]);
    const written = parseDetections(await Deno.readTextFile(output)).rows;
    for (const entry of corpusEntries()) {
      const isMeasured = ["no_retry", "terse"].includes(entry);
      assertEquals(written.get(entry)!.runs, isMeasured ? rows.get(entry)!.runs : "0123abcd");
    }
  } finally {
    await Deno.remove(output);
  }
});
