/**
 * Looks for the cause of a violation in the messages of its run. Two causes are certain
 * wherever they are found: a clerk that returned before any reply arrived, and two clerks
 * whose requests a server cannot tell apart.
 *
 * @module
 */

import type { History } from "../linearizability/mod.ts";
import { showCall, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { MessageLog } from "./message_log.ts";

/** The hints at what comes of a request that is taken for another one. */
const OF_SHARED_NUMBERS: readonly string[] = [
  HINTS.executedTwice,
  HINTS.lost,
  HINTS.lostUpdate,
  HINTS.nowhere,
  HINTS.oldValueLost,
  HINTS.replica,
  HINTS.sameValue,
  HINTS.stale,
  HINTS.wrongOrder,
];

/** The hints at what comes of an operation that returns without a reply. */
const OF_NO_REPLY: readonly string[] = [...OF_SHARED_NUMBERS, HINTS.missingKey, HINTS.notRejected];

/** Names the cause of a violation if the messages show it.
 *
 * @param history What the clerks did.
 * @param messages The requests of the same run.
 */
export function withCause(
  violation: Violation,
  history: History,
  messages: MessageLog,
): Violation {
  const { what, hint } = violation;
  if (OF_NO_REPLY.includes(hint)) {
    const unanswered = history.operations.find((each) => messages.isUnanswered(each));
    if (unanswered !== undefined) {
      const cause = `clerk ${unanswered.client}'s ${showCall(unanswered)} had returned ` +
        "before any reply to it arrived";
      return { ...violation, what: `${what}; ${cause}`, hint: HINTS.noReply };
    }
  }
  if (!OF_SHARED_NUMBERS.includes(hint)) return violation;
  const shared = messages.sharedNumbers();
  if (shared === undefined) return violation;
  const { clerks: [one, other], numbers } = shared;
  const cut = numbers.length > 100 ? `${numbers.slice(0, 100)}…` : numbers;
  const cause = `${one} and ${other} sent different requests with the same ${cut}`;
  return { ...violation, what: `${what}; ${cause}`, hint: HINTS.sharedNumbers };
}
