/**
 * Runs the seven tests in a process of their own, without any permission, and
 * reads what came out from the runner's JUnit file. What the tests print decides
 * nothing.
 *
 * @module
 */

import { DOMParser } from "@xmldom/xmldom";

/** How one test ended. */
export interface TestOutcome {
  /** The name up to the colon, for example `"TestBasic"`. */
  name: string;
  passed: boolean;
  /** What it failed with. */
  message?: string;
}

/** How a run ended. */
export interface TestRun {
  outcomes: TestOutcome[];
  exitStatus: number;
  /** Everything that was printed. */
  output: string;
}

/** What a run may be told. */
export interface TestRunOptions {
  /** Runs only these tests, as `deno test --filter` does. */
  filter?: string;
  /** What stands behind `--`. */
  args?: readonly string[];
  /** Whether types are checked first; they are unless this is false. */
  check?: boolean;
}

/** Runs the tests of a copy of the lab.
 *
 * @param folder The folder of the lab, or of a copy of it.
 */
export async function runTests(
  folder: string | URL,
  options: TestRunOptions = {},
): Promise<TestRun> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const { filter, args = [], check = true } = options;
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "--no-prompt",
      ...check ? [] : ["--no-check"],
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
    outcomes: junit === "" ? [] : readJunit(junit),
    exitStatus: code,
    output: decoder.decode(stdout) + decoder.decode(stderr),
  };
}

/** Reads the test cases of a JUnit file as `deno test` writes it; those that were
 * not run are left out. */
function readJunit(xml: string): TestOutcome[] {
  const cases = new DOMParser().parseFromString(xml, "text/xml").getElementsByTagName("testcase");
  const run = Array.from(cases).filter((testCase) => {
    return testCase.getElementsByTagName("skipped").length === 0;
  });
  return run.map((testCase) => {
    const name = testCase.getAttribute("name")!.split(":")[0]!;
    const [problem] = [
      ...testCase.getElementsByTagName("failure"),
      ...testCase.getElementsByTagName("error"),
    ];
    return problem === undefined
      ? { name, passed: true }
      : { name, passed: false, message: problem.textContent ?? "" };
  });
}
