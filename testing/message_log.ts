/**
 * The requests of a run, as far as a failure's hint needs them: the operation, when the handler
 * ran, and the fields besides key and value.
 *
 * A hint may blame retries, awaits or a clerk's numbers only if the log shows them.
 *
 * @module
 */

import type { Operation } from "../linearizability/mod.ts";
import type { MessageId, NetworkEvent } from "../labrpc/network_event.ts";
import { showCall } from "./failure_report.ts";
import { clerkName, endsOf, isClerk } from "./names.ts";
import type { TraceEvent } from "./trace_event.ts";
import { isRefrain, isToken, partsOf } from "./values.ts";

/** One request, or a duplicate of it that the network made. */
export class LoggedRequest {
  readonly method: string;
  readonly key: unknown;
  readonly value: unknown;
  readonly #rest: object;
  #write: string | undefined;
  #numbers: string | undefined;
  /** The numbers of the events at which its handler began and ended. */
  begun: number | undefined;
  ended: number | undefined;
  /** The hash of its handler's reply. */
  reply: number | undefined;
  /** True if its caller timed out. */
  isTimedOut = false;
  /** The time at which its reply reached the caller. */
  receivedMs: number | undefined;

  constructor(
    readonly from: string,
    readonly to: string,
    method: string,
    readonly sentMs: number,
    carried: unknown,
  ) {
    this.method = method.slice(method.lastIndexOf(".") + 1);
    const { key, value, ...rest } = Object(carried);
    this.key = key;
    this.value = value;
    // Servers may send each other their whole state.
    this.#rest = isClerk(from) ? rest : {};
    // The receiver may change the objects that it gets.
    if (Object.values(this.#rest).some((field) => typeof field === "object")) void this.numbers;
  }

  /** Makes a duplicate of the request. */
  duplicate(): LoggedRequest {
    const { from, to, method, sentMs } = this;
    const carried = { ...this.#rest, key: this.key, value: this.value };
    return new LoggedRequest(from, to, method, sentMs, carried);
  }

  get isReplied(): boolean {
    return this.reply !== undefined;
  }

  get write(): string {
    return this.#write ??= writeOf(this.method, this.key, this.value);
  }

  /** The fields that a clerk sent besides key and value, as JSON. */
  get numbers(): string {
    return this.#numbers ??= jsonOf(this.#rest);
  }

  get call(): string {
    const [op, key, value] = [this.method, String(this.key), this.value];
    return showCall(value === undefined ? { op, key } : { op, key, value: String(value) });
  }
}

/** The requests of one method that a server sent to another one, or to itself. */
interface BusyLink {
  readonly from: string;
  readonly to: string;
  readonly method: string;
  count: number;
}

/** The requests of one run. */
export class MessageLog {
  readonly #requests = new Map<MessageId, LoggedRequest>();
  #events = 0;
  #last: TraceEvent | undefined;
  /** The number of requests when an operation last returned. */
  #requestsAtReturn = 0;

  /** Adds an event of the trace. */
  record(event: TraceEvent, atMs: number, carried: unknown): void {
    this.#events++;
    this.#last = event;
    if (event.kind === "sent") {
      const request = new LoggedRequest(...endsOf(event.end), event.method, atMs, carried);
      this.#requests.set(event.message, request);
    } else if (event.kind === "duplicated") {
      const original = this.#requests.get(event.original);
      if (original !== undefined) this.#requests.set(event.message, original.duplicate());
    } else if (event.kind === "returned") {
      this.#requestsAtReturn = this.#requests.size;
    } else if ("message" in event) {
      const request = this.#requests.get(event.message);
      if (request !== undefined) this.#recordStep(request, event, atMs);
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
    } else if (event.kind === "dropped" && event.why === "no reply") {
      request.ended = this.#events;
    }
  }

  /** Forgets all requests. */
  clear(): void {
    this.#requests.clear();
    this.#requestsAtReturn = 0;
    this.#last = undefined;
  }

  /** Describes the last work of a machine: an endless loop may have begun there. */
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
    const { from, to, call } = request;
    if (last!.kind === "delivered") return `${to} got ${call}`;
    if (last!.kind === "received") return `${from} got the reply to ${call}`;
    return last!.kind === "timed out" ? `${from} got no reply to ${call}` : undefined;
  }

  /** Returns true if an operation's request reached one server more than once, or several servers
   * from its clerk. */
  isRepeated(operation: Operation): boolean {
    const handled = this.#handled(operation);
    const servers = new Set(handled.map(({ to }) => to));
    return handled.filter(({ from }) => isClerk(from)).length > 1 ||
      servers.size < handled.length;
  }

  /** Finds the first operation that returned before its clerk got a reply to any of its
   * requests. */
  firstUnanswered(operations: readonly Operation[]): Operation | undefined {
    const byCaller = Map.groupBy(this.#requests.values(), ({ from }) => from);
    return operations.find(({ client, callMs = 0, returnMs = null }) => {
      if (returnMs === null) return false;
      const own = byCaller.get(clerkName(client)) ?? [];
      const sent = own.filter(({ sentMs }) => sentMs >= callMs && sentMs <= returnMs);
      return sent.length > 0 && sent.every(({ receivedMs = Infinity }) => receivedMs > returnMs);
    });
  }

  /** True if servers recognize retries: at least one append was sent again, and each retry got
   * the same reply. */
  get recognizesRetries(): boolean {
    const replies = new Map<string, number>();
    let isSeen = false;
    for (const { from, method, write, numbers, reply } of this.#requests.values()) {
      if (!isClerk(from) || reply === undefined || method !== "append") continue;
      const name = jsonOf([from, write, numbers]);
      const first = replies.get(name);
      if (first !== undefined && first !== reply) return false;
      isSeen ||= first !== undefined;
      replies.set(name, reply);
    }
    return isSeen;
  }

  /** Returns the links between servers with most of the requests since an operation last returned,
   * the busiest first; none if clerks sent most requests. */
  busyServerLinks(): BusyLink[] {
    const requests = [...this.#requests.values().drop(this.#requestsAtReturn)];
    const ofServers = requests.filter(({ from }) => !isClerk(from));
    if (ofServers.length * 2 < requests.length) return [];
    const links = Map.groupBy(ofServers, ({ from, to, method }) => jsonOf([from, to, method]));
    const busy = [...links.values()].sort((one, other) => other.length - one.length);
    return busy.filter((link) => link.length * 10 > busy[0]!.length)
      .map((link) => ({ ...link[0]!, count: link.length }));
  }

  /** Returns true if a get was answered by a server that heard nothing about the key from others
   * meanwhile, and that did not execute a write of it. */
  isFromCopy(read: Operation, write: Operation): boolean {
    const answered = this.requestsOf(read).find(({ receivedMs }) => receivedMs !== undefined);
    if (read.op !== "get" || answered === undefined) return false;
    const hasHeard = this.#sentDuring(answered).some(
      ({ key = read.key, receivedMs = Infinity }) => {
        return String(key) === read.key && receivedMs < answered.receivedMs!;
      },
    );
    const executed = this.#executed(write);
    return !hasHeard && executed.length > 0 && executed.every(({ to }) => to !== answered.to);
  }

  /** Returns true if a server that was done with a put passed its value on once more when it got
   * the put again: it executed it twice. */
  isExecutedAgain(put: Operation): boolean {
    if (put.op !== "put") return false;
    const passing = this.#executed(put).filter((handled) => {
      return this.#sentDuring(handled).some(({ key, value }) => {
        return String(key) === put.key && value === put.value;
      });
    });
    return passing.some(({ to, ended = Infinity }) => {
      return passing.some((later) => later.to === to && later.begun! > ended);
    });
  }

  /** Returns the requests of an operation that reached a server that did not pass them on. */
  #executed(operation: Operation): LoggedRequest[] {
    const handled = this.#handled(operation);
    return handled.filter(({ to }) => !handled.some(({ from }) => from === to));
  }

  /** Returns what a server sent to others while it handled a request, if that arrived. */
  #sentDuring({ to, begun, ended = Infinity }: LoggedRequest): LoggedRequest[] {
    return this.#requests.values().filter((sent) => {
      return sent.from === to && sent.begun !== undefined && sent.begun > begun! &&
        sent.begun < ended;
    }).toArray();
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

  /** Finds two clerks whose requests carried the same fields besides key and value: a server cannot
   * tell them apart.
   *
   * @param of The names of clerks, one of which has to be among the two; without it, all count. */
  sharedNumbers(of?: readonly string[]): { clerks: [string, string]; numbers: string } | undefined {
    const writes = new Map<string, string>();
    const owners = new Map<string, string>();
    const vague = new Set<string>();
    let shared: { clerks: [string, string]; numbers: string } | undefined;
    for (const { from, write, numbers } of this.#requests.values()) {
      if (!isClerk(from) || !mayTellApart(numbers)) continue;
      const own = `${from} ${numbers}`;
      // Fields that a clerk repeats for another operation do not number its requests.
      if ((writes.get(own) ?? write) !== write) vague.add(numbers);
      writes.set(own, write);
      const owner = owners.get(numbers);
      if (owner === undefined) owners.set(numbers, from);
      else if (owner !== from && (of === undefined || of.includes(owner) || of.includes(from))) {
        shared ??= { clerks: [owner, from], numbers };
      }
    }
    return shared !== undefined && vague.has(shared.numbers) ? undefined : shared;
  }

  /** Returns the requests that a clerk sent for an operation.
   *
   * @param isPassedOn True to include requests that servers passed on. */
  requestsOf(
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

  /** Returns the requests of an operation that reached a handler, even if a server passed them
   * on. */
  #handled(operation: Operation): LoggedRequest[] {
    return this.requestsOf(operation, true).filter(({ begun }) => begun !== undefined);
  }
}

/** Returns the servers that requests were sent to. */
export function askedServers(requests: readonly LoggedRequest[]): string[] {
  return [...new Set(requests.map(({ to }) => to))].sort();
}

function writeOf(op: string, key: unknown, value: unknown = ""): string {
  return jsonOf([op, String(key), String(value)]);
}

/** Returns true if fields may number a request: they hold a number or a word, and not the value of
 * a key. */
function mayTellApart(numbers: string): boolean {
  const values = numbers.replaceAll(/"[^"]*":/g, "");
  return /\d|\w{3}/.test(values) &&
    !partsOf(values).some((part) => isToken(part) || isRefrain(part));
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // The result of a schema may be no JSON.
    return "";
  }
}
