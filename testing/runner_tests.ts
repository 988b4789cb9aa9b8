/**
 * The lab's tests as `deno test` runs them: as the command line says, and within limits of real
 * time. After a run in which all of them passed, one line says which requirements are met.
 *
 * @module
 */

import { exitOnOtherVersion } from "../cli/version.ts";
import { LabFailure } from "./failure_report.ts";
import { tellRequirements } from "./green_run.ts";
import { type LabTest, labTests, testAt } from "./lab_tests.ts";
import { runLimited } from "./limited.ts";
import { testMsMax } from "./patience.ts";
import { type MakeShardConfig, measuredBy } from "./requirements.ts";
import type { Run, TestHandle } from "./run_hooks.ts";
import { commandLineOptions, type RunOptions } from "./run_options.ts";
import { hasRunnerSeed, RUNNER_SEED_NOTE } from "./runner_seed.ts";
import { nameSpeakers } from "./speakers.ts";

/** A test for `Deno.test`. The compiler may not know the limit yet. */
type RunnerTest = Omit<Deno.TestDefinition, "fn"> & {
  timeout?: number;
  fn(t: TestHandle): Promise<void>;
};

/** Returns the listed tests that the command line asks for.
 *
 * @param makeShardConfig Makes the clusters on which the requirements are measured.
 * @throws {OptionsError} The command line has an option that the tests do not know. */
export function runnerTests(makeShardConfig: MakeShardConfig): RunnerTest[] {
  exitOnOtherVersion();
  const options = commandLineOptions();
  const session = new Session(options);
  Deno.test.afterEach(() => session.endTest());
  Deno.test.afterAll(async () => {
    if (session.passed < labTests.length) return;
    await tellRequirements(measuredBy(makeShardConfig, { ...options, network: "unreliable" }));
  });
  const timeout = testMsMax(options);
  const chosen = options.line === undefined ? labTests : [testAt(options.line)];
  return chosen.map((test) => ({
    name: test.name,
    ...timeout !== undefined && { timeout },
    fn: async (t) => {
      try {
        await runLimited((handle) => session.run(test, handle), t, options);
      } catch (error) {
        throw error instanceof LabFailure ? report(error) : error;
      }
    },
  }));
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

  /** Runs a test once. */
  async run(test: LabTest, { name, origin, hooks }: TestHandle): Promise<void> {
    if (this.#isFirst && this.#isVirtual && hasRunnerSeed()) console.log(RUNNER_SEED_NOTE);
    this.#isFirst = false;
    const started = (run: Run) => {
      this.#current = run;
      if (this.#isVirtual) nameSpeakers(() => run.now());
      hooks?.started?.(run);
    };
    const failed = (error: unknown) => {
      // The failure is told, also if the scenario never comes back.
      this.#current = undefined;
      hooks?.failed?.(error);
    };
    const handle = { name, run: this.#options, hooks: { ...hooks, started, failed } };
    try {
      await test.run(origin === undefined ? handle : { ...handle, origin });
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
