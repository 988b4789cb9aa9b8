/**
 * Measures and describes what the tests do not: the requirements of the assignment, and the memory
 * that servers keep for finished clerks.
 *
 * @module
 */

import { retainedHint, retainedLine } from "../../testing/memory.ts";
import { type Measured, requirementsLine } from "../../testing/requirements.ts";
import { firstMessage } from "./watched_child.ts";

/** Measures the requirements of a submission.
 *
 * @param lab The folder of the lab, or of an overlay; ends in a slash.
 * @returns `undefined` if the submission fails first.
 */
export function measure(lab: URL): Promise<Measured | undefined> {
  return firstMessage(lab, "explore/run/_measure_worker.ts");
}

/** Describes the measurements, with a hint if servers never free memory. */
export function measuredLines({ requirements, retained }: Measured): string[] {
  const hint = retainedHint(retained);
  return [
    requirementsLine(requirements),
    retainedLine(retained),
    ...hint === undefined ? [] : [`  hint:      ${hint}`],
  ];
}
