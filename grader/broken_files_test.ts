/**
 * Broken files affect nobody but their author: each step that reads them returns problems or
 * continues.
 *
 * The files are damaged copies of the lab's own server. The compiler does not check each, which would
 * take minutes; `tool_test.ts` has its crashes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { DOMParser } from "@xmldom/xmldom";
import { Random } from "../sim/mod.ts";
import { citedSources } from "./take/cited_sources.ts";
import { scored } from "./result/score.ts";
import { gradeSubmission } from "./grade_submission.ts";
import { mayRunProcesses } from "../cli/permissions_fixture.ts";
import { BundleError, bundleSubmission, stopBundler } from "./realm/bundle.ts";
import { csvOf } from "./reports/csv.ts";
import { gradescopeOf } from "./reports/gradescope.ts";
import { junitOf } from "./reports/junit.ts";
import { findingsWith, type Problem } from "./result/result.ts";
import { DEFAULT_RUBRIC } from "./result/rubric.ts";

const options = { ignore: !mayRunProcesses, sanitizeOps: false, sanitizeResources: false };
const LAB = new URL("../", import.meta.url);
const FILES_COUNT = 132;

/** Kinds of damage: each makes another text from a text and a place in it. */
const DAMAGES: ((text: string, at: number, random: Random) => string)[] = [
  (text, at) => text.slice(0, at),
  (text, at) => text.slice(at),
  (text, at) => text.slice(0, at) + text.slice(at + 20),
  (text, at) => text.slice(0, at) + text.slice(at - 50, at + 50) + text.slice(at),
  (text, at, random) =>
    insert(text, at, pick(["{", "}", "(", ")", "`", "'", '"', "/*", "<"], random)),
  (text, at, random) =>
    insert(text, at, pick(["\0", "\u202e", "\ufeff", "\ud800", "\u2028"], random)),
  (text, at, random) =>
    insert(text, at, pick(["await ", "class ", "@x ", "#y", "?.", "=>"], random)),
  (text, at) => insert(text, at, "\nimport './" + "x".repeat(5000) + ".ts';\n"),
  (text, at) => insert(text, at, `/*${"]]>&<script>".repeat(50)}`),
  (text, at) => insert(text, at, "\nenum E { A = `${(".repeat(20)),
  (text) => [...text].reverse().join(""),
];

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}

function pick<T>(all: readonly T[], random: Random): T {
  return all[random.integerBelow(all.length)]!;
}

function assertReportable(problems: Problem[], about: string): void {
  const result = scored("ada", findingsWith({ problems }), DEFAULT_RUBRIC);
  for (const write of [csvOf, junitOf]) assert(write({ submissions: [result] }) !== "", about);
  JSON.parse(gradescopeOf(result));
  const onError = (level: string, message: string) => {
    if (level !== "warning") throw new Error(`${about}: ${message}`);
  };
  new DOMParser({ onError }).parseFromString(junitOf({ submissions: [result] }), "text/xml");
}

Deno.test(
  `${FILES_COUNT} broken files give problems that every report can show`,
  options,
  async () => {
    const random = new Random(12);
    // Without zod, all of them are bundled within a second.
    const server = (await Deno.readTextFile(new URL("server.ts", LAB)))
      .replace(/^import .*"zod";$/m, "declare const z: any;");
    let refused = 0;
    for (let i = 0; i < FILES_COUNT; i++) {
      const damage = DAMAGES[i % DAMAGES.length]!;
      const text = damage(server, random.integerBelow(server.length), random);
      const files = new Map([["client.ts", "export class Clerk {}"], ["server.ts", text]]);
      const about = `file ${i}, damage ${i % DAMAGES.length}`;
      citedSources(files);
      let problems: Problem[] = [];
      try {
        await bundleSubmission(files);
      } catch (error) {
        if (!(error instanceof BundleError)) throw new Error(about, { cause: error });
        problems = error.problems;
      }
      if (problems.length > 0) refused++;
      assertReportable(problems, about);
    }
    assert(refused > FILES_COUNT / 2, `${refused}`);
  },
);

Deno.test("grade names the file that is nested too deeply", options, async () => {
  const text = `export const x = ${"(".repeat(1000)}1${")".repeat(1000)};`;
  const files = new Map([["client.ts", "export class Clerk {}"], ["server.ts", text]]);
  const taken = { files, problems: [], notes: [] };
  const findings = await gradeSubmission(taken, { seeds: [1], tests: ["TestBasic"] });
  assertEquals(findings.problems.map(({ file }) => file), ["server.ts"]);
  assertReportable(findings.problems, "nested");
});

Deno.test.afterAll(stopBundler);
