/**
 * Runs the seven tests in a separate process without permissions, and reads the outcomes from the
 * runner's JUnit file.
 *
 * @module
 */

import { DOMParser } from "@xmldom/xmldom";
import { shortName } from "./failure_report.ts";

/** The outcome of one test. */
export interface TestOutcome {
  /** The name up to the colon, for example `"TestBasic"`. */
  name: string;
  passed: boolean;
  /** The error that it failed with. */
  message?: string;
}

/** The outcome of a run. */
export interface TestRun {
  outcomes: TestOutcome[];
  exitStatus: number;
  /** Everything that was printed. */
  output: string;
}

/** The options of a run. */
export interface TestRunOptions {
  /** Runs only these tests, as `deno test --filter` does. */
  filter?: string;
  /** The words behind `--`. */
  args?: readonly string[];
}

/** Runs the tests of a copy of the lab, without a type check.
 *
 * @param folder The folder of the lab, or of a copy of it.
 */
export async function runTests(
  folder: string | URL,
  options: TestRunOptions = {},
): Promise<TestRun> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const { filter, args = [] } = options;
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--no-prompt",
      "--no-check",
      `--junit-path=${report}`,
      ...filter === undefined ? [] : ["--filter", filter],
      "test_test.ts",
      "--",
      ...args,
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  let result: Deno.CommandOutput;
  let junit: string;
  try {
    result = await command.output();
    junit = await Deno.readTextFile(report);
  } finally {
    await Deno.remove(report);
  }
  const { code, stdout, stderr } = result;
  const decoder = new TextDecoder();
  return {
    outcomes: junit === ""
      ? []
      : readJunit(junit).map((test) => ({ ...test, name: shortName(test.name) })),
    exitStatus: code,
    output: decoder.decode(stdout) + decoder.decode(stderr),
  };
}

/** Reads the tests that were run from a JUnit file, with their whole names. */
export function readJunit(xml: string): TestOutcome[] {
  const cases = new DOMParser().parseFromString(xml, "text/xml").getElementsByTagName("testcase");
  return Array.from(cases).filter((each) => each.getElementsByTagName("skipped").length === 0)
    .map((each) => {
      const name = each.getAttribute("name")!;
      const [problem] = ["failure", "error"].flatMap((tag) => [...each.getElementsByTagName(tag)]);
      if (problem === undefined) return { name, passed: true };
      return { name, passed: false, message: problem.textContent ?? "" };
    });
}
