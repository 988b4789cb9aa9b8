/**
 * Looks for the cause of a violation in the messages of its run. Four causes are
 * certain wherever they are found: a clerk that returned before any reply arrived, two clerks
 * whose requests a server cannot tell apart, servers that were asked and never replied, and
 * servers that ask each other again and again.
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

/** The number of lines about servers. */
const LINES_MAX = 4;

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
  if (hint === HINTS.livelock) return withLivelock(violation, history, messages);
  if (hint === HINTS.noFallback) return withSilentServers(violation, history, messages);
  if (OF_NO_REPLY.includes(hint)) {
    const unanswered = messages.firstUnanswered(history.operations);
    if (unanswered !== undefined) {
      const cause = `clerk ${unanswered.client}'s ${showCall(unanswered)} had returned ` +
        "before any reply to it arrived";
      return { ...violation, what: `${what}; ${cause}`, hint: HINTS.noReply };
    }
  }
  if (!OF_SHARED_NUMBERS.includes(hint)) return violation;
  const shared = sharedNumbers(messages);
  if (shared === undefined) return violation;
  return { ...violation, what: `${what}; ${shared}`, hint: HINTS.sharedNumbers };
}

/** Says which clerks sent requests that a server cannot tell apart, if any did. */
function sharedNumbers(messages: MessageLog): string | undefined {
  const shared = messages.sharedNumbers();
  if (shared === undefined) return undefined;
  const { clerks: [one, other], numbers } = shared;
  const cut = numbers.length > 100 ? `${numbers.slice(0, 100)}…` : numbers;
  return `${one} and ${other} sent different requests with the same ${cut}`;
}

/** Adds the servers that a livelock goes through to the operations that wait. */
function withLivelock(violation: Violation, history: History, messages: MessageLog): Violation {
  const { what } = violation;
  const links = messages.busyServerLinks().slice(0, LINES_MAX).map((link) => {
    const { from, to, method, count } = link;
    return `\n    ${from}: sent ${method} to ${from === to ? "itself" : to}, ` +
      `${count} times since an operation last returned`;
  });
  if (links.length > 0) {
    return { ...violation, what: what + links.join(""), hint: HINTS.serverLoop };
  }
  const pending = history.operations.filter((operation) => operation.return === null);
  const shared = sharedNumbers(messages);
  if (shared !== undefined && pending.some(({ client }) => shared.includes(`clerk ${client} `))) {
    return { ...violation, what: `${what}\n    ${shared}`, hint: HINTS.sharedNumbers };
  }
  const silent = pending.flatMap((operation) => {
    const servers = messages.silentServers(operation);
    const call = showCall(operation);
    return servers.length === 0
      ? []
      : `\n    ${servers.join(" and ")}: got ${call}, and no handler replied`;
  });
  if (silent.length === 0) return violation;
  const lines = silent.slice(0, LINES_MAX).join("");
  return { ...violation, what: what + lines, hint: HINTS.silentServer };
}

/** A clerk that reached a server is not to blame for an operation that did not return. */
function withSilentServers(
  violation: Violation,
  history: History,
  messages: MessageLog,
): Violation {
  const stuck = history.operations.find((operation) => {
    return operation.return === null && violation.what.startsWith(`${showCall(operation)} `);
  });
  const silent = stuck === undefined ? [] : messages.silentServers(stuck);
  if (silent.length === 0) return violation;
  const cause = `its request reached ${silent.join(" and ")}, and no handler replied to it`;
  return { ...violation, what: `${violation.what}; ${cause}`, hint: HINTS.silentServer };
}
