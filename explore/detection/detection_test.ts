import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { corpusEntries } from "../../corpus/expectation.ts";
import { processTest, runTask } from "../command_fixture.ts";
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

Deno.test("restOf() returns the text below the tables", () => {
  const page = formatDetections([detection()], { wrong: 200, right: 300 });
  assertEquals(restOf(page), "");
  assertEquals(restOf(`${page}\n## More\n\n| a |\n`), "\n## More\n\n| a |\n");
});

Deno.test("shortcomings() names a test that catches too few seeds or fails right code", () => {
  assertEquals(shortcomings(detection()), []);
  assertEquals(shortcomings(detection({ shares: [0.005, 0, 0.98, 1, 0, 0, 0] })), [
    "wrong: TestBasic has to pass, and fails with 0.5 % of the seeds",
    "wrong: TestUnreliable is meant to catch it, and fails with 98.0 % of the seeds",
  ]);
});

processTest(
  "detect measures the named entries and keeps the rows of the others",
  async () => {
    const pageUrl = new URL("../../docs/detection.md", import.meta.url);
    const documented = parseDetections(await Deno.readTextFile(pageUrl)).rows;
    const kept = corpusEntries().map((entry) => detection({ entry, shares: Array(7).fill(0.5) }));
    const chosen = ["no_retry", "terse"];
    const folder = await Deno.makeTempDir();
    const measure = (file: string, entries = chosen) => {
      const options = ["--seeds=1", "--right=1", `--output=${folder}/${file}`];
      return runTask(["detect", ...entries, ...options]);
    };
    const rowsOf = async (file: string) => {
      return parseDetections(await Deno.readTextFile(`${folder}/${file}`)).rows;
    };
    try {
      await Deno.writeTextFile(`${folder}/a.md`, formatDetections(kept, { wrong: 1, right: 1 }));
      const { status, out } = await measure("a.md");
      assertMatch(out, /^no_retry: 0 0 1 1 1 1 1$/m);
      assertEquals([status, out.includes("terse: TestBasic has to pass")], [1, false]);
      const rows = await rowsOf("a.md");
      for (const entry of corpusEntries()) {
        const runs = chosen.includes(entry) ? documented.get(entry)!.runs : "0123abcd";
        assertEquals(rows.get(entry)!.runs, runs);
      }
      assertEquals((await measure("new.md", ["terse"])).status, 0);
      assertEquals([...(await rowsOf("new.md")).keys()], ["terse"]);

      await Deno.writeTextFile(`${folder}/b.md`, formatDetections(kept, { wrong: 2, right: 1 }));
      const refused = await measure("b.md");
      assertEquals(refused.status, 2);
      assertMatch(
        refused.err,
        /^detect: Cannot keep .* has 2 seeds .* and 1 of .* expected 1 and 1;/,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
