/**
 * Failures of schedules, told apart by their hints: the idea that is missing is what a story has
 * to show.
 *
 * @module
 */

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

/** Returns true if a failure is that an operation never returns. */
export function neverReturns(hint: string): boolean {
  return NEVER_RETURNS.includes(hint);
}

/** Returns true if two failures are of the same kind. */
export function isSameFailure(hint: string, other: string): boolean {
  return hint === other || neverReturns(hint) && neverReturns(other);
}
