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
import { type LoggedRequest, type MessageLog, serversOf } from "./message_log.ts";
import type { ShardConfig } from "./machines.ts";
import { clerkName, isClerk, serverName } from "./names.ts";
import { replicasOf } from "./requirements.ts";

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
 * @param history The operations of the run.
 * @param messages The requests of the same run.
 * @param cluster The cluster of the run.
 */
export function withCause(
  violation: Violation,
  history: History,
  messages: MessageLog,
  cluster: ShardConfig,
): Violation {
  const { what, hint } = violation;
  const told = (cause: string, better: string = hint): Violation => {
    return { ...violation, what: `${what}; ${cause}`, hint: better };
  };
  if (hint === HINTS.livelock) return withLivelock(violation, history, messages, cluster);
  if (hint === HINTS.neverYields) {
    // Who had the processor is not known for sure.
    const { lastDone } = messages;
    return lastDone === undefined ? violation : withLines(violation, [`just before, ${lastDone}`]);
  }
  const named = history.operations.filter((each) => what.startsWith(`${showCall(each)} `));
  if (OF_NO_REPLY.includes(hint)) {
    const unanswered = messages.firstUnanswered(named) ??
      messages.firstUnanswered(history.operations);
    if (unanswered !== undefined) {
      const call = `${clerkName(unanswered.client)}'s ${showCall(unanswered)}`;
      return told(`${call} had returned before any reply to it arrived`, HINTS.noReply);
    }
  }
  const shared = OF_SHARED_NUMBERS.includes(hint) ? sharedNumbers(messages) : undefined;
  if (shared !== undefined) return told(shared, HINTS.sharedNumbers);
  const last = named.at(-1);
  if (last === undefined) return violation;
  if (hint === HINTS.notRejected) {
    const servers = serversOf(messages.requestsOf(last).filter(({ isReplied }) => isReplied));
    return servers.length === 0 ? violation : told(`${servers.join(" and ")} answered it`);
  }
  if (hint !== HINTS.noFallback) return violation;
  // A clerk that reached a server of the shard is not to blame.
  const wrong = wrongServers(last, messages, cluster);
  if (wrong !== undefined) return told(wrong, HINTS.notRejected);
  const silent = silentServers(messages.requestsOf(last));
  if (silent !== "") {
    const cause = `its request reached ${silent}, and no handler replied to it`;
    return told(cause, HINTS.silentServer);
  }
  const asked = serversOf(messages.requestsOf(last));
  if (asked.length === cluster.nreplicas || asked.length === 0) return violation;
  return told(`${clerkName(last.client)} asked only ${asked.join(" and ")}`);
}

/** Says which clerks sent requests that a server cannot tell apart, if any did.
 *
 * @param of The names of clerks, one of which has to be among them; without it, all count. */
function sharedNumbers(messages: MessageLog, of?: readonly string[]): string | undefined {
  const shared = messages.sharedNumbers(of);
  if (shared === undefined) return undefined;
  const { clerks: [one, other], numbers } = shared;
  const cut = numbers.length > 100 ? `${numbers.slice(0, 100)}…` : numbers;
  return `${one} and ${other} sent different requests with the same ${cut}`;
}

/** Adds lines to a violation, but not too many. */
function withLines(violation: Violation, lines: string[], hint = violation.hint): Violation {
  const added = lines.slice(0, LINES_MAX).map((line) => `\n    ${line}`).join("");
  return { ...violation, what: violation.what + added, hint };
}

