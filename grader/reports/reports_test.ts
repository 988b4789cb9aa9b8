/**
 * Every report has the same content in the format of its readers, whatever students wrote.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { DOMParser } from "@xmldom/xmldom";
import { readJunit } from "../../testing/deno_test_fixture.ts";
import { findingsWith, type GradeReport, type SubmissionResult } from "../result/result.ts";
import { DEFAULT_RUBRIC } from "../result/rubric.ts";
import { notGraded, scored } from "../result/score.ts";
import { classroomOf } from "./classroom.ts";
import { classroom50Fields, classroom50Of } from "./classroom50.ts";
import { csvOf } from "./csv.ts";
import {
  classReport,
  CLASSROOM50,
  type Format,
  HOSTILE,
  hostileResult,
  PROVENANCE,
  refusedResult,
  reportTexts,
  type Runner,
  runnersOf,
  submissionResult,
} from "./fixture.ts";
import { gradescopeOf } from "./gradescope.ts";
import { annotationsOf, RELEASE_BYTES_MAX, summaryOf } from "./markdown.ts";
import { jsonOf } from "./text.ts";

/** Returns the lines that the runner of GitHub Actions, which trims them, takes for commands. */
function commandsIn(text: string): string[] {
  return text.split("\n").filter((line) => {
    return /^::.*?::/.test(line.trimStart()) || line.includes("##[");
  });
}

/** Returns the result of a submission with a megabyte of text in each failure. */
function megabytes(): SubmissionResult {
  return hostileResult(`${HOSTILE}\n`.repeat(3000));
}

function classroom50(result: SubmissionResult): string {
  return jsonOf(classroom50Of(result, classroom50Fields((name) => CLASSROOM50[name]), new Date(0)));
}

Deno.test("each report has the format that its readers expect", async (t) => {
  const one = submissionResult(6, {
    notes: ["late.txt holds nothing; expected a whole number from 0 to 9"],
    sources: ["server.ts:2: Source: a lecture"],
  });
  const { html: _, ...texts } = reportTexts({ submissions: [one] });
  const ofClass = reportTexts(classReport());
  const refused = reportTexts({ submissions: [refusedResult()] });
  await t.assertSnapshot(texts.terminal);
  await t.assertSnapshot(refused.terminal);
  await t.assertSnapshot(ofClass.terminal);
  await t.assertSnapshot(texts.markdown);
  await t.assertSnapshot(ofClass.markdown);
  await t.assertSnapshot(ofClass.csv);
  await t.assertSnapshot(texts.junit);
  await t.assertSnapshot(JSON.parse(texts.gradescope).tests.at(-1));
  await t.assertSnapshot(JSON.parse(texts.classroom).at(-1));
  await t.assertSnapshot(JSON.parse(classroom50(one)).tests.at(-1));
});

Deno.test("no report has commands, forged lines or floods, whatever students wrote", () => {
  const onError = (level: string, message: string) => {
    if (level !== "warning") throw new Error(message);
  };
  for (const result of [submissionResult(5), hostileResult(), refusedResult(), megabytes()]) {
    const texts = { ...reportTexts({ submissions: [result] }), of50: classroom50(result) };
    for (const [format, text] of Object.entries(texts)) assertEquals(commandsIn(text), [], format);
    const { terminal, markdown, junit, gradescope, classroom, of50 } = texts;
    assertEquals(terminal.match(/^Total: /gm)?.length, 1);
    const testsShown = result.problems.length > 0 ? undefined : 7;
    assertEquals(terminal.match(/^ {2}(?:ok {2}|FAIL)/gm)?.length, testsShown);
    assertEquals(markdown.match(/<(?!\/?(?:pre|br|details|summary)\b)|@|\]\(/g), null);
    assert(summaryOf({ submissions: [result] }, RELEASE_BYTES_MAX).length <= 125_000);
    new DOMParser({ onError }).parseFromString(junit, "text/xml");
    const scores = [JSON.parse(gradescope), JSON.parse(of50)].map(({ score, tests }) => {
      return [score, tests.length];
    });
    assertEquals(scores, [[result.score, 7], [result.score, 7]]);
    const tests = (JSON.parse(classroom) as Runner[]).map(({ test }) => test);
    assertEquals(tests.reduce((sum, { score }) => sum + score, 0), result.score);
    for (const { name, message, test_code } of tests) {
      assertEquals(commandsIn(`${name}\n${message}\n${test_code}`), []);
    }
    assert(of50.length < 200_000);
  }
});

Deno.test("reports of a class have one line per submission, whatever students wrote", () => {
  const { terminal, markdown, junit } = reportTexts(classReport());
  assertEquals(terminal.split("\n").length, 1 + 5 + 1);
  assertEquals(markdown.split("\n").filter((line) => line.startsWith("| ")).length, 5 + 2);
  const cases = readJunit(junit);
  assertEquals(cases.filter(({ passed }) => passed).length, 7 + 2 + 0 + 0 + 3);
  assert(cases.some(({ message }) => message?.includes("]]>")));
});

