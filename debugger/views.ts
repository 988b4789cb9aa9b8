/**
 * A branch and a position of it, as the page shows them.
 *
 * @module
 */

import { messagesOf } from "../explore/recording/messages.ts";
import type { Entry } from "../explore/recording/recording.ts";
import { stepsOf } from "../explore/story/story.ts";
import { hintText, showCall } from "../testing/failure_report.ts";
import { HINTS } from "../testing/hints.ts";
import { describeCall } from "../testing/invariants.ts";
import { clerkName, serverName } from "../testing/names.ts";
import { type Branch, travelKey } from "./branch.ts";
import { marked } from "./marked.ts";
import type { Flight, Machine, MessageOf, Step, Verdict } from "./protocol.ts";
import type { StepEvent } from "./record.ts";
import { Situation, timeoutMsOf } from "./situation.ts";
import { clerkWaitsFor, handlerWaitsFor, stepText } from "./words.ts";

/** A run with more steps opens at the failure instead of at its first fault. */
const STORY_STEPS_MAX = 120;

/** Returns a branch as the page shows it. */
export function runOf(branch: Branch): MessageOf<"run"> {
  const { timeline, schedule, failure, trouble } = branch;
  const entries = timeline.steps.flatMap(({ atMs, event, carried }): Entry[] => {
    return event.kind === "timer"
      ? []
      : [{ atMs, event, ...carried === undefined ? {} : { carried } }];
  });
  const messages = messagesOf(entries);
  const byId = new Map(messages.map((message) => [message.id, message]));
  const situation = new Situation(timeline, 0);
  const steps = timeline.steps.map((step): Step => {
    const { event, atMs, printed, carried = "" } = step;
    const text = stepText(step, situation);
    situation.take(step);
    return {
      atMs,
      kind: event.kind,
      text,
      machines: machinesOf(event, situation),
      ...aboutOf(event, situation),
      ...printed && { printed },
      drawn: event.kind === "timer"
        ? [{ kind: "note", atMs, at: event.machine, text: "a timer runs" }]
        : stepsOf({ atMs, event, carried }, byId),
    };
  });
  const blamed = blamedOf(branch);
  return {
    type: "run",
    branch: branch.id,
    servers: schedule.nservers,
    clerks: branch.clerks,
    steps,
    operations: situation.operations.map((operation) => {
      const { number, op, called, returned } = operation;
      return {
        op,
        text: showCall(operation),
        called,
        ...returned === undefined ? {} : { returned },
        isBlamed: number === blamed,
      };
    }),
    ...failure && { failure },
    ...trouble && { trouble },
    messages,
  };
}

/** Returns a position as the page shows it.
 *
 * @param startsBranch True if acting there starts a new branch. */
export function positionOf(
  branch: Branch,
  position: number,
  startsBranch: boolean,
): MessageOf<"position"> {
  const { timeline } = branch;
  const situation = branch.situation(position);
  return {
    type: "position",
    branch: branch.id,
    position,
    atMs: timeline.atMs(position),
    machines: machinesAt(branch, position, situation),
    flights: flightsOf(branch, situation),
    waiting: situation.waiting().map((request) => {
      const { id: message, from, to, method } = request;
      return { message, from, to, method, dueMs: timeoutMsOf(request) };
    }),
    verdict: verdictAt(branch, position),
    startsBranch,
    actsAt: timeline.momentEnd(position),
  };
}

function machinesAt(branch: Branch, position: number, situation: Situation): Machine[] {
  const { timeline, schedule, trouble } = branch;
  // In the middle of a moment, and where the run ends, code may not have to wait.
  const mayGoOn = timeline.momentEnd(position) !== position ||
    (position === timeline.end && branch.hasEnded && trouble?.kind !== "stuck");
  const stateOf = (name: string) => {
    const after = timeline.stateAt(name, position);
    if (after === undefined) return { hasChanges: false };
    const before = position === 0 ? after : timeline.stateAt(name, position - 1);
    return { state: marked(before, after, name), hasChanges: before !== after };
  };
  const clerks = Array.from({ length: branch.clerks }, (_, index): Machine => {
    const name = clerkName(index);
    const operation = situation.underWay(index);
    return {
      name,
      role: "clerk",
      index,
      isUp: true,
      ...stateOf(name),
      handlers: [],
      ...operation && {
        operation: operation.number,
        waitsFor: clerkWaitsFor(name, situation, mayGoOn),
      },
    };
  });
  const servers = Array.from({ length: schedule.nservers }, (_, index): Machine => {
    const name = serverName(index);
    return {
      name,
      role: "server",
      index,
      isUp: !situation.down.has(index),
      ...stateOf(name),
      handlers: situation.handlers(name).map((request) => ({
        message: request.id,
        method: request.method,
        from: request.from,
        waitsFor: handlerWaitsFor(request, situation, mayGoOn),
      })),
    };
  });
  return [...clerks, ...servers];
}

