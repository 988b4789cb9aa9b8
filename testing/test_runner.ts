/**
 * The lab's tests as `deno test` runs them: as the command line says, and within limits of real
 * time. After a run in which all of them passed, one line says which requirements are met.
 *
 * @module
 */

import { exitOnOtherVersion } from "../cli/version.ts";
import text from "../test_test.ts" with { type: "text" };
import { LabFailure } from "./failure_report.ts";
import { tellRequirements } from "./green_run.ts";
import { addLabTest, type LabTest, labTests } from "./lab_tests.ts";
import { runLimited } from "./limited.ts";
import { testMsMax } from "./patience.ts";
import { type MakeShardConfig, measuredBy } from "./requirements.ts";
import type { Run, TestHandle } from "./run_hooks.ts";
import { commandLineOptions, type RunOptions } from "./run_options.ts";
import { hasRunnerSeed, RUNNER_SEED_NOTE } from "./runner_seed.ts";
import { nameSpeakers } from "./speakers.ts";

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
  const session = new Session(options);
  Deno.test.afterEach(() => session.endTest());
  Deno.test.afterAll(async () => {
    if (session.passed < labTests.length) return;
    await tellRequirements(measuredBy(makeShardConfig, { ...options, network: "unreliable" }));
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
        fn: (t) => session.runLimited(run, t),
      };
    },
  };
}

/** Returns the name of the test that a line of `test_test.ts` belongs to. */
function nameAt(line: number): string | undefined {
  const lines = text.split("\n").map((each) => each.match(/^test\(labTest\("(.*)"/)?.[1]);
  return lines.slice(0, line).findLast(Boolean) ?? lines.find(Boolean);
}

/** The tests of one process. */
class Session {
  readonly #options: RunOptions;
  readonly #isVirtual: boolean;
  readonly #passed = new Set<string>();
  #isFirst = true;
  /** The run that has not ended. */
  #current: Run | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#isVirtual = options.clock === "virtual";
  }

  /** The number of tests that passed in virtual time. */
  get passed(): number {
    return this.#passed.size;
  }

  /** Runs a test within limits of real time. */
  async runLimited(run: LabTest["run"], t: TestHandle): Promise<void> {
    try {
      await runLimited((handle) => this.#run(run, handle), t, this.#options);
    } catch (error) {
      throw error instanceof LabFailure ? report(error) : error;
    }
  }

  async #run(run: LabTest["run"], { name, origin, hooks }: TestHandle): Promise<void> {
    if (this.#isFirst && this.#isVirtual && hasRunnerSeed()) console.log(RUNNER_SEED_NOTE);
    this.#isFirst = false;
    const started = (made: Run) => {
      this.#current = made;
      if (this.#isVirtual) nameSpeakers(() => made.now());
      hooks?.started?.(made);
    };
    const failed = (error: unknown) => {
      // The failure is told, also if the scenario never comes back.
      this.#current = undefined;
      hooks?.failed?.(error);
    };
    const handle = { name, run: this.#options, hooks: { ...hooks, started, failed } };
    try {
      await run(origin === undefined ? handle : { ...handle, origin });
    } finally {
      this.#current = undefined;
    }
    if (this.#isVirtual) this.#passed.add(name);
  }

  /** Ends the run of a test that the runner ended: it never reached the end of its
   * `await using`. */
  endTest(): void {
    if (this.#current !== undefined) console.error(this.#current.unfinished().message);
    this.#current?.cleanup();
    this.#current = undefined;
  }
}

/** Returns what the runner prints as it is: to an error without a stack it adds a line of the
 * runtime. */
function report({ name, message }: LabFailure): object {
  return { [Symbol.for("Deno.customInspect")]: () => `${name}: ${message}` };
}
