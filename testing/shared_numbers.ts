/**
 * Says so if two clerks named their requests in the same way: whatever such a run came
 * to, its server could not tell them apart.
 *
 * @module
 */

import type { Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { MessageLog } from "./message_log.ts";

/** The hints at what comes of a request that is taken for another one. */
const CONSEQUENCES: readonly string[] = [
  HINTS.lost,
  HINTS.lostUpdate,
  HINTS.nowhere,
  HINTS.oldValueLost,
  HINTS.sameValue,
  HINTS.stale,
  HINTS.wrongOrder,
];

/** Adds to a violation that two clerks used the same numbers, if they did. */
export function withSharedNumbers(violation: Violation, messages: MessageLog): Violation {
  const { hint } = violation;
  // Without a retry, nothing else makes a server execute a request twice.
  const isTwice = hint === HINTS.executedTwice && !messages.hasRepeats;
  if (!isTwice && !CONSEQUENCES.includes(hint)) return violation;
  const shared = messages.sharedNumbers();
  if (shared === undefined) return violation;
  const { clerks: [one, other], numbers } = shared;
  const cut = numbers.length > 100 ? `${numbers.slice(0, 100)}…` : numbers;
  return {
    ...violation,
    what: `${violation.what}; ${one} and ${other} sent different requests with the same ${cut}`,
    hint: HINTS.sharedNumbers,
  };
}
