/**
 * The lab's tests as `deno test` runs them: as the command line says, and within limits of real
 * time. After a run in which all of them passed, one line says which requirements are met.
 *
 * @module
 */

import { exitOnOtherVersion } from "../cli/version.ts";
import text from "../test_test.ts" with { type: "text" };
import { LabFailure } from "./failure_report.ts";
import { addLabTest, type LabTest, labTests } from "./lab_tests.ts";
import { LimitedTests } from "./limited.ts";
import { testMsMax } from "./patience.ts";
import {
  type MakeMeasured,
  type MakeShardConfig,
  measuredBy,
  measureMessages,
  requirementsLine,
} from "./requirements.ts";
import type { TestHandle } from "./run_hooks.ts";
import { commandLineOptions } from "./run_options.ts";
import { hasRunnerSeed, RUNNER_SEED_NOTE } from "./runner_seed.ts";
import { silently } from "./speakers.ts";

/** A test for `Deno.test`. The compiler may not know the limit yet. */
interface RunnerTest extends Pick<Deno.TestDefinition, "name" | "ignore"> {
  timeout?: number;
  fn(t: TestHandle): Promise<void>;
}

/** The two functions by which `test_test.ts` hands in its tests. */
interface TestRunner {
  /** Registers a test: `Deno.test` itself, which takes the line that calls it for the place of
   * the test. Does nothing if other tools import the file: they use the list. */
  readonly test: (test: RunnerTest) => void;
  /** Adds a test to the list.
   *
   * @param name Its whole name.
   * @param run Runs it once. */
  labTest(name: string, run: LabTest["run"]): RunnerTest;
}

/** Makes the runner of `test_test.ts`.
 *
 * @param file The address of that file.
 * @param makeShardConfig Makes the clusters on which the requirements are measured.
 * @throws {OptionsError} The command line has an option that the tests do not know. */
export function testRunner(file: string, makeShardConfig: MakeShardConfig): TestRunner {
  if (Deno.mainModule !== file) {
    return {
      test() {},
      labTest(name, run) {
        addLabTest({ name, run });
        return { name, fn: run };
      },
    };
  }
  exitOnOtherVersion();
  const options = commandLineOptions();
  const isVirtual = options.clock === "virtual";
  const tests = new LimitedTests(options);
  const passed = new Set<string>();
  if (isVirtual) {
    Deno.test.beforeAll(() => {
      if (hasRunnerSeed()) console.log(RUNNER_SEED_NOTE);
    });
  }
  Deno.test.afterEach(() => tests.endTest());
  Deno.test.afterAll(async () => {
    if (passed.size < labTests.length || !isVirtual) return;
    const run = { ...options, network: "unreliable" } as const;
    console.log(await requirementsMet(measuredBy(makeShardConfig, run)));
  });
  const timeout = testMsMax(options);
  const chosen = options.line && nameAt(options.line);
  return {
    test: Deno.test,
    labTest(name, run) {
      addLabTest({ name, run });
      return {
        name,
        ignore: chosen !== undefined && name !== chosen,
        ...timeout !== undefined && { timeout },
        async fn(t) {
          try {
            await tests.run(run, t);
            passed.add(name);
          } catch (error) {
            throw error instanceof LabFailure ? report(error) : error;
          }
        },
      };
    },
  };
}

/** Returns the name of the test that a line of `test_test.ts` belongs to. */
function nameAt(line: number): string | undefined {
  const lines = text.split("\n").map((each) => each.match(/^test\(labTest\("(.*)"/)?.[1]);
  return lines.slice(0, line).findLast(Boolean) ?? lines.find(Boolean);
}

/** Returns what the runner prints as it is: to an error without a stack it adds a line of the
 * runtime. */
function report({ name, message }: LabFailure): object {
  return { [Symbol.for("Deno.customInspect")]: () => `${name}: ${message}` };
}

/** Says which requirements are met. Memory is left to `explore`, since it takes longer. */
async function requirementsMet(makeCluster: MakeMeasured): Promise<string> {
  try {
    const line = requirementsLine(await silently(() => measureMessages(makeCluster)));
    return `${line}; deno task explore measures whether it frees memory`;
  } catch (error) {
    const [problem] = String((error as Error)?.message ?? error).split("\n");
    return `Could not measure the requirements of the assignment: ${problem}`;
  }
}
