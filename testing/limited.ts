/**
 * Runs the tests of `deno test` within limits of real time.
 *
 * A loop that never yields and a run that uses too much processor time fail the test. If the
 * machine slept or was busy, or a breakpoint held the run, the run says nothing about the
 * solution: the test runs again with the same seed.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { type EndOfTurn, runTurn, type TimeLimits } from "../sim/mod.ts";
import { LabFailure } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { LabTest } from "./lab_tests.ts";
import type { LoopCounters } from "./loop_counters.ts";
import { timeLimits } from "./patience.ts";
import type { Run, RunHooks, TestHandle } from "./run_hooks.ts";
import type { RunOptions } from "./run_options.ts";
import { nameSpeakers, silently } from "./speakers.ts";

/** A test fails after this number of held runs, and the failure says why. */
const RUNS_MAX = 3;

/** The longest limit that the runtime accepts. */
const UNLIMITED_MS = 2 ** 31 - 1;

/** After this number of tests that never yielded, no more tests run: each would take as long. */
const ENDED_TESTS_MAX = 2;

/** The time in which the place of an endless loop is searched, in real milliseconds. */
const LOOKING_MS = 1000;

/** The tests of one process. */
export class LimitedTests {
  readonly #options: RunOptions;
  readonly #limitsOf: (hasEnded: boolean) => TimeLimits;
  /** The number of tests that never yielded. */
  #endedTests = 0;
  /** The counters of loops, after a run reached its limit. */
  #loops: LoopCounters | undefined;
  #countLoops: Run["countLoops"] = () => undefined;
  /** The run that has not ended. */
  #current: Run | undefined;

  /** @param options How the tests run.
   * @param limitsOf Returns the limits of a test, stricter after a test that never yielded. */
  constructor(options: RunOptions, limitsOf: (hasEnded: boolean) => TimeLimits = timeLimits) {
    this.#options = options;
    this.#limitsOf = limitsOf;
  }

  /** Runs a test.
   *
   * @throws {LabFailure} The test failed, or its runs were held too often. */
  async run(scenario: LabTest["run"], { name, origin }: TestHandle): Promise<void> {
    const options = this.#options;
    const test = { name, ...origin !== undefined && { origin }, run: options };
    if (options.clock === "real" || options.debug) return await this.#runOnce(scenario, test);
    if (this.#endedTests >= ENDED_TESTS_MAX) {
      const what = `Not run: ${ENDED_TESTS_MAX} tests before it never let go of the processor`;
      throw new LabFailure({ what, hint: HINTS.notRun }, { ...options, ...test });
    }
    let limits = this.#limitsOf(this.#endedTests > 0);
    for (let run = 1;; run++) {
      try {
        return await this.#runOnce(scenario, test, { limits });
      } catch (error) {
        const hint = error instanceof LabFailure ? error.violation.hint : undefined;
        if (hint === HINTS.neverYields) {
          this.#endedTests++;
          throw await this.#withPlace(error as LabFailure, scenario, test);
        }
        const isHeld = hint === HINTS.held;
        if (!isHeld && hint !== HINTS.starved || run === RUNS_MAX) throw error;
        const why = isHeld ? "slept, or a breakpoint held the test" : "was busy with other things";
        console.log(`Note: the machine ${why}; the test runs again from its beginning`);
        // The next run will reach the breakpoint again.
        limits = { ...limits, turnMsMax: isHeld ? UNLIMITED_MS : 2 * limits.turnMsMax };
      }
    }
  }

  /** Cleans up after a test that the runner ended, which never left its `await using`. */
  endTest(): void {
    if (this.#current !== undefined) console.error(this.#current.unfinished().message);
    this.#current?.cleanup();
    this.#current = undefined;
  }

  /** Runs a test once more to find the loop that it never leaves.
   *
   * @param loops Its copies of the student's files take part in the run.
   * @returns The place of the loop; `undefined` if none stands out. */
  async findLoop(
    loops: LoopCounters,
    scenario: LabTest["run"],
    { name }: Pick<TestHandle, "name">,
  ): Promise<string | undefined> {
    try {
      const machines = await loops.machines;
      loops.reset();
      const { turnMsMax, cpuMsMax } = this.#limitsOf(true);
      const limits = { turnMsMax: Math.min(turnMsMax, LOOKING_MS), cpuMsMax };
      const hooks = { limits, machines, listener: () => loops.reset(), print() {} };
      await silently(() => this.#runOnce(scenario, { name, run: this.#options }, hooks));
      return undefined;
    } catch {
      // The loop was ended again.
      return loops.place;
    }
  }

  /** Adds the place of the loop to a failure if another run finds it. */
  async #withPlace(
    failure: LabFailure,
    scenario: LabTest["run"],
    test: TestHandle,
  ): Promise<LabFailure> {
    const loops = this.#loops ??= this.#countLoops();
    const place = loops && await this.findLoop(loops, scenario, test);
    if (place === undefined) return failure;
    return new LabFailure({ ...failure.violation, where: [place] }, { ...this.#options, ...test });
  }

  async #runOnce(
    scenario: LabTest["run"],
    test: TestHandle,
    hooks: RunHooks = {},
  ): Promise<void> {
    const { limits } = hooks;
    const { promise: failure, reject: failed } = Promise.withResolvers<never>();
    failure.catch(() => {});
    const started = (run: Run) => {
      this.#current = run;
      if (hooks.machines === undefined) this.#countLoops = () => run.countLoops();
      if (this.#options.clock === "virtual") nameSpeakers(() => run.now());
    };
    let end: Promise<void> | undefined;
    const begin = () => {
      end = scenario({ ...test, hooks: { ...hooks, started, failed } });
      end.catch(() => {});
      return false;
    };
    if (limits === undefined) begin();
    else {
      const how = await new Promise<EndOfTurn | undefined>((resolve) => {
        setImmediate(() => resolve(runTurn(begin, limits.turnMsMax)));
      });
      if (how !== undefined) this.#current?.interrupt(how);
    }
    try {
      // A scenario that was ended in the middle never comes back.
      await Promise.race([...end === undefined ? [] : [end], failure]);
    } finally {
      this.#current?.cleanup();
      this.#current = undefined;
    }
  }
}
