/**
 * Measures in words what the tests do not: the requirements of the assignment, and the memory that
 * servers keep for clerks that have gone on.
 *
 * @module
 */

import { retainedHint, retainedLine } from "../../testing/memory.ts";
import { type Measured, requirementsLine } from "../../testing/requirements.ts";
import type { ServiceMessage } from "./parent.ts";
import { WatchedChild } from "./watched_child.ts";

/** The time limit of the measurements, in real milliseconds. A busy machine takes a tenth of it. */
const MEASURE_MS = 60_000;

/** Measures the requirements of a submission.
 *
 * @param lab The folder of the lab, or of a copy with a submission in it; ends in a slash.
 * @returns `undefined` if the submission does not get that far.
 */
export async function measure(lab: URL): Promise<Measured | undefined> {
  const { promise, resolve } = Promise.withResolvers<Measured | undefined>();
  const file = "explore/run/_measure_worker.ts";
  using _child = new WatchedChild<never, ServiceMessage<Measured>>(lab, file, {
    onMessage: (message) => resolve(message.kind === "ready" ? message.ready : undefined),
    onError: () => resolve(undefined),
  }, { readyMs: MEASURE_MS });
  return await promise;
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
