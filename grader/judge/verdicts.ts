/**
 * The words for a test that the judge had to end.
 *
 * @module
 */

import { hangViolation } from "../../explore/run/hang.ts";
import type { Entry } from "../../explore/recording/recording.ts";
import { HINTS } from "../../testing/hints.ts";
import type { Limits } from "./limits.ts";
import type { Excess } from "./watch.ts";

/** Why a test failed, and the idea that is missing. */
export interface EndedTest {
  message: string;
  hint: string | null;
}

/** Why a test failed that never yielded.
 *
 * @param test Its name.
 * @param entries What happened in its last run; `undefined` if that is not known.
 * @param place The line of the loop, if that is known. */
export function silentTest(
  test: string,
  entries: readonly Entry[] | undefined,
  place?: string,
): EndedTest {
  const where = place === undefined ? "" : `\n  where:     ${place}`;
  if (entries !== undefined && entries.length > 0) {
    const { what, hint } = hangViolation(entries);
    return { message: what + where, hint };
  }
  const when = entries === undefined || place !== undefined
    ? ""
    : " before its first operation: while client.ts or server.ts was loaded, or in a constructor";
  const message = `${test} never let go of the processor${when}${where}`;
  return { message, hint: HINTS.neverYields };
}

/** Why a test failed that went beyond another limit.
 *
 * @param seed The seed that ran at that moment. */
export function endedTest(
  test: string,
  seed: number,
  excess: Excess | "heap",
  limits: Limits,
): EndedTest {
  const message = `${test} ${endedBy(seed, excess, limits)}`;
  return { message, hint: null };
}

function endedBy(seed: number, excess: Excess | "heap", limits: Limits): string {
  const seconds = (ms: number) => `${ms / 1000} s`;
  switch (excess) {
    case "heap":
      return `filled the heap: it held more than ${limits.heapMbMax} MB with seed ${seed}`;
    case "memory":
      return `held more than ${limits.residentMbMax} MB of memory with seed ${seed}`;
    case "seed":
      return `ran out of time: seed ${seed} took more than ${seconds(limits.seedMsMax)}`;
    case "test":
      return `ran out of time: all its seeds together took more than ${seconds(limits.testMsMax)}`;
    default:
      return `ran out of time: all tests together took more than ${
        seconds(limits.submissionMsMax)
      }`;
  }
}

/** Why a test failed that has crashed the process.
 *
 * @param reason How the process ended. */
export function crashedTest(test: string, seed: number, reason: string): EndedTest {
  const message = `${test} crashed the process, twice, with seed ${seed}: ${reason}`;
  return { message, hint: null };
}

/** Why no test could run: the submission was never loaded. */
export function unloaded(excess: Excess | "heap", limits: Limits): EndedTest {
  if (excess === "heap" || excess === "memory") {
    const mb = excess === "heap" ? limits.heapMbMax : limits.residentMbMax;
    return { message: `The submission held more than ${mb} MB while it was loaded`, hint: null };
  }
  const message = `The submission was not loaded within ${limits.loadMsMax / 1000} s`;
  return { message, hint: HINTS.neverYields };
}
