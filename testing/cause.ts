/**
 * Finds the cause of a violation in the messages of its run: a clerk that returned before any
 * reply arrived, two clerks whose requests a server cannot tell apart, servers that never replied,
 * or servers that ask each other again and again. If a clerk asked the wrong servers, the cause
 * names them.
 *
 * @module
 */

import type { History, Operation } from "../linearizability/mod.ts";
import { listed, showCall, type Violation } from "./failure_report.ts";
import { HINTS } from "./hints.ts";
import { askedServers, type LoggedRequest, type MessageLog } from "./message_log.ts";
import type { ShardConfig } from "./machines.ts";
import { clerkName, endsOf, isClerk, serverName } from "./names.ts";
import { replicasOf } from "./requirements.ts";

/** The hints for effects of a request that a server takes for another one. */
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

/** The hints for effects of an operation that returns without a reply. */
const OF_NO_REPLY: readonly string[] = [...OF_SHARED_NUMBERS, HINTS.missingKey, HINTS.notRejected];

/** The number of lines that a cause adds. */
const LINES_MAX = 4;

/** Adds the cause to a violation if the messages show it.
 *
 * @param history The operations of the run.
 * @param messages The requests of the run.
 * @param cluster The cluster of the run.
 * @param operation The operation that shows the violation; if absent, the last one whose call the
 * violation begins with, since few calls of a test are equal.
 */
export function withCause(
  violation: Violation,
  history: History,
  messages: MessageLog,
  cluster: ShardConfig,
  operation?: Operation,
): Violation {
  const { what, hint } = violation;
  const told = (cause: string, better: string = hint): Violation => {
    return { ...violation, what: `${what}; ${cause}`, hint: better };
  };
  if (hint === HINTS.livelock) return withLivelock(violation, history, messages, cluster);
  if (hint === HINTS.neverYields) {
    // It is not certain which machine had the processor.
    const { lastDone } = messages;
    return lastDone === undefined ? violation : withLines(violation, [`just before, ${lastDone}`]);
  }
  const named = operation !== undefined
    ? [operation]
    : history.operations.filter((each) => what.startsWith(`${showCall(each)} `));
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
    const servers = askedServers(messages.requestsOf(last).filter(({ isReplied }) => isReplied));
    return servers.length === 0 ? violation : told(`${listed(servers)} answered it`);
  }
  if (hint !== HINTS.noFallback) return violation;
  // A clerk that reached a server of the shard did its part.
  const wrong = wrongServers(last, messages, cluster);
  if (wrong !== undefined) return told(wrong, HINTS.notRejected);
  const silent = silentServers(messages.requestsOf(last));
  if (silent !== "") {
    const cause = `its request reached ${silent}, but no handler replied to it`;
    return told(cause, HINTS.silentServer);
  }
  const asked = askedServers(messages.requestsOf(last));
  if (asked.length === cluster.nreplicas || asked.length === 0) return violation;
  return told(`${clerkName(last.client)} asked only ${listed(asked)}`);
}

/** Describes two clerks whose requests a server cannot tell apart, if there are any.
 *
 * @param of The names of clerks, one of which has to be among them; without it, all count. */
function sharedNumbers(messages: MessageLog, of?: readonly string[]): string | undefined {
  const shared = messages.sharedNumbers(of);
  if (shared === undefined) return undefined;
  const { clerks: [one, other], numbers } = shared;
  const cut = numbers.length > 100 ? `${numbers.slice(0, 100)}…` : numbers;
  return `${one} and ${other} sent different requests with the same ${cut}`;
}

/** Adds up to {@linkcode LINES_MAX} lines to a violation. */
function withLines(violation: Violation, lines: string[], hint = violation.hint): Violation {
  const added = lines.slice(0, LINES_MAX).map((line) => `\n    ${line}`).join("");
  return { ...violation, what: violation.what + added, hint };
}

/** Adds the cause of a livelock below the operations that wait. */
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
      return servers && `${servers}: replied to ${first}, but the reply was lost, and to no retry`;
    }],
    [HINTS.notRejected, (operation) => wrongServers(operation, messages, cluster)],
    [HINTS.silentServer, (operation) => {
      const servers = silentServers(messages.requestsOf(operation));
      return servers && `${servers}: got ${showCall(operation)}, but no handler replied`;
    }],
  ];
  for (const [hint, lineOf] of causes) {
    const lines = pending.flatMap((operation) => lineOf(operation) || []);
    if (lines.length > 0) return withLines(violation, lines, hint);
  }
  return violation;
}

/** Names the servers whose handlers let a clerk time out, if no server replied to any of its
 * requests. */
function silentServers(requests: readonly LoggedRequest[]): string {
  const reached = requests.filter(({ begun }) => begun !== undefined);
  if (reached.some(({ isReplied }) => isReplied)) return "";
  // A handler that has just begun may still reply.
  return listed(askedServers(reached.filter(({ isTimedOut }) => isTimedOut)));
}

/** Names the servers that replied to a first request, but not to its retries after the reply was
 * lost. */
function deafServers(requests: readonly LoggedRequest[]): string {
  const reached = Map.groupBy(requests.filter(({ begun }) => begun !== undefined), ({ to }) => to);
  const deaf = [...reached.values()].filter(([first, ...retries]) => {
    return first!.isReplied && first!.isTimedOut && retries.length > 1 &&
      !retries.some(({ isReplied }) => isReplied);
  });
  return listed(askedServers(deaf.flat()));
}

/** Describes the servers that a clerk asked, if some of them are no replicas of the shard. */
function wrongServers(
  operation: Operation,
  messages: MessageLog,
  cluster: ShardConfig,
): string | undefined {
  const { client, key } = operation;
  const asked = askedServers(messages.requestsOf(operation));
  const first = Number(key) % cluster.nservers;
  const replicas = replicasOf(first, cluster).map(serverName);
  const isRight = Number.isNaN(first) || asked.every((server) => replicas.includes(server));
  if (isRight) return undefined;
  return `${clerkName(client)} asked ${listed(asked)} for key ${JSON.stringify(key)}, ` +
    `but the replicas of its shard are ${listed(replicas)}`;
}

/** The message of a timeout that was not caught. */
const TIMEOUT = /^(.+) TimeoutError: (\w+\.\w+) got no reply/;

/** Adds the caller to the violation of an unhandled timeout, and the lines that may have made the
 * call. A timeout has no stack: a stack for each call would cost as much as the call.
 *
 * @param files The text of each of the student's files by its name.
 */
export function withCaller(
  { link, ...violation }: Violation,
  files: Readonly<Record<string, string>>,
): Violation {
  const [, context, method] = violation.what.match(TIMEOUT) ?? [];
  if (method === undefined || link === undefined) return violation;
  const [from, to] = endsOf(link);
  const where = linesWith(`"${method}"`, isClerk(from) ? "client.ts" : "server.ts", files);
  const told = where.length > 0 ? { ...violation, where } : { ...violation };
  if (context !== "Unhandled") return told;
  const what = `Unhandled timeout of ${method}, which ${from} called on ${to}`;
  return { ...told, what, hint: HINTS.unhandledTimeout };
}

/** Returns the places of a text in a file, except in comments. */
function linesWith(text: string, file: string, files: Readonly<Record<string, string>>): string[] {
  return (files[file] ?? "").split("\n").flatMap((line, i) => {
    return line.includes(text) && !/^\s*(?:\*|\/\/)/.test(line) ? `${file}:${i + 1}` : [];
  });
}
