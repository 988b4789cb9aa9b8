/**
 * Runs the seven tests in a process of their own, without any permission, and
 * reads what came out from the runner's JUnit file. What the tests print decides
 * nothing.
 *
 * @module
 */

import { readJunit } from "./junit.ts";

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
    outcomes: junit === "" ? [] : outcomesOf(junit),
    exitStatus: code,
    output: decoder.decode(stdout) + decoder.decode(stderr),
  };
}

/** The tests that were run. */
function outcomesOf(xml: string): TestOutcome[] {
  return readJunit(xml).filter(({ outcome }) => outcome !== "skipped").map(
    ({ name, outcome, message }) => {
      const test = { name: name.split(":")[0]!, passed: outcome === "passed" };
      return message === undefined ? test : { ...test, message };
    },
  );
}
