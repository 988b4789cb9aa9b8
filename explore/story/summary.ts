/**
 * Sums up a run in one sentence: the faults of the network, the retries of the clerks, and the
 * servers that executed a request.
 *
 * @module
 */

import type { Violation } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import { isClerk } from "../../testing/names.ts";
import type { PageMessage } from "../../visualizer/mod.ts";
import { HELD_BACK_MS } from "../counterexample/schedule.ts";
import { fieldsOf } from "../recording/request_fields.ts";

/** The number of requests that the sentence mentions one by one. */
const TOLD_MAX = 3;

/** Returns the number of a request in stories, from 1. */
export function numberOf({ id }: PageMessage): number {
  return id + 1;
}

/** Returns true if the network held a request back. */
export function isHeldBack({ sentMs, deliveredMs = sentMs }: PageMessage): boolean {
  return deliveredMs - sentMs > HELD_BACK_MS;
}

/** Returns the sentence, fault by fault; empty if there was none.
 *
 * @param messages In the order in which they were sent.
 */
export function summaryOf(messages: readonly PageMessage[], violation: Violation): string {
  const clauses: string[] = [];
  const troubled = messages.filter((message) => {
    return message.dropped !== undefined || isHeldBack(message) ||
      message.duplicateOf !== undefined;
  });
  const told = new Set<PageMessage>();
  for (const message of troubled) {
    if (told.has(message)) continue;
    if (clauses.length >= 2 * TOLD_MAX) {
      clauses.push(`and so on, for ${troubled.length} requests`);
      break;
    }
    clauses.push(troubleOf(message));
    if (message.duplicateOf === undefined) clauses.push(...retriesClause(message, messages, told));
  }
  if (violation.hint === HINTS.executedTwice) clauses.push(...twiceClause(messages, violation));
  if (violation.hint === HINTS.neverYields) clauses.push(...waitClauses(messages));
  return clauses.join("; ");
}

/** Counts the retries of a request until one has another outcome.
 *
 * @param told Receives the requests that this clause covers. */
function retriesClause(
  message: PageMessage,
  messages: readonly PageMessage[],
  told: Set<PageMessage>,
): string[] {
  const trouble = kindOfTrouble(message);
  let last = message;
  let count = 0;
  for (const next of messages.slice(messages.indexOf(message) + 1)) {
    if (!isRetryOf(next, last)) continue;
    last = next;
    count++;
    if (kindOfTrouble(next) !== trouble) break;
    told.add(next);
  }
  if (count === 0) return [];
  const where = last.to === message.to ? "" : `, to ${last.to}`;
  const often = count === 1 ? "" : ` ${count} times, at last`;
  return [`${message.from} retried${often} as request ${numberOf(last)}${where}`];
}

function kindOfTrouble(message: PageMessage): string {
  const { dropped, to } = message;
  return [dropped?.what, dropped?.why, to, isHeldBack(message)].join(" ");
}

/** Returns a clause for each caller that still waits for a reply, up to a limit. */
function waitClauses(messages: readonly PageMessage[]): string[] {
  const clauses = messages.flatMap((message) => {
    const { from, to, deliveredMs, receivedMs, timedOutMs, dropped } = message;
    if ((receivedMs ?? timedOutMs ?? dropped) !== undefined) return [];
    const request = `request ${numberOf(message)}`;
    return deliveredMs === undefined
      ? `${request} of ${from} is still on its way to ${to}`
      : `${from} waits for ${to} to answer ${request}`;
  });
  const left = clauses.length - TOLD_MAX;
  return left <= 0 ? clauses : [...clauses.slice(0, TOLD_MAX), `and ${left} more requests wait`];
}

function troubleOf(message: PageMessage): string {
  const { to, dropped } = message;
  const request = `request ${numberOf(message)}`;
  if (message.duplicateOf !== undefined) {
    return `the network delivered request ${message.duplicateOf + 1} again, as ${request}`;
  }
  if (dropped === undefined) return `${request} was held back`;
  if (dropped.why === "unreachable") {
    return dropped.what === "request"
      ? `${request} did not reach ${to}, which was cut off`
      : `${to} was cut off before its reply to ${request} arrived`;
  }
  if (dropped.why === "no reply") return `${to} did not answer ${request}`;
  if (dropped.why === "late") return `the reply to ${request} came too late`;
  return dropped.what === "request" ? `${request} was lost` : `the reply to ${request} was lost`;
}

