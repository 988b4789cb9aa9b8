/**
 * The situation at a position of a run: operations, messages in flight, callers that wait,
 * handlers that have not replied, timers.
 *
 * @module
 */

import { RPC_TIMEOUT_MS } from "../labrpc.ts";
import { clerkName, clerkOf, endsOf } from "../testing/names.ts";
import { methodName } from "../visualizer/browser/details.ts";
import type { StepEvent, StepRecord } from "./record.ts";
import type { Timeline } from "./timeline.ts";

/** An operation of a clerk. */
export interface OperationState {
  /** Its number, in the order of calls. */
  readonly number: number;
  readonly clerk: number;
  /** The number of earlier operations of its clerk. */
  readonly place: number;
  readonly op: "get" | "put" | "append";
  readonly key: string;
  readonly value?: string;
  readonly called: number;
  returned?: number;
  output?: string | null;
  /** True if it threw. */
  threw?: boolean;
}

/** A request and its history so far. */
export interface RequestState {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  /** The name of the method, for example "append". */
  readonly method: string;
  readonly args: string;
  readonly sentMs: number;
  /** The position after it was sent. */
  readonly sent: number;
  readonly travel: NonNullable<StepRecord["travel"]>;
  /** The number of requests for the same operation that its clerk had sent before, or that a server
   * had sent on this link. */
  readonly index: number;
  readonly operation?: number;
  /** The request whose handler sent it. */
  readonly handled?: number;
  readonly copyOf?: number;
  deliveredMs?: number;
  repliedMs?: number;
  reply?: string;
  /** True if neither the request nor its reply is on its way any more. */
  isOver?: boolean;
  /** True if the server was out of reach when it was sent. */
  isUnreachable?: boolean;
  /** True if its caller has its reply or its timeout. */
  isSettled?: boolean;
}

/** A request or a reply that is on its way. */
export interface InFlight {
  readonly request: RequestState;
  readonly what: "request" | "reply";
}

/** A timer of the code of a machine that waits. */
export interface TimerState {
  readonly machine: string;
  /** The request whose handler set it. */
  readonly handled?: number;
  readonly dueMs: number;
}

type Recorded<T> = { -readonly [K in keyof T]: T[K] };

/** The situation at one position. */
export class Situation {
  readonly operations: OperationState[] = [];
  readonly requests = new Map<number, RequestState>();
  /** Those that are still on their way, or whose caller waits. */
  readonly #open = new Map<number, RequestState>();
  readonly timers = new Map<number, TimerState>();
  readonly down = new Set<number>();
  /** The last operation of each clerk. */
  readonly #last = new Map<number, OperationState>();
  readonly #sent = new Map<string, number>();
  #position = 0;

  /** @param position The number of steps to take in. */
  constructor(timeline: Timeline, position: number) {
    this.#takeTimers(timeline.beginning);
    for (const step of timeline.steps.slice(0, position)) this.take(step);
  }

  /** The operation of a clerk that has neither returned nor thrown. */
  underWay(clerk: number): OperationState | undefined {
    const last = this.#last.get(clerk);
    return last?.returned === undefined && last?.threw !== true ? last : undefined;
  }

