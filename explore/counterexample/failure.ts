/**
 * Failures of schedules, told apart by their hints: the idea that is missing is what a story has
 * to show.
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

/** Hints at operations that never return: which of them a failure comes with depends on how
 * long one waits. */
const NEVER_RETURNS: readonly string[] = [
  HINTS.deadlock,
  HINTS.livelock,
  HINTS.noFallback,
  HINTS.noProgress,
  HINTS.serverLoop,
  HINTS.silentServer,
];

/** Returns the hints of all failures of the same kind. */
export function hintsLike({ what, hint }: Pick<Violation, "what" | "hint">): readonly string[] {
  // A livelock may come with a hint at one of the operations that wait.
  const isStuck = NEVER_RETURNS.includes(hint) || what.startsWith("Livelock");
  return isStuck ? [hint, ...NEVER_RETURNS] : [hint];
}