/** Returns true if a request is a retry of an earlier one. */
function isRetryOf(message: PageMessage, tried: PageMessage): boolean {
  if (message.from !== tried.from || message.method !== tried.method) return false;
  if (message.sentMs <= tried.sentMs) return false;
  const isSame = isClerk(message.from)
    ? fieldsOf(message.args ?? "")["key"] === fieldsOf(tried.args ?? "")["key"]
    // A server may ask for another of its operations, and that looks much the same.
    : message.args === tried.args;
  if (!isSame) return false;
  const isGivenUp = tried.timedOutMs !== undefined && message.sentMs >= tried.timedOutMs;
  return isGivenUp || isSameWrite(message, tried);
}

/** Returns the key and the value that a request writes, as text; `undefined` if it has none. */
function writtenBy({ args = "" }: PageMessage): string | undefined {
  const { key, value } = fieldsOf(args);
  return typeof value === "string" ? JSON.stringify([key, value]) : undefined;
}

/** Returns the clause for a request that was executed twice, or whose retry got another reply. */
function twiceClause(messages: readonly PageMessage[], violation: Violation): string[] {
  const delivered = messages.filter(({ deliveredMs }) => deliveredMs !== undefined)
    .toSorted((one, other) => one.deliveredMs! - other.deliveredMs!);
  const pair = pairAmong(delivered, violation);
  if (pair === undefined) return [];
  const [first, again] = pair;
  const did = violation.what.includes("the new value") ? "handled" : "executed";
  const [one, two] = pair.map((message) => `request ${numberOf(message)}`);
  if (again.to !== first.to) return [`${first.to} ${did} ${one}, and ${again.to} ${two}`];
  const next = delivered.find((other) => {
    return isOfLaterOperation(other, first) && other.deliveredMs! < again.deliveredMs!;
  });
  if (next !== undefined) {
    const goneOn = `although ${next.from} had gone on to request ${numberOf(next)}`;
    return [`${first.to} ${did} ${one} and, ${goneOn}, also ${two}`];
  }
  const isAll = messages.length === 2 && delivered.length === 2;
  return [`${first.to} ${did} ${isAll ? "both" : `${one} and ${two}`}`];
}

/** Returns two requests that a server should have recognized as one. Two that reached the same server
 * are preferred, because another server may only have forwarded its request. */
function pairAmong(
  delivered: readonly PageMessage[],
  violation: Violation,
): readonly [PageMessage, PageMessage] | undefined {
  const pairs = delivered.flatMap((first, i) => {
    return delivered.slice(i + 1).filter((other) => isSameWrite(other, first))
      .map((other) => [first, other] as const);
  });
  const named = pairs.filter(([first]) => isNamed(first, violation));
  return named.find(([first, other]) => first.to === other.to) ??
    named[0] ?? pairs.find(([{ from }]) => isClerk(from));
}

function isSameWrite(message: PageMessage, first: PageMessage): boolean {
  const written = writtenBy(message);
  return message.method === first.method && written !== undefined && written === writtenBy(first);
}

/** Returns true if the violation is about this write. */
function isNamed(message: PageMessage, { what }: Violation): boolean {
  const written = writtenBy(message);
  return written !== undefined && what.includes(JSON.stringify(JSON.parse(written)[1]));
}

/** Returns true if a request belongs to an operation that its clerk began after another one had
 * returned. */
function isOfLaterOperation(message: PageMessage, first: PageMessage): boolean {
  // A retry may have a new number, and a request of an earlier operation may arrive late.
  return message.from === first.from && isClerk(first.from) &&
    message.id > first.id && message.duplicateOf === undefined &&
    (message.method !== first.method || writtenBy(message) !== writtenBy(first));
}
