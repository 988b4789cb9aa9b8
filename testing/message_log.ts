/**
 * The requests of a run, as far as a failure's hint needs them: which operation each was
 * for, when its handler ran, and what besides key and value it carried.
 *
 * A hint may blame retries, awaits or a clerk's numbers only if the run had them. The
 * log keeps no replies and no values of its own, so that it costs a run little.
 *
 * @module
 */

import type { Operation } from "../linearizability/mod.ts";
import type { MessageId, NetworkEvent } from "../labrpc/network_event.ts";
import { showCall } from "./failure_report.ts";
import { clerkName, endsOf, isClerk } from "./names.ts";
import type { TraceEvent } from "./trace_event.ts";
import { isRefrain, isToken, partsOf } from "./values.ts";

/** What a request carried. Most requests are never looked at again, so texts are made only
 * when they are needed. */
class Content {
  readonly method: string;
  #fields: Record<string, unknown> = {};
  #texts: { write: string; numbers: string } | undefined;

  /** @param isOfClerk True if a clerk sent it: of other requests only the write is kept. */
  constructor(method: string, carried: unknown, isOfClerk: boolean) {
    this.method = method.slice(method.lastIndexOf(".") + 1);
    let isSmall = true;
    // The receiver may change what it gets.
    for (const name in carried as Record<string, unknown>) {
      if (!isOfClerk && name !== "key" && name !== "value") continue;
      const value = (carried as Record<string, unknown>)[name];
      this.#fields[name] = value;
      isSmall &&= isSmallValue(value);
    }
    if (isSmall) return;
    this.#texts = this.#makeTexts();
    this.#fields = {};
  }

  /** The operation with its key and value, and what else a clerk sent, as JSON texts. */
  get texts(): { write: string; numbers: string } {
    return this.#texts ??= this.#makeTexts();
  }

  #makeTexts(): { write: string; numbers: string } {
    const { key, value, ...rest } = this.#fields;
    return { write: writeOf(this.method, key, value), numbers: numbersOf(rest) };
  }
}

/** One request, or one more delivery of it by the network. */
class LoggedRequest {
  /** The places among all events at which its handler began and ended. */
  begun: number | undefined;
  ended: number | undefined;
  /** The hash of the reply that its handler returned. */
  reply: number | undefined;
  /** True if its caller waited for the whole timeout. */
  isTimedOut = false;
  /** When its reply reached the caller. */
  receivedMs: number | undefined;

  constructor(
    readonly from: string,
    readonly to: string,
    readonly content: Content,
    readonly sentMs: number,
  ) {}

  get write(): string {
    return this.content.texts.write;
  }
}

/** The requests that one server sent to another, or to itself. */
export interface BusyLink {
  readonly from: string;
  readonly to: string;
  readonly method: string;
  count: number;
}

/** The requests of one run. */
export class MessageLog {
  readonly #requests = new Map<MessageId, LoggedRequest>();
  /** The two ends of each link. */
  readonly #ends = new Map<string, [from: string, to: string]>();
  #events = 0;
  #last: TraceEvent | undefined;
  #lastTimedOut: LoggedRequest | undefined;
  /** The number of requests when an operation last returned. */
  #requestsAtReturn = 0;

  /** Takes an event of the trace in. */
  record(event: TraceEvent, atMs: number, carried: unknown): void {
    this.#events++;
    this.#last = event;
    if (event.kind === "sent") {
      const [from, to] = this.#endsOf(event.end);
      const content = new Content(event.method, carried, isClerk(from));
      this.#requests.set(event.message, new LoggedRequest(from, to, content, atMs));
    } else if (event.kind === "duplicated") {
      const { from, to, content, sentMs } = this.#requests.get(event.original)!;
      this.#requests.set(event.message, new LoggedRequest(from, to, content, sentMs));
    } else if (event.kind === "returned") {
      this.#requestsAtReturn = this.#requests.size;
    } else if ("message" in event) {
      this.#recordStep(this.#requests.get(event.message)!, event, atMs);
    }
  }

