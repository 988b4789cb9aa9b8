/**
 * Runs a test of the command line within limits of real time.
 *
 * A loop that never yields, and a run that takes too much processor time, end with a verdict.
 * A run that was kept from the processor, because the machine slept or was busy or a
 * breakpoint held it, says nothing about the solution: it is thrown away, and the test runs
 * again from its beginning, with the same seed and thus in the same way.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { type EndOfTurn, runBounded, type TimeLimits } from "../sim/mod.ts";
import { LabFailure } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import { timeLimits } from "./patience.ts";
import type { Run, TestHandle } from "./run_hooks.ts";
import type { RunOptions } from "./run_options.ts";

/** A test of which this many runs were held fails, and the failure says why. */
const RUNS_MAX = 3;

/** No limit, as far as the runtime takes one. */
const UNLIMITED_MS = 2 ** 31 - 1;

/** After so many tests that never yielded, the rest of them is not run: each would cost as
 * long again. */
const ENDED_TESTS_MAX = 2;

/** A scenario of a test. */
type Scenario = (t: TestHandle) => Promise<void>;

/** The number of tests that never yielded. */
let endedTests = 0;

/** Runs a test of the command line.
 *
 * @param options How the tests of the command line run.
 * @param limitsOf The limits of a test, which are stricter if one before it never yielded.
 * @throws {LabFailure} The test failed, or its runs were held too often. */
export async function runLimited(
  scenario: Scenario,
  t: TestHandle,
  options: RunOptions,
  limitsOf: (hasEnded: boolean) => TimeLimits = timeLimits,
): Promise<void> {
  // A runner that says how to run it has limits of its own.
  const isFree = t.run !== undefined || options.clock === "real" || options.debug;
  if (isFree) return await scenario(t);
  if (endedTests >= ENDED_TESTS_MAX) {
    const what = `Not run: ${ENDED_TESTS_MAX} tests before it never let go of the processor`;
    throw new LabFailure({ what, hint: HINTS.notRun }, { ...options, ...t });
  }
  let limits = limitsOf(endedTests > 0);
  for (let run = 1;; run++) {
    try {
      return await runOnce(scenario, t, limits);
    } catch (error) {
      const hint = error instanceof LabFailure ? error.violation.hint : undefined;
      if (hint === HINTS.neverYields) endedTests++;
      const isHeld = hint === HINTS.held;
      if (!isHeld && hint !== HINTS.starved || run === RUNS_MAX) throw error;
      const why = isHeld ? "slept, or a breakpoint held the test" : "was busy with other things";
      console.log(`Note: the machine ${why}; the test runs again from its beginning`);
      // A breakpoint is met again.
      limits = { ...limits, turnMsMax: isHeld ? UNLIMITED_MS : 2 * limits.turnMsMax };
    }
  }
}

async function runOnce(
  scenario: Scenario,
  { name, origin }: TestHandle,
  limits: TimeLimits,
): Promise<void> {
  let run: Run | undefined;
  const { promise: failure, reject: failed } = Promise.withResolvers<never>();
  const started = (made: Run) => void (run = made);
  const handle = {
    name,
    ...origin !== undefined && { origin },
    hooks: { limits, started, failed },
  };
  let end: Promise<void> | undefined;
  const how = await new Promise<EndOfTurn | undefined>((resolve) => {
    setImmediate(() => {
      resolve(runBounded(() => {
        end = scenario(handle);
        end.catch(() => {});
        return false;
      }, limits.turnMsMax));
    });
  });
  if (how !== undefined) run?.interrupt(how);
  try {
    await Promise.race([...end === undefined ? [] : [end], failure]);
  } finally {
    run?.cleanup();
  }
}
