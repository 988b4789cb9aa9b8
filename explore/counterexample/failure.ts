/**
 * Failures of schedules. Their hints tell them apart, since a story has to show the missing idea.
 *
 * @module
 */

import type { Violation } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import type { Performance } from "./perform.ts";

/** A failed performance of a schedule. */
export interface Failure {
  readonly performance: Performance;
  /** The key of the operation that shows the failure, if one does. */
  readonly key: string | undefined;
}

/** The hints at operations that never return. Which of them a failure has depends on the time limit
 * of an operation. */
const NEVER_RETURNS: readonly string[] = [
  HINTS.deadlock,
  HINTS.livelock,
  HINTS.noFallback,
  HINTS.noProgress,
  HINTS.serverLoop,
  HINTS.silentServer,
];

/** Returns the hints of all failures of the same kind. */
export function relatedHints({ what, hint }: Pick<Violation, "what" | "hint">): readonly string[] {
  // A livelock may have a hint at one of the operations that wait.
  const isStuck = NEVER_RETURNS.includes(hint) || what.startsWith("Livelock");
  return isStuck ? [hint, ...NEVER_RETURNS] : [hint];
}