  /** The requests and replies that are on their way. */
  inFlight(): InFlight[] {
    return [...this.#open.values()].flatMap((request): InFlight[] => {
      if (request.isOver) return [];
      if (request.deliveredMs === undefined) return [{ request, what: "request" }];
      return request.repliedMs === undefined ? [] : [{ request, what: "reply" }];
    });
  }

  /** The requests whose callers wait. */
  waiting(): RequestState[] {
    return [...this.#open.values()].filter(({ isSettled, copyOf }) => {
      return !isSettled && copyOf === undefined;
    });
  }

  /** The requests whose handlers run on a server. */
  handlers(server: string): RequestState[] {
    return [...this.#open.values()].filter(({ to, deliveredMs, repliedMs, isOver }) => {
      return to === server && deliveredMs !== undefined && repliedMs === undefined && !isOver;
    });
  }

  /** Applies the next step. */
  take(step: StepRecord): void {
    this.#position++;
    this.#takeEvent(step.event, step);
    this.#takeTimers(step);
  }

  #takeTimers({ timersSet = [], timersEnded = [] }: Partial<StepRecord>): void {
    for (const { id, ...timer } of timersSet) this.timers.set(id, timer);
    for (const id of timersEnded) this.timers.delete(id);
  }

  #takeEvent(event: StepEvent, step: StepRecord): void {
    const request = "message" in event ? this.requests.get(event.message) : undefined;
    switch (event.kind) {
      case "called":
        return this.#call(event);
      case "returned": {
        const operation = this.#last.get(event.client)!;
        operation.returned = this.#position;
        operation.output = event.output;
        return;
      }
      case "threw":
        this.#last.get(event.client)!.threw = true;
        return;
      case "sent":
        return this.#send(event, step);
      case "duplicated": {
        const {
          deliveredMs: _1,
          repliedMs: _2,
          reply: _3,
          isOver: _4,
          isSettled: _5,
          ...original
        } = this.requests.get(event.original)!;
        this.#add({
          ...original,
          id: event.message,
          copyOf: event.original,
          sent: this.#position,
          travel: step.travel!,
        });
        return;
      }
      case "delivered":
        request!.deliveredMs = step.atMs;
        return;
      case "replied":
        request!.repliedMs = step.atMs;
        request!.reply = step.carried ?? "";
        return;
      case "received":
        request!.isOver = true;
        this.#close(request!);
        this.#settle(this.requests.get(request!.copyOf ?? request!.id)!);
        return;
      case "timed out":
        this.#settle(request!);
        return;
      case "dropped":
        request!.isOver = true;
        if (event.why === "unreachable" && request!.sent === this.#position - 1) {
          request!.isUnreachable = true;
        }
        this.#close(request!);
        return;
      case "fault":
        if (event.what === "stopped") this.down.add(event.server);
        else this.down.delete(event.server);
        return;
    }
  }

  #call(event: Extract<StepEvent, { kind: "called" }>): void {
    const { client: clerk, operation: op, key, value } = event;
    const operation: OperationState = {
      number: this.operations.length,
      clerk,
      place: (this.#last.get(clerk)?.place ?? -1) + 1,
      op: op as OperationState["op"],
      key,
      ...op === "get" ? {} : { value },
      called: this.#position,
    };
    this.operations.push(operation);
    this.#last.set(clerk, operation);
    this.#sent.delete(clerkName(clerk));
  }

  #send(
    { message: id, end, method }: Extract<StepEvent, { kind: "sent" }>,
    step: StepRecord,
  ): void {
    const [from, to] = endsOf(end);
    const { carried = "", handled, atMs, travel } = step;
    const clerk = clerkOf(end);
    const counted = clerk === undefined ? end : from;
    const index = this.#sent.get(counted) ?? 0;
    this.#sent.set(counted, index + 1);
    const operation = clerk === undefined
      ? handled === undefined ? undefined : this.requests.get(handled)?.operation
      : this.#last.get(clerk)?.number;
    const request: Recorded<RequestState> = {
      id,
      from,
      to,
      method: methodName(method),
      args: carried,
      sentMs: atMs,
      sent: this.#position,
      travel: travel ?? { requestMs: 0, replyMs: 0, unreachableMs: 0 },
      index,
    };
    if (operation !== undefined) request.operation = operation;
    if (handled !== undefined) request.handled = handled;
    this.#add(request);
  }

  #add(request: RequestState): void {
    this.requests.set(request.id, request);
    this.#open.set(request.id, request);
  }

  #settle(request: RequestState): void {
    request.isSettled = true;
    this.#close(request);
  }

  /** Forgets a request to which nothing more can happen. */
  #close({ id, isOver, isSettled, copyOf }: RequestState): void {
    if (isOver && (isSettled || copyOf !== undefined)) this.#open.delete(id);
  }
}

/** Returns the time at which the caller of a request gives up. */
export function timeoutMsOf({ sentMs, isUnreachable, travel }: RequestState): number {
  return sentMs + (isUnreachable ? travel.unreachableMs : RPC_TIMEOUT_MS);
}
