/**
 * Looks for the cause of a violation in the messages of its run. Four causes are
 * certain wherever they are found: a clerk that returned before any reply arrived, two clerks
 * whose requests a server cannot tell apart, servers that were asked and never replied, and
 * servers that ask each other again and again. The servers that a clerk asked, and those that
 * answered it, are told where it should have asked others.
 *
 * @module
 */

import type { History, Operation } from "../linearizability/mod.ts";
import { showCall, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import type { MessageLog } from "./message_log.ts";
import { clerkName, serverName } from "./names.ts";
import type { ClusterSize } from "./requirements.ts";

/** The hints at what comes of a request that is taken for another one. */
const OF_SHARED_NUMBERS: readonly string[] = [
  HINTS.executedTwice,
  HINTS.lost,
  HINTS.lostUpdate,
  HINTS.noFallback,
  HINTS.noProgress,
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
 * @param cluster The cluster of the run.
 */
export function withCause(
  violation: Violation,
  history: History,
  messages: MessageLog,
  cluster: ClusterSize,
): Violation {
  const { what, hint } = violation;
  if (hint === HINTS.livelock) return withLivelock(violation, history, messages, cluster);
  if (hint === HINTS.neverYields) return withLastDone(violation, messages);
  const named = history.operations.filter((each) => what.startsWith(`${showCall(each)} `));
  if (OF_NO_REPLY.includes(hint)) {
    const unanswered = messages.firstUnanswered(named) ??
      messages.firstUnanswered(history.operations);
    if (unanswered !== undefined) {
      const cause = `${clerkName(unanswered.client)}'s ${showCall(unanswered)} had returned ` +
        "before any reply to it arrived";
      return { ...violation, what: `${what}; ${cause}`, hint: HINTS.noReply };
    }
  }
  const shared = OF_SHARED_NUMBERS.includes(hint) ? sharedNumbers(messages) : undefined;
  if (shared !== undefined) {
    return { ...violation, what: `${what}; ${shared}`, hint: HINTS.sharedNumbers };
  }
  const last = named.at(-1);
  if (last !== undefined && hint === HINTS.noFallback) {
    return withAskedServers(violation, last, messages, cluster);
  }
  if (last !== undefined && hint === HINTS.notRejected) {
    const servers = messages.answeringServers(last);
    if (servers.length === 0) return violation;
    return { ...violation, what: `${what}; ${servers.join(" and ")} answered it` };
  }
  return violation;
}

/** Says which clerks sent requests that a server cannot tell apart, if any did. */
function sharedNumbers(messages: MessageLog): string | undefined {
  const shared = messages.sharedNumbers();
  if (shared === undefined) return undefined;
  const { clerks: [one, other], numbers } = shared;
  const cut = numbers.length > 100 ? `${numbers.slice(0, 100)}…` : numbers;
  return `${one} and ${other} sent different requests with the same ${cut}`;
}

/** Adds what happened right before a loop: who had the processor is not known for sure. */
function withLastDone(violation: Violation, messages: MessageLog): Violation {
  const { lastDone } = messages;
  if (lastDone === undefined) return violation;
  return { ...violation, what: `${violation.what}\n    just before, ${lastDone}` };
}

/** Adds the servers that a livelock goes through to the operations that wait. */
function withLivelock(
  violation: Violation,
  history: History,
  messages: MessageLog,
  cluster: ClusterSize,
): Violation {
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
  if (
    shared !== undefined && pending.some(({ client }) => shared.includes(`${clerkName(client)} `))
  ) {
    return { ...violation, what: `${what}\n    ${shared}`, hint: HINTS.sharedNumbers };
  }
  const deaf = pending.flatMap((operation) => {
    const servers = messages.deafServers(operation).join(" and ");
    const call = showCall(operation);
    return servers === ""
      ? []
      : `\n    ${servers}: replied to the first request of ${call}, which was lost, and to no retry`;
  });
  if (deaf.length > 0) {
    const lines = deaf.slice(0, LINES_MAX).join("");
    return { ...violation, what: what + lines, hint: HINTS.handlerThrew };
  }
  const wrong = pending.flatMap((operation) => wrongServers(operation, messages, cluster) ?? []);
  if (wrong.length > 0) {
    const lines = wrong.slice(0, LINES_MAX).map((line) => `\n    ${line}`).join("");
    return { ...violation, what: what + lines, hint: HINTS.notRejected };
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

/** Tells where the requests of an operation went that did not return. A clerk that reached a
 * server of the shard is not to blame. */
function withAskedServers(
  violation: Violation,
  stuck: Operation,
  messages: MessageLog,
  cluster: ClusterSize,
): Violation {
  const { what } = violation;
  const wrong = wrongServers(stuck, messages, cluster);
  if (wrong !== undefined) {
    return { ...violation, what: `${what}; ${wrong}`, hint: HINTS.notRejected };
  }
  const asked = messages.askedServers(stuck);
  const silent = messages.silentServers(stuck);
  if (silent.length > 0) {
    const cause = `its request reached ${silent.join(" and ")}, and no handler replied to it`;
    return { ...violation, what: `${what}; ${cause}`, hint: HINTS.silentServer };
  }
  if (asked.length === cluster.nreplicas || asked.length === 0) return violation;
  const cause = `${clerkName(stuck.client)} asked only ${asked.join(" and ")}`;
  return { ...violation, what: `${what}; ${cause}` };
}

/** Says which servers a clerk asked, if some of them are no replica of the shard. */
function wrongServers(
  operation: Operation,
  messages: MessageLog,
  { nservers, nreplicas }: ClusterSize,
): string | undefined {
  const { client, key } = operation;
  const asked = messages.askedServers(operation);
  const first = Number(key) % nservers;
  const replicas = Array.from({ length: nreplicas }, (_, i) => serverName((first + i) % nservers));
  const isRight = Number.isNaN(first) || asked.every((server) => replicas.includes(server));
  if (isRight) return undefined;
  return `${clerkName(client)} asked ${asked.join(" and ")} for key ${JSON.stringify(key)}, ` +
    `and the replicas of its shard are ${replicas.join(" and ")}`;
}
