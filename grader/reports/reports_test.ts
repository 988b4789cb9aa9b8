import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { DOMParser } from "@xmldom/xmldom";
import { notGraded, scored } from "../result/score.ts";
import { readJunit } from "../../testing/deno_test_fixture.ts";
import { DEFAULT_RUBRIC } from "../result/rubric.ts";
import type { GradeReport } from "../result/result.ts";
import { classroomOf, ClassroomResult } from "./classroom.ts";
import { classroom50Of, Classroom50Result, releaseBodyOf } from "./classroom50.ts";
import { csvOf } from "./csv.ts";
import {
  classReport,
  HOSTILE,
  hostileResult,
  PROVENANCE,
  refusedResult,
  submissionResult,
} from "./fixture.ts";
import { gradescopeOf, GradescopeResult } from "./gradescope.ts";
import { junitOf } from "./junit.ts";
import { annotationsOf, summaryOf } from "./markdown.ts";
import { htmlOf } from "./html.ts";
import { footLines, linesOf, tableOf } from "./terminal.ts";
import { provenanceText } from "./text.ts";

/** A runner trims each line, then takes these for commands. */
function commandsIn(text: string): string[] {
  return text.split("\n").filter((line) =>
    /^::.*?::/.test(line.trimStart()) || line.includes("##[")
  );
}

/** One submission, each of whose texts has a megabyte. */
function megabytes(): GradeReport["submissions"][number] {
  const text = `${HOSTILE}\n`.repeat(3000);
  const result = hostileResult();
  const tests = result.tests.map((test) => ({ ...test, message: text, hint: text }));
  return { ...result, tests, notes: [text], sources: [text] };
}

const ENVIRONMENT = {
  CLASSROOM: "distributed-systems",
  ASSIGNMENT: "kvlab",
  ASSIGNMENT_TYPE: "individual",
  SUBMISSION_TAG: "submit/2026-11-24",
  COMMIT_URL: "https://example.com/commit",
  RELEASE_URL: "https://example.com/release",
  REVIEW_URL: "https://example.com/review",
  USERNAME: "ada",
};

Deno.test("junitOf() is XML that says what failed, whatever students wrote", async (t) => {
  const xml = junitOf(classReport());
  const errors: string[] = [];
  const parser = new DOMParser({
    onError: (level, message) => level !== "warning" && errors.push(message),
  });
  const suites = parser.parseFromString(xml, "text/xml").getElementsByTagName("testsuite");
  assertEquals(errors, []);
  assertEquals(suites.length, 5);
  const cases = readJunit(xml);
  assertEquals(cases.filter(({ passed }) => passed).length, 7 + 2 + 0 + 0 + 3);
  assert(cases.some(({ message }) => message?.includes("]]>")));
  assertEquals(commandsIn(xml), []);
  await t.assertSnapshot(junitOf({ submissions: [submissionResult(6), refusedResult()] }));
});

Deno.test("classroomOf() gives one runner a test, with what the reporter prints", () => {
  for (const result of [submissionResult(5), hostileResult(), refusedResult(), megabytes()]) {
    const lines = classroomOf(result).split("\n");
    assertEquals(lines.length, result.tests.length);
    const runners = lines.map((line) => {
      const [, name, base64] = /^(\w+)=([A-Za-z0-9+/=]+)$/.exec(line)!;
      const text = new TextDecoder().decode(Uint8Array.fromBase64(base64!));
      return { name, ...ClassroomResult.parse(JSON.parse(text)) };
    });
    const total = runners.reduce((sum, { tests }) => sum + tests[0]!.score, 0);
    assertEquals(total, result.score);
    assertEquals(runners.map(({ max_score }) => max_score), result.tests.map((t) => t.maxScore));
    for (const { tests } of runners) {
      const { name, message, test_code } = tests[0]!;
      assertEquals(commandsIn(`${name}\n${message}\n${test_code}`), []);
    }
  }
});

Deno.test("classroomOf() tells the seed, the replay command, and errors apart from failures", () => {
  const first = (result: Parameters<typeof classroomOf>[0]) => {
    const [, base64] = classroomOf(result).split("\n")[0]!.split(/=(.*)/);
    return JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(base64!)));
  };
  const failed = first(submissionResult(0));
  assertEquals([failed.status, failed.tests[0].status], ["fail", "fail"]);
  assertMatch(failed.tests[0].message, /executed twice/);
  assertMatch(failed.tests[0].test_code, /--seed=17/);
  assertMatch(failed.tests[0].test_code, /executed twice/);
  const refused = first(refusedResult());
  assertEquals([refused.status, refused.tests[0].status], ["error", "error"]);
  assertMatch(refused.tests[0].message, /^client\.ts:12: TS2322/);
  assertEquals(first(submissionResult(7)).status, "pass");
});