/** Adds what a livelock goes through to the operations that wait. */
function withLivelock(
  violation: Violation,
  history: History,
  messages: MessageLog,
  cluster: ShardConfig,
): Violation {
  const links = messages.busyServerLinks().map(({ from, to, method, count }) => {
    return `${from}: sent ${method} to ${from === to ? "itself" : to}, ` +
      `${count} times since an operation last returned`;
  });
  if (links.length > 0) return withLines(violation, links, HINTS.serverLoop);
  const pending = history.operations.filter((operation) => operation.return === null);
  const shared = sharedNumbers(messages, pending.map(({ client }) => clerkName(client)));
  if (shared !== undefined) return withLines(violation, [shared], HINTS.sharedNumbers);
  const causes: [hint: string, lineOf: (operation: Operation) => string | undefined][] = [
    [HINTS.handlerThrew, (operation) => {
      const servers = deafServers(messages.requestsOf(operation));
      const first = `the first request of ${showCall(operation)}`;
      return servers && `${servers}: replied to ${first}, which was lost, and to no retry`;
    }],
    [HINTS.notRejected, (operation) => wrongServers(operation, messages, cluster)],
    [HINTS.silentServer, (operation) => {
      const servers = silentServers(messages.requestsOf(operation));
      return servers && `${servers}: got ${showCall(operation)}, and no handler replied`;
    }],
  ];
  for (const [hint, lineOf] of causes) {
    const lines = pending.flatMap((operation) => lineOf(operation) || []);
    if (lines.length > 0) return withLines(violation, lines, hint);
  }
  return violation;
}

/** Names the servers that a clerk asked until it timed out, if no handler replied to any of its
 * requests. */
function silentServers(requests: readonly LoggedRequest[]): string {
  const reached = requests.filter(({ begun }) => begun !== undefined);
  if (reached.some(({ isReplied }) => isReplied)) return "";
  // A handler that was asked just now may still reply.
  return serversOf(reached.filter(({ isTimedOut }) => isTimedOut)).join(" and ");
}

/** Names the servers that replied to the first request, which the clerk never heard, and to no
 * retry of it. */
function deafServers(requests: readonly LoggedRequest[]): string {
  const reached = Map.groupBy(requests.filter(({ begun }) => begun !== undefined), ({ to }) => to);
  const deaf = [...reached.values()].filter(([first, ...retries]) => {
    return first!.isReplied && first!.isTimedOut && retries.length > 1 &&
      !retries.some(({ isReplied }) => isReplied);
  });
  return serversOf(deaf.flat()).join(" and ");
}

/** Says which servers a clerk asked, if some of them are no replica of the shard. */
function wrongServers(
  operation: Operation,
  messages: MessageLog,
  cluster: ShardConfig,
): string | undefined {
  const { client, key } = operation;
  const asked = serversOf(messages.requestsOf(operation));
  const first = Number(key) % cluster.nservers;
  const replicas = replicasOf(first, cluster).map(serverName);
  const isRight = Number.isNaN(first) || asked.every((server) => replicas.includes(server));
  if (isRight) return undefined;
  return `${clerkName(client)} asked ${asked.join(" and ")} for key ${JSON.stringify(key)}, ` +
    `and the replicas of its shard are ${replicas.join(" and ")}`;
}

/** The message of a timeout that reached no handler. */
const TIMEOUT = /^(.+) TimeoutError: (\w+\.\w+) got no reply/;

/** Adds the caller and the lines that may have made the call to a timeout that nobody
 * handled. The error has no stack: one for each call would cost as much as the call.
 *
 * @param messages The requests of the run.
 * @param files The texts of the student's files by their names.
 */
export function withCaller(
  violation: Violation,
  messages: MessageLog,
  files: Readonly<Record<string, string>>,
): Violation {
  const [, context, method] = violation.what.match(TIMEOUT) ?? [];
  const { from, to, method: name } = messages.lastTimedOut ?? {};
  if (method === undefined || from === undefined || !method.endsWith(`.${name}`)) {
    return { ...violation };
  }
  const where = linesWith(`"${method}"`, isClerk(from) ? "client.ts" : "server.ts", files);
  const told = where.length > 0 ? { ...violation, where } : { ...violation };
  if (context !== "Nobody handled") return told;
  const what = `Nobody handled the timeout of ${method}, which ${from} called on ${to}`;
  return { ...told, what, hint: HINTS.unhandledTimeout };
}

/** Returns the places of a text in a file, without those in comments. */
function linesWith(text: string, file: string, files: Readonly<Record<string, string>>): string[] {
  return (files[file] ?? "").split("\n").flatMap((line, i) => {
    return line.includes(text) && !/^\s*(?:\*|\/\/)/.test(line) ? `${file}:${i + 1}` : [];
  });
}