Deno.test("csvOf() writes no formula, whatever students wrote", () => {
  const names = ["=1+1", " +1", "\t-1", "@sum", "\r=1", "\u2003=1", 'a,"b"', "a\nb"];
  const csv = csvOf({
    submissions: names.map((submission) => submissionResult(7, { submission })),
  });
  const rows = csv.split("\r\n");
  assertEquals(rows.length, names.length + 1);
  for (const row of rows.slice(1)) assertMatch(row, /^(?:'|"?a)/);
  assertStringIncludes(csv, '"a,""b"""');
});

Deno.test("classroomOf() distinguishes errors from failures", () => {
  const outcome = (result: SubmissionResult) => {
    const { status, test } = runnersOf(classroomOf(result))[0]!;
    return [status, test.status, test.message];
  };
  const message = 'append("k", "x 0 3 y") was executed twice expected: "x"';
  assertEquals(outcome(submissionResult(0)), ["fail", "fail", message]);
  const [status, testStatus, problem] = outcome(refusedResult());
  assertEquals([status, testStatus], ["error", "error"]);
  assertMatch(problem!, /^client\.ts:12: TS2322/);
  assertEquals(outcome(submissionResult(7)), ["pass", "pass", ""]);
});

Deno.test("summaryOf() keeps the overview and says that the rest is cut in a large class", () => {
  const large = megabytes();
  const submissions = Array.from({ length: 500 }, (_, i) => {
    return { ...large, submission: `student ${i}` };
  });
  const text = summaryOf({ submissions }, 100_000);
  assert(new TextEncoder().encode(text).length <= 100_000);
  assertStringIncludes(text, "| student 499 |");
  assertMatch(text, /The rest is left out, because it is longer than GitHub shows$/);
  assertEquals(summaryOf({ submissions }, 50), "");
});

Deno.test("annotationsOf() escapes the separators of the runner", () => {
  const problem = { message: "100%\nof: a, b", file: "a:b,c.ts", line: 3 };
  assertEquals(annotationsOf({ submissions: [refusedResult({ problems: [problem] })] }), [
    "::error file=a%3Ab%2Cc.ts,line=3::100%25%0Aof: a, b",
  ]);
  const hostile = { message: HOSTILE, file: null, line: null };
  const [line] = annotationsOf({ submissions: [refusedResult({ problems: [hostile] })] });
  assertMatch(line!, /^::error::[^\n\r]+$/);
  assert(!line!.includes("##["));
});

Deno.test("every report says why a submission was not graded, and does not show zero points", () => {
  const result = notGraded("ada", "No space left on device", DEFAULT_RUBRIC);
  const texts = reportTexts({ submissions: [result] });
  const ofClass = reportTexts({ submissions: [result, submissionResult(7)] });
  for (const [format, text] of Object.entries({ ...texts, table: ofClass.terminal })) {
    assertMatch(text, /not graded/i, format);
    assertStringIncludes(text, "No space left on device", format);
    assert(!/\b0\/100\b|\b0 of 100\b/.test(text), format);
  }
  assertMatch(texts.csv, /^ada,,100,0,,,,,,,,/m);
  assertMatch(ofClass.terminal, /100\.0/);
  const { score, tests } = JSON.parse(gradescopeOf(result));
  assertEquals([score, tests], [undefined, []]);
  for (const { status } of runnersOf(classroomOf(result))) assertEquals(status, "error");
  assertThrows(() => classroom50(result), Error, "needs a score");
});

Deno.test("scored() says that a test has not run yet while others run", () => {
  const messages = (isRunning: boolean) => {
    const { tests } = scored("ada", findingsWith({}), DEFAULT_RUBRIC, { isRunning });
    return [...new Set(tests.map(({ message }) => message))];
  };
  assertEquals(messages(true), ["Not run yet"]);
  assertEquals(messages(false), ["The test did not report, which counts as failed"]);
});

Deno.test("every report has the notes, the requirements and the provenance", () => {
  const result = submissionResult(6, {
    notes: ["late.txt holds nothing", "What it printed was cut"],
    requirements: [{ name: "replicates", isMet: false }],
  });
  const report: GradeReport = {
    submissions: [result],
    ungraded: ["eve.rar (a file)"],
    provenance: PROVENANCE,
  };
  const texts = reportTexts(report);
  const inClass = reportTexts({ ...report, submissions: [result, submissionResult(7)] });
  for (const format of Object.keys(texts) as Format[]) {
    const text = texts[format].replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
    for (const note of result.notes) assertStringIncludes(text, note, format);
    assertMatch(text, format === "csv" ? /,replicates,/ : /replicates: no/, format);
    assertMatch(
      text,
      /Graded 2026-11-26.* 0123456789ab, Deno 2\.9\.6, 25 seeds, no salt, rubric \w{12} \(100 /,
      format,
    );
  }
  for (const format of ["terminal", "html", "markdown"] as const) {
    assertStringIncludes(inClass[format], "eve.rar", format);
  }
});
