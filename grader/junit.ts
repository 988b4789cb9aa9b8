/**
 * Reads what `deno test` writes down of its tests: JUnit XML.
 *
 * @module
 */

import { DOMParser } from "@xmldom/xmldom";

/** One test case. */
export interface TestCase {
  /** Its whole name; that of a step stands behind its test's name and " > ". */
  name: string;
  outcome: "passed" | "failed" | "skipped";
  /** What it failed with. */
  message?: string;
  durationMs: number;
}

/** Reads the test cases of a JUnit file as `deno test` writes it. */
export function readJunit(xml: string): TestCase[] {
  const cases = new DOMParser().parseFromString(xml, "text/xml").getElementsByTagName("testcase");
  return Array.from(cases, (testCase) => {
    const name = testCase.getAttribute("name")!;
    const durationMs = 1000 * Number(testCase.getAttribute("time") ?? 0);
    if (testCase.getElementsByTagName("skipped").length > 0) {
      return { name, outcome: "skipped", durationMs };
    }
    const [problem] = [
      ...testCase.getElementsByTagName("failure"),
      ...testCase.getElementsByTagName("error"),
    ];
    return problem === undefined
      ? { name, outcome: "passed", durationMs }
      : { name, outcome: "failed", message: problem.textContent ?? "", durationMs };
  });
}
