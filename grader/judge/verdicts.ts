/**
 * The failure messages of tests that the judge had to end.
 *
 * @module
 */

import type { Entry } from "../../explore/recording/recording.ts";
import { hangViolation } from "../../explore/run/hang.ts";
import { HINTS } from "../../testing/hints.ts";
import type { Limits } from "./limits.ts";
import type { Excess } from "./watch.ts";

const NEVER_YIELDS = `\n  hint:      ${HINTS.neverYields}`;

/** Returns the message of a test that never yielded.
 *
 * @param entries The events of its last run; `undefined` if they are not known.
 * @param place The line of the loop; `undefined` if it is not known. */
export function silentMessage(
  test: string,
  entries: readonly Entry[] | undefined,
  place?: string,
): string {
  const where = place === undefined ? "" : `\n  where:     ${place}`;
  if (entries !== undefined && entries.length > 0) {
    return hangViolation(entries).what + where + NEVER_YIELDS;
  }
  const when = entries === undefined || place !== undefined
    ? ""
    : " before its first operation: while client.ts or server.ts was loaded, or in a constructor";
  return `${test} never let go of the processor${when}${where}${NEVER_YIELDS}`;
}

/** Returns the message of a test that exceeded another limit.
 *
 * @param seed The seed of the run that was ended. */
export function excessMessage(
  test: string,
  seed: number,
  excess: Excess | "heap",
  { heapMbMax, residentMbMax, seedMsMax, testMsMax, submissionMsMax }: Limits,
): string {
  const outOfTime = (what: string, msMax: number) => {
    return `${test} ran out of time: ${what} took more than ${msMax / 1000} s`;
  };
  switch (excess) {
    case "heap":
      return `${test} filled the heap: it held more than ${heapMbMax} MB with seed ${seed}`;
    case "memory":
      return `${test} held more than ${residentMbMax} MB of memory with seed ${seed}`;
    case "seed":
      return outOfTime(`seed ${seed}`, seedMsMax);
    case "test":
      return outOfTime("all its seeds together", testMsMax);
    default:
      return outOfTime("all tests together", submissionMsMax);
  }
}

/** Returns the message of every test if the submission exceeded a limit while it was loaded. */
export function unloadedMessage(excess: Excess | "heap", limits: Limits): string {
  if (excess === "heap" || excess === "memory") {
    const mb = excess === "heap" ? limits.heapMbMax : limits.residentMbMax;
    return `The submission held more than ${mb} MB while it was loaded`;
  }
  return `The submission was not loaded within ${limits.loadMsMax / 1000} s${NEVER_YIELDS}`;
}
