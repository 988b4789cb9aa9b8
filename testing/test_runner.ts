/**
 * Registers the lab's tests with `deno test`: with the options of the command line, and within
 * limits of real time. If all of them pass, one line says which requirements are met.
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

/** A test for `Deno.test`, whose type may lack the time limit. */
interface RunnerTest extends Pick<Deno.TestDefinition, "name" | "ignore"> {
  timeout?: number;
  fn(t: TestHandle): Promise<void>;
}

/** The two functions with which `test_test.ts` registers its tests. */
interface TestRunner {
  /** Registers a test. This is `Deno.test` itself, which takes its caller's line for the place of
   * the test. Does nothing if another tool imports the file, because tools use the list. */
  readonly test: (test: RunnerTest) => void;
  /** Adds a test to the list.
   *
   * @param name The whole name.
   * @param run Runs it once. */
  labTest(name: string, run: LabTest["run"]): RunnerTest;
}

/** Makes the runner of `test_test.ts`.
 *
 * @param file The URL of that file.
 * @param makeShardConfig Makes the clusters that measure the requirements.
 * @throws {OptionsError} An option of the command line is unknown or invalid. */
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

/** Returns the name of the test at a line of `test_test.ts`. */
function nameAt(line: number): string | undefined {
  const lines = text.split("\n").map((each) => each.match(/^test\(labTest\("(.*)"/)?.[1]);
  return lines.slice(0, line).findLast(Boolean) ?? lines.find(Boolean);
}

/** Wraps a failure so that the runner prints only its message: after an error without a stack, it
 * would print a line of the runtime. */
function report({ name, message }: LabFailure): object {
  return { [Symbol.for("Deno.customInspect")]: () => `${name}: ${message}` };
}

/** Describes which requirements are met, except memory, which takes longer. */
async function requirementsMet(makeCluster: MakeMeasured): Promise<string> {
  try {
    const line = requirementsLine(await silently(() => measureMessages(makeCluster)));
    return `${line}; deno task explore measures whether it frees memory`;
  } catch (error) {
    const [problem] = String((error as Error)?.message ?? error).split("\n");
    return `Could not measure the requirements of the assignment: ${problem}`;
  }
}