function flightsOf(branch: Branch, situation: Situation): Flight[] {
  return situation.inFlight().map((flight): Flight => {
    const { request, what } = flight;
    const { id, from, to, method, args, reply = "" } = request;
    const isRequest = what === "request";
    const caller = request.copyOf === undefined ? request : situation.requests.get(request.copyOf)!;
    return {
      message: id,
      what,
      from: isRequest ? from : to,
      to: isRequest ? to : from,
      method,
      carried: isRequest ? args : reply,
      isHeld: branch.held.has(travelKey(flight)),
      isLate: caller.isSettled === true,
      isDuplicate: request.copyOf !== undefined,
    };
  });
}

function verdictAt(branch: Branch, position: number): Verdict {
  const { failure } = branch;
  if (failure?.violation.hint === HINTS.inconclusive) return { is: "inconclusive" };
  if (failure === undefined || position < failure.position) return { is: "linearizable" };
  const { isAlone: _1, isReliable: _2, ...violation } = failure.violation;
  const hint = hintText(failure.violation);
  return { is: "violated", violation: { ...violation, hint }, since: failure.position };
}

/** Returns the number of the operation that the violation of a branch is about. */
function blamedOf(branch: Branch): number | undefined {
  const { failure, timeline } = branch;
  if (failure === undefined) return undefined;
  const { operations } = branch.situation(failure.position);
  const { operation = "", what } = failure.violation;
  const described = operations.find((each) => {
    const { clerk: client, called } = each;
    return operation.startsWith(describeCall({ ...each, client, callMs: timeline.atMs(called) }));
  });
  if (described !== undefined) return described.number;
  // Other violations name the call only, which others may have made, too.
  const told = operations.filter((each) => `${operation} ${what}`.includes(showCall(each)));
  const last = timeline.steps[failure.position - 1]?.event;
  const returning = last?.kind === "returned"
    ? operations.findLast(({ clerk }) => clerk === last.client)
    : undefined;
  const blamed = returning !== undefined && told.includes(returning) ? returning : told.at(-1);
  return (blamed ?? returning)?.number;
}

/** Returns the position at which a reader should begin. */
export function openingPosition(branch: Branch): number {
  const { timeline, failure, trouble } = branch;
  if (trouble !== undefined) return trouble.position;
  const fault = timeline.steps.findIndex(({ event }) => {
    return ["dropped", "duplicated", "fault", "timed out"].includes(event.kind);
  });
  if (fault >= 0 && timeline.end <= STORY_STEPS_MAX) return fault + 1;
  const blamed = blamedOf(branch);
  if (blamed === undefined) return failure?.position ?? 0;
  return branch.situation(timeline.end).operations[blamed]!.called;
}

/** Returns the machines whose state a step may change. */
function machinesOf(event: StepEvent, { requests }: Situation): string[] {
  switch (event.kind) {
    case "called":
    case "returned":
    case "threw":
      return [clerkName(event.client)];
    case "timer":
      return [event.machine];
    case "delivered":
    case "replied":
      return [requests.get(event.message)!.to];
    case "sent":
    case "received":
    case "timed out":
      return [requests.get(event.message)!.from];
    case "fault":
      return [serverName(event.server)];
    default:
      return [];
  }
}

/** Returns the request and the operation of a step. */
function aboutOf(
  event: StepEvent,
  { requests, operations }: Situation,
): Pick<Step, "message" | "operation"> {
  if ("message" in event) {
    const { operation } = requests.get(event.message)!;
    return { message: event.message, ...operation === undefined ? {} : { operation } };
  }
  if (event.kind !== "called" && event.kind !== "returned" && event.kind !== "threw") return {};
  const operation = operations.findLast(({ clerk }) => clerk === event.client);
  return operation === undefined ? {} : { operation: operation.number };
}
