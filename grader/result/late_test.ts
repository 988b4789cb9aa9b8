/**
 * Late days cost what the rubric says if the time of the hand-in is known, and nothing otherwise.
 *
 * @module
 */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { UNMET } from "../../testing/requirements.ts";
import { scored, type Timing } from "./score.ts";
import { DueDate, latenessOf, latenessText } from "./late.ts";
import { PROVENANCE, reportTexts, type Runner } from "../reports/fixture.ts";
import { linesOf } from "../reports/terminal.ts";
import type { Findings, SubmissionResult } from "./result.ts";
import type { Rubric } from "./rubric.ts";

const RUBRIC: Rubric = {
  parts: [{ name: "Part 1", requires: [], tests: { TestBasic: 40, TestConcurrent: 30 } }],
  requirements: { "replicates": 20, "frees memory": 10 },
  late: { freeDays: 3, pointsPerDay: 10 },
};

const DUE = new Date("2026-11-20T18:00Z");

/** Returns the result of a submission that passes both tests and replicates. */
function result(timing: Timing, findings: Partial<Findings> = {}): SubmissionResult {
  const test = {
    ...{ title: "clerks", passed: true, seedsRun: 25, durationMs: 10 },
    ...{ failedSeed: null, message: null, hint: null, replay: null },
  };
  return scored(
    "ada",
    {
      ...{ lateDays: 0, notes: [], sources: [], problems: [], durationMs: 20 },
      tests: ["TestBasic", "TestConcurrent"].map((name) => ({ name, ...test })),
      requirements: [{ name: "replicates", isMet: true }, { name: "frees memory", isMet: false }],
      ...findings,
    },
    RUBRIC,
    timing,
  );
}

/** Returns the result of a submission that was handed in so many hours after it was due. */
function handedIn(hours: number, findings: Partial<Findings> = {}): SubmissionResult {
  const at = new Date(DUE.getTime() + hours * 3_600_000);
  return result({ due: DUE, handIn: { at, source: "git commit 1a2b3c4" } }, findings);
}

const COSTS: [hours: number, days: number, score: number][] = [
  [-1, 0, 90],
  [0, 0, 90],
  [0.01, 1, 90],
  [72, 3, 90],
  [73, 4, 80],
  [5 * 24, 5, 70],
  [100 * 24, 100, 0],
];

for (const [hours, days, score] of COSTS) {
  Deno.test(`scored() gives ${score} of 100 points for a hand-in ${hours} hours after it is due`, () => {
    const { lateDays, ...late } = handedIn(hours);
    assertEquals([lateDays, late.score, late.maxScore], [days, score, 100]);
  });
}

Deno.test("every report shows late days, and points that add up", () => {
  const late = handedIn(5 * 24);
  const texts = reportTexts({ submissions: [late] }, RUBRIC);
  const words = "Late by 5 days (git commit 1a2b3c4, 2026-11-25 18:00 UTC): 20 points taken off";
  for (const format of ["html", "junit", "terminal", "gradescope", "classroom"] as const) {
    assertStringIncludes(texts[format], words, format);
  }
  assertStringIncludes(texts.markdown, "Late by 5 days");
  const runners: Runner[] = JSON.parse(texts.classroom);
  assertEquals(runners.map(({ test }) => test.score), [40, 30, 0, 0]);
  const { score, tests } = JSON.parse(texts.gradescope);
  assertEquals([score, ...tests.map((test: Runner["test"]) => test.score)], [70, 40, 30, 20, 0]);
  const heads = "lateDays,latePoints,TestBasic,TestConcurrent,Replicates,FreesMemory";
  assertStringIncludes(texts.csv, heads);
  assertStringIncludes(texts.csv, "ada,70,100,5,20,40,30,20,0,frees memory,");
  assertMatch(texts.terminal, /FAIL +0\/10 .*FreesMemory: a requirement that no test sees/);
});

Deno.test("late days cost nothing if the time of the hand-in is not known", () => {
  const unknown = result({ due: DUE }, { lateDays: 7 });
  assertEquals([unknown.score, unknown.lateDays], [90, 7]);
  assertEquals(unknown.notes, [
    "The time of the hand-in is not known, so late days cost nothing",
  ]);
  const provenance = { ...PROVENANCE, due: DUE.toISOString() };
  const texts = reportTexts({ submissions: [result({ due: DUE }), handedIn(30)], provenance });
  assertMatch(texts.terminal, /^ada +90\/100 +\? .*\nada +90\/100 +2 /m);
  for (const format of ["html", "markdown"] as const) assertMatch(texts[format], /[>|] ?\? ?[<|]/);
  assertMatch(texts.csv, /^ada,90,100,,,.*\r\nada,90,100,2,0,/m);
  const canvas = result({ due: DUE, handIn: { at: null, source: "Canvas" } }, { lateDays: 7 });
  assertEquals([canvas.score, canvas.lateDays], [90, 7]);
  assertMatch(
    linesOf(canvas, RUBRIC).join("\n"),
    /^Late, but it is not known by how much \(Canvas\)/m,
  );
  const undue = result({ handIn: { at: new Date(), source: "Gradescope" } }, { lateDays: 7 });
  assertEquals([undue.score, undue.lateDays, undue.notes], [90, 7, []]);
});

Deno.test("scored() notes that late.txt declares another number of late days", () => {
  const { notes, lateDays } = handedIn(100, { lateDays: 1 });
  assertEquals(lateDays, 5);
  assertEquals(notes, ["late.txt declares 1 late day, but it was handed in 5 days late"]);
  assertEquals(handedIn(100, { lateDays: 5 }).notes, []);
});

Deno.test("a requirement that could not be measured gives no point and says why", () => {
  const messages = (findings: Partial<Findings>) => {
    const { requirements: _, ...rest } = result({}, findings);
    return rest.tests.filter(({ part }) => part === "Requirements").map(({ message }) => message);
  };
  assertEquals(messages({}), [null, `Not met: frees memory: ${UNMET["frees memory"]}`]);
  const [failing] = messages({ requirements: undefined });
  assertEquals(
    failing,
    "It could not be measured: the submission fails when a server is cut off for a second",
  );
  const [none] = messages({ requirements: undefined, tests: [] });
  assertEquals(none, "It was not measured, since no test passed");
});

Deno.test("latenessOf() counts days that cost nothing without a policy", () => {
  const late = latenessOf({ at: new Date("2026-11-21T18:00Z"), source: "Gradescope" }, DUE);
  assertEquals([late.days, late.points], [1, 0]);
  const words = "Late by 1 day (Gradescope, 2026-11-21 18:00 UTC): no points taken off";
  assertEquals(latenessText(late), words);
});

Deno.test("DueDate accepts days and times with and without a zone", () => {
  const read = (text: string) => DueDate.safeParse(text).data?.getTime();
  assertEquals(read("2026-11-20T18:00Z"), DUE.getTime());
  assertEquals(read("2026-11-20T19:00+01:00"), DUE.getTime());
  assertEquals(read("2026-11-20"), new Date(2026, 10, 21).getTime());
  assertEquals(read("2026-11-20T23:59"), new Date(2026, 10, 20, 23, 59).getTime());
  for (
    const text of [
      "",
      "tomorrow",
      "2026-02-30",
      "2026-11-20 18:00",
      "20.11.2026",
      "2026-11-20T25:00",
    ]
  ) {
    assertEquals(read(text), undefined, text);
  }
});