  #recordStep(request: LoggedRequest, event: NetworkEvent, atMs: number): void {
    if (event.kind === "delivered") request.begun = this.#events;
    else if (event.kind === "received") request.receivedMs = atMs;
    else if (event.kind === "replied") {
      request.ended = this.#events;
      request.reply = event.content;
    } else if (event.kind === "timed out") {
      request.isTimedOut = true;
      this.#lastTimedOut = request;
    } else if (event.kind === "dropped" && event.why === "no reply") {
      request.ended = this.#events;
    }
  }

  /** Says which machine had something to do last, and what: a loop may have begun then. */
  get lastDone(): string | undefined {
    const last = this.#last;
    if (last?.kind === "called") {
      const { client, operation: op, key, value } = last;
      return `${clerkName(client)} began ${
        showCall(op === "get" ? { op, key } : { op, key, value })
      }`;
    }
    const request = last && "message" in last ? this.#requests.get(last.message) : undefined;
    if (request === undefined) return undefined;
    const { from, to, write } = request;
    const [op, key, value] = JSON.parse(write);
    const call = showCall(value === "" ? { op, key } : { op, key, value });
    switch (last!.kind) {
      case "delivered":
        return `${to} got ${call}`;
      case "received":
        return `${from} got the reply to ${call}`;
      case "timed out":
        return `${from} got no reply to ${call}`;
      default:
        return undefined;
    }
  }

  #endsOf(link: string): [from: string, to: string] {
    let ends = this.#ends.get(link);
    if (ends === undefined) this.#ends.set(link, ends = endsOf(link));
    return ends;
  }

  /** Returns true if an operation's request reached one server more than once, or was sent
   * to several by its clerk. */
  isRepeated(operation: Operation): boolean {
    const handled = this.#handled(operation);
    const servers = new Set(handled.map(({ to }) => to));
    return handled.filter(({ from }) => isClerk(from)).length > 1 ||
      servers.size < handled.length;
  }

  /** Finds the first operation that returned before a reply to any of its requests reached
   * its clerk. */
  firstUnanswered(operations: readonly Operation[]): Operation | undefined {
    const byCaller = Map.groupBy(this.#requests.values(), ({ from }) => from);
    return operations.find(({ client, callMs = 0, returnMs = null }) => {
      if (returnMs === null) return false;
      const own = byCaller.get(clerkName(client)) ?? [];
      const sent = own.filter(({ sentMs }) => sentMs >= callMs && sentMs <= returnMs);
      return sent.length > 0 && sent.every(({ receivedMs = Infinity }) => receivedMs > returnMs);
    });
  }

  /** Returns the servers that a clerk asked for an operation until it timed out; none if
   * a handler replied to any of its requests. */
  silentServers(operation: Operation): string[] {
    const reached = this.#requestsOf(operation).filter(({ begun }) => begun !== undefined);
    if (reached.some(isReplied)) return [];
    // A handler that was asked just now may still reply.
    return serversOf(reached.filter(({ isTimedOut }) => isTimedOut));
  }

  /** Returns the servers that replied to one request of an operation, which its clerk never
   * heard, and to no retry of it. */
  deafServers(operation: Operation): string[] {
    const byServer = Map.groupBy(this.#requestsOf(operation), ({ to }) => to);
    return [...byServer].flatMap(([server, requests]) => {
      const [first, ...retries] = requests.filter(({ begun }) => begun !== undefined);
      const isDeaf = retries.length > 1 && isReplied(first!) && !retries.some(isReplied);
      return isDeaf && first!.isTimedOut ? server : [];
    }).sort();
  }

  /** Returns the servers that a clerk sent an operation's requests to. */
  askedServers(operation: Operation): string[] {
    return serversOf(this.#requestsOf(operation));
  }

  /** Returns the servers that replied to a clerk for an operation. */
  answeringServers(operation: Operation): string[] {
    return serversOf(this.#requestsOf(operation).filter(isReplied));
  }

  /** Returns true if servers gave the same reply to each append that was sent again, as far as
   * the run had any: they recognize retries. */
  get recognizesRetries(): boolean {
    const replies = new Map<string, number>();
    let isSeen = false;
    for (const { from, content, reply } of this.#requests.values()) {
      if (!isClerk(from) || reply === undefined || content.method !== "append") continue;
      const name = textOf(from, content.texts.write, content.texts.numbers);
      const first = replies.get(name);
      if (first !== undefined && first !== reply) return false;
      isSeen ||= first !== undefined;
      replies.set(name, reply);
    }
    return isSeen;
  }

  /** The request that timed out last. */
  get lastTimedOut(): { from: string; to: string; method: string } | undefined {
    if (this.#lastTimedOut === undefined) return undefined;
    const { from, to, content: { method } } = this.#lastTimedOut;
    return { from, to, method };
  }

  /** Returns the links between servers that carry most of the requests since an operation
   * last returned, the busiest first; none if clerks sent most of them. */
  busyServerLinks(): BusyLink[] {
    const requests = [...this.#requests.values().drop(this.#requestsAtReturn)];
    const links = new Map<string, BusyLink>();
    for (const { from, to, content: { method } } of requests) {
      if (isClerk(from)) continue;
      const name = textOf(from, to, method);
      const link = links.get(name) ?? { from, to, method, count: 0 };
      links.set(name, link);
      link.count++;
    }
    const busy = [...links.values()].sort((one, other) => other.count - one.count);
    const count = busy.reduce((sum, link) => sum + link.count, 0);
    if (count * 2 < requests.length) return [];
    return busy.filter((link) => link.count * 10 > busy[0]!.count);
  }

  /** Returns true if a server handled two operations at the same time. */
  isOverlapping(one: Operation, other: Operation): boolean {
    const others = this.#handled(other);
    return this.#handled(one).some(({ to, begun, ended = Infinity }) => {
      return others.some((second) => {
        return second.to === to && begun! < (second.ended ?? Infinity) && second.begun! < ended;
      });
    });
  }

  /** Finds two clerks whose requests for different operations carried the same besides key
   * and value, which is what a server can tell clerks apart by. */
  sharedNumbers(): { clerks: [string, string]; numbers: string } | undefined {
    const writes = new Map<string, string>();
    const owners = new Map<string, string>();
    const vague = new Set<string>();
    let shared: { clerks: [string, string]; numbers: string } | undefined;
    for (const { from, content } of this.#requests.values()) {
      if (!isClerk(from)) continue;
      const { write, numbers } = content.texts;
      if (!mayTellApart(numbers)) continue;
      const own = `${from} ${numbers}`;
      // What a clerk repeats with another operation is no number of a request.
      if ((writes.get(own) ?? write) !== write) vague.add(numbers);
      writes.set(own, write);
      const owner = owners.get(numbers);
      if (owner === undefined) owners.set(numbers, from);
      else if (owner !== from) shared ??= { clerks: [owner, from], numbers };
    }
    return shared !== undefined && vague.has(shared.numbers) ? undefined : shared;
  }

  /** Returns the requests that a clerk sent for an operation.
   *
   * @param isPassedOn True if those count as well that servers passed on. */
  #requestsOf(
    { client, op, key, value, callMs = 0, returnMs }: Operation,
    isPassedOn = false,
  ): LoggedRequest[] {
    const wanted = writeOf(op, key, value);
    const clerk = clerkName(client);
    return this.#requests.values().filter((request) => {
      const { from, sentMs } = request;
      const isOwn = from === clerk
        ? sentMs <= (returnMs ?? Infinity)
        : isPassedOn && !isClerk(from);
      return isOwn && sentMs >= callMs && request.write === wanted;
    }).toArray();
  }

  /** Returns the requests of an operation that reached a handler, also those that servers
   * passed on. */
  #handled(operation: Operation): LoggedRequest[] {
    return this.#requestsOf(operation, true).filter(({ begun }) => begun !== undefined);
  }
}

