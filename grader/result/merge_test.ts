import { assertEquals, assertRejects } from "@std/assert";
import { CommandError } from "../../cli/mod.ts";
import { merged } from "./merge.ts";
import { makeFolder } from "../../cli/folder_fixture.ts";
import { mayRunProcesses } from "../../cli/permissions_fixture.ts";
import { readJson } from "./read_json.ts";
import { stopBundler } from "../realm/bundle.ts";
import { classReport, PROVENANCE, submissionResult } from "../reports/fixture.ts";
import { Rubric } from "./rubric.ts";

const ignore = !mayRunProcesses;

/** Calls a test with the names of files that hold these values as JSON. */
async function withFiles(values: unknown[], test: (names: string[]) => Promise<void>) {
  const texts = values.map((value) => JSON.stringify(value));
  await using folder = await makeFolder(Object.fromEntries(texts.entries()));
  await test(values.map((_, i) => `${folder.path}/${i}`));
}

Deno.test("merged() joins the parts of a class and refuses a submission that is in two", {
  ignore,
  sanitizeOps: false,
  sanitizeResources: false,
}, async () => {
  const likeness = { "client.ts": "1 a", "server.ts": "90000 a" };
  const part = (shard: string, ...names: string[]) => ({
    submissions: names.map((submission) => submissionResult(7, { submission, likeness })),
    provenance: { ...PROVENANCE, shard },
    ungraded: ["notes.txt (a file)"],
  });
  const parts = [part("1/2", "ada", "eve"), part("2/2", "bob"), part("2/2", "ada")];
  await withFiles(parts, async ([first, second, again]) => {
    const { submissions, provenance, ungraded } = await merged([second!, first!]);
    assertEquals(submissions.map(({ submission }) => submission), ["ada", "bob", "eve"]);
    assertEquals([provenance, ungraded], [PROVENANCE, ["notes.txt (a file)"]]);
    assertEquals(submissions[1]!.notes, [
      'client.ts and server.ts are the same as in "ada", "eve", apart from formatting and names',
    ]);
    const message = 'Cannot merge: "ada" is in more than one report';
    await assertRejects(() => merged([first!, again!]), CommandError, message);
  });
  await assertRejects(() => merged([]), CommandError, "No report was given");
});

const PARTS = [{ name: "All", tests: { TestBasic: 1 } }];

const BAD_RUBRICS: [rubric: unknown, words: string][] = [
  [[], ": expected an object, found []"],
  [{ part: [] }, " at parts: expected a list, found nothing"],
  [{ parts: [] }, " at parts: expected at least one part"],
  [{ parts: [{ tests: {} }] }, " at parts.0.name: expected a text, found nothing"],
  [{ parts: PARTS, more: 1 }, ': expected no "more"'],
  [{ parts: PARTS, late: {} }, " at late.freeDays: expected a whole number of days from 0 to 9"],
  [
    { parts: PARTS, requirements: { replicates: -1 } },
    " at requirements.replicates: expected a whole number of points from 0 on",
  ],
];

Deno.test("readJson() describes an error without the words of the schema", {
  ignore,
}, async () => {
  await withFiles([...BAD_RUBRICS.map(([rubric]) => rubric), classReport()], async (files) => {
    for (const [i, [, words]] of BAD_RUBRICS.entries()) {
      const expected = `Cannot use "${files[i]}"${words}`;
      const { message } = await assertRejects(() => readJson(files[i]!, Rubric), CommandError);
      assertEquals(message, expected);
    }
  });
});

Deno.test.afterAll(stopBundler);
