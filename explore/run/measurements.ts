/**
 * Measures in words what the tests do not: the requirements of the assignment, and the memory that
 * servers keep for clerks that have gone on.
 *
 * @module
 */

import { retainedHint, retainedLine } from "../../testing/memory.ts";
import { type Measured, requirementsLine } from "../../testing/requirements.ts";
import type { MeasureMessage } from "./_measure_worker.ts";
import { Child } from "./child.ts";

/** The time limit for measuring, in real milliseconds. */
const DEADLINE_MS = 10_000;

/** Measures the requirements of a submission.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @returns `undefined` if the submission does not get that far.
 */
export async function measure(lab: URL): Promise<Measured | undefined> {
  const { promise, resolve } = Promise.withResolvers<Measured | undefined>();
  using _child = new Child<never, MeasureMessage>(lab, "explore/run/_measure_worker.ts", {
    onMessage: ({ measured }) => resolve(measured),
    onError: () => resolve(undefined),
  });
  const deadline = setTimeout(() => resolve(undefined), DEADLINE_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(deadline);
  }
}

/** Describes the measurements: a line each, and a hint if servers never free memory. */
export function measuredLines({ requirements, retained }: Measured): string[] {
  const hint = retainedHint(retained);
  return [
    requirementsLine(requirements),
    retainedLine(retained),
    ...hint === undefined ? [] : [`  hint:      ${hint}`],
  ];
}