Deno.test("classroom50Of() fits its schema, whatever students wrote", () => {
  for (const result of [submissionResult(5), hostileResult(), refusedResult(), megabytes()]) {
    const text = classroom50Of(result, ENVIRONMENT, new Date(0));
    const { score, owner, datetime, tests } = Classroom50Result.parse(text);
    assertEquals([score, owner, datetime], [result.score, "ada", "1970-01-01T00:00:00Z"]);
    assertEquals(tests.length, 7);
    assert(JSON.stringify(text).length < 200_000);
  }
});

Deno.test("releaseBodyOf() fits into a release, and says what it leaves out", () => {
  const text = releaseBodyOf({ submissions: [megabytes()] });
  assert(text.length <= 125_000);
  assert(new TextEncoder().encode(text).length <= 125_000);
  assertMatch(text, /20 of 100 points/);
});

Deno.test("gradescopeOf() fits its schema, whatever students wrote", () => {
  for (const result of [submissionResult(5), hostileResult(), refusedResult(), megabytes()]) {
    const text = gradescopeOf(result);
    const { score, tests } = GradescopeResult.parse(JSON.parse(text));
    assertEquals([score, tests.length], [result.score, 7]);
    assertEquals(commandsIn(text), []);
  }
});

Deno.test("csvOf() has one row a submission and no formula, whatever students wrote", async (t) => {
  const names = ["=1+1", " +1", "\t-1", "@sum", "\r=1", "\u2003=1", 'a,"b"', "a\nb"];
  const csv = csvOf({
    submissions: names.map((submission) => submissionResult(7, { submission })),
  });
  const rows = csv.split("\r\n");
  assertEquals(rows.length, names.length + 1);
  for (const row of rows.slice(1)) assertMatch(row, /^(?:'|"?a)/);
  assertStringIncludes(csv, '"a,""b"""');
  await t.assertSnapshot(csvOf(classReport()));
});

Deno.test("summaryOf() shows no tag, link, mention or row of a student's", async (t) => {
  const text = summaryOf(classReport());
  assertEquals(text.match(/<(?!\/?(?:pre|br|details|summary)\b)|@|\]\(/g), null);
  assertEquals(text.split("\n").filter((line) => line.startsWith("| ")).length, 5 + 2);
  await t.assertSnapshot(summaryOf({ submissions: [submissionResult(6)] }));
  await t.assertSnapshot(text);
});

Deno.test("summaryOf() keeps the overview and says that the rest is cut, in a large class", () => {
  const submissions = Array.from({ length: 500 }, (_, i) => {
    return { ...megabytes(), submission: `student ${i}` };
  });
  const text = summaryOf({ submissions }, 100_000);
  assert(new TextEncoder().encode(text).length <= 100_000);
  assertStringIncludes(text, "| student 499 |");
  assertMatch(text, /The rest is left out, because it is longer than GitHub shows$/);
  assertEquals(summaryOf({ submissions }, 50), "");
});

Deno.test("annotationsOf() escapes what the runner would take apart", () => {
  const problem = { message: "100%\nof: a, b", file: "a:b,c.ts", line: 3 };
  assertEquals(annotationsOf({ submissions: [refusedResult({ problems: [problem] })] }), [
    "::error file=a%3Ab%2Cc.ts,line=3::100%25%0Aof: a, b",
  ]);
  const hostile = { message: HOSTILE, file: null, line: null };
  const [line] = annotationsOf({ submissions: [refusedResult({ problems: [hostile] })] });
  assertMatch(line!, /^::error::[^\n\r]+$/);
  assert(!line!.includes("##["));
});

Deno.test("linesOf() tells a student what failed, why, and what to run", async (t) => {
  const some = submissionResult(5, {
    notes: ["late.txt holds nothing; expected a whole number from 0 to 3"],
    sources: ["server.ts:2: Source: a lecture"],
  });
  await t.assertSnapshot(linesOf(some, DEFAULT_RUBRIC).join("\n"));
  await t.assertSnapshot(linesOf(refusedResult(), DEFAULT_RUBRIC).join("\n"));
});

Deno.test("linesOf() has one total and one line a test, whatever students wrote", () => {
  const lines = linesOf(hostileResult(), DEFAULT_RUBRIC).join("\n");
  assertEquals(lines.match(/^Total: /gm)?.length, 1);
  assertEquals(lines.match(/^ {2}(?:ok {2}|FAIL)/gm)?.length, 7);
  assertEquals(commandsIn(lines), []);
});

Deno.test("tableOf() has a line a submission, whatever students wrote", () => {
  const lines = tableOf(classReport());
  assertEquals(lines.length, 1 + 5 + 1);
  assertEquals(commandsIn(lines.join("\n")), []);
  assertEquals(lines.filter((line) => line.includes("\n")), []);
});

Deno.test("every report has the notes in full when they are short", () => {
  const notes = ["late.txt holds nothing", "client.ts wrote too much"];
  const report = { submissions: [submissionResult(7, { notes })] };
  const [result] = report.submissions;
  const written = [csvOf(report), gradescopeOf(result!), summaryOf(report)];
  for (const text of [...written, linesOf(result!, DEFAULT_RUBRIC).join("\n")]) {
    for (const note of notes) assertStringIncludes(text, note);
  }
});

Deno.test("scored() says that a test was not run yet, while others run", () => {
  const findings = { lateDays: 0, notes: [], sources: [], problems: [], tests: [], durationMs: 0 };
  const texts = (isRunning: boolean) => {
    const { tests } = JSON.parse(
      gradescopeOf(scored("ada", findings, DEFAULT_RUBRIC, { isRunning })),
    );
    return [...new Set(tests.map(({ output }: { output: string }) => output))];
  };
  assertEquals(texts(true), ["Not run yet"]);
  assertEquals(texts(false), ["The test did not report, which counts as failed"]);
});

Deno.test("every report says that a submission was not graded, and gives it no zero", async () => {
  const result = notGraded("ada", "No space left on device", DEFAULT_RUBRIC);
  const report = { submissions: [result, submissionResult(7)] };
  const texts = {
    csv: csvOf(report),
    junit: junitOf(report),
    html: await htmlOf(report),
    summary: summaryOf({ submissions: [result] }),
    table: tableOf(report).join("\n"),
    lines: linesOf(result, DEFAULT_RUBRIC).join("\n"),
    gradescope: gradescopeOf(result),
  };
  for (const [format, text] of Object.entries(texts)) {
    assertMatch(text, /not graded/i, format);
    assertStringIncludes(text, "No space left on device", format);
    assert(!/\b0\/100\b|\b0 of 100\b/.test(text), format);
  }
  assertMatch(texts.csv, /^ada,,100,0,,,,,,,,/m);
  assertMatch(texts.table, /100\.0/);
  const { score, tests } = GradescopeResult.parse(JSON.parse(texts.gradescope));
  assertEquals([score, tests], [undefined, []]);
  for (const line of classroomOf(result).split("\n")) {
    const runner = JSON.parse(atob(line.slice(line.indexOf("=") + 1)));
    assertEquals(ClassroomResult.parse(runner).status, "error");
  }
  assertThrows(() => classroom50Of(result, ENVIRONMENT, new Date(0)), Error, "needs a score");
});

Deno.test("every report tells what was not graded, what is not met and what decided the grades", async () => {
  const report: GradeReport = {
    submissions: [
      submissionResult(7, { requirements: [{ name: "replicates", isMet: true }] }),
      submissionResult(6, {
        submission: "bob",
        requirements: [{ name: "replicates", isMet: false }],
      }),
    ],
    ungraded: ["eve.rar (a file)"],
    provenance: PROVENANCE,
  };
  const texts = [footLines(report).join("\n"), await htmlOf(report), summaryOf(report)];
  for (const text of texts) assertStringIncludes(text, "eve.rar");
  const told = [linesOf(report.submissions[1]!, DEFAULT_RUBRIC).join("\n"), ...texts.slice(1)];
  for (const text of told) assertMatch(text, /replicates(?::|&#58;) no/);
  assertStringIncludes(csvOf(report), ",replicates,");
  const provenance = provenanceText(report);
  const [result] = report.submissions;
  const classroom = atob(classroomOf(result!, provenance).split("\n")[0]!.replace(/^\w+=/, ""));
  const single = [gradescopeOf(result!, provenance), classroom, releaseBodyOf(report)];
  for (const text of [...texts, junitOf(report), csvOf(report), ...single]) {
    assertMatch(
      text.replaceAll("&#40;", "("),
      /Graded 2026-11-26.* 0123456789ab, Deno 2\.9\.6, 25 seeds, no salt, rubric \w{12} \(100 /,
    );
  }
});