function isReplied({ reply }: LoggedRequest): boolean {
  return reply !== undefined;
}

function serversOf(requests: readonly LoggedRequest[]): string[] {
  return [...new Set(requests.map(({ to }) => to))].sort();
}

/** The number of characters of a text that is kept, at either end. */
const END_LENGTH_MAX = 100;

/** Returns true if a value takes little memory and nobody can change it. */
function isSmallValue(value: unknown): boolean {
  if (typeof value === "string") return value.length <= 2 * END_LENGTH_MAX;
  return value === null || typeof value !== "object";
}

/** A write as text. Of what is long the length and the ends are kept: whoever measures
 * the memory of servers must not find values here. */
function writeOf(op: string, key: unknown, value: unknown): string {
  return textOf(op, cut(String(key)), value === undefined ? "" : cut(String(value)));
}

/** Returns true if fields may tell one request from others: their values, and not those of
 * keys. */
function mayTellApart(numbers: string): boolean {
  const values = numbers.replaceAll(/"[^"]*":/g, "");
  return /\d|\w{3}/.test(values) && !partsOf(values).some(isWritten);
}

function isWritten(part: string): boolean {
  return isToken(part) || isRefrain(part);
}

function numbersOf(rest: object): string {
  try {
    return cut(JSON.stringify(rest));
  } catch {
    // What a schema made need not be JSON.
    return "";
  }
}

function cut(text: string): string {
  if (text.length <= 2 * END_LENGTH_MAX) return text;
  return `${text.length} ${text.slice(0, END_LENGTH_MAX)} ${text.slice(-END_LENGTH_MAX)}`;
}

function textOf(...parts: string[]): string {
  return JSON.stringify(parts);
}
