/**
 * Sentences about steps, and about the reasons why machines wait.
 *
 * @module
 */

import { fieldsOf } from "../explore/recording/request_fields.ts";
import { calledText } from "../explore/recording/transcript.ts";
import { replyText } from "../explore/story/story.ts";
import { show, showCall } from "../testing/failure_report.ts";
import { clerkName, endsOf, serverName } from "../testing/names.ts";
import { methodName } from "../visualizer/browser/details.ts";
import type { StepRecord } from "./record.ts";
import type { RequestState, Situation, TimerState } from "./situation.ts";

/** Returns the name of a request as people see it, counted from 1. */
export function requestName(id: number): string {
  return `request ${id + 1}`;
}

/** Returns a request as the call of a method, for example `append("0", "x")`. */
function callText({ method: op, args }: Pick<RequestState, "method" | "args">): string {
  const { key, value } = fieldsOf(args);
  if (typeof key !== "string") return op;
  return showCall(typeof value === "string" ? { op, key, value } : { op, key });
}

/** Describes a step.
 *
 * @param situation The situation just before. */
export function stepText({ event, carried }: StepRecord, situation: Situation): string {
  const request = "message" in event ? situation.requests.get(event.message) : undefined;
  const name = request === undefined ? "" : requestName(request.id);
  switch (event.kind) {
    case "called":
      return `${clerkName(event.client)} begins ${calledText(event)}`;
    case "returned": {
      const result = event.output === null ? "" : ` ${show(event.output)}`;
      return `${clerkName(event.client)} returns${result} from ${endingText(event, situation)}`;
    }
    case "threw":
      return `${clerkName(event.client)} throws from ${endingText(event, situation)}: ` +
        event.error;
    case "sent": {
      const [from, to] = endsOf(event.end);
      const sent = { method: methodName(event.method), args: carried ?? "" };
      return `${from} sends ${requestName(event.message)} to ${to}: ${callText(sent)}`;
    }
    case "duplicated":
      return `The network makes a duplicate of ${requestName(event.original)}: ` +
        requestName(event.message);
    case "delivered":
      return `${request!.to} gets ${name} from ${request!.from}: ${callText(request!)}`;
    case "replied":
      return `${request!.to} replies to ${name}: ${replyText({ reply: carried ?? "" })}`;
    case "received":
      return `${request!.from} gets the reply to ${name}`;
    case "timed out":
      return `${request!.from} gets no reply to ${name} and gives up`;
    case "dropped":
      return dropText(event, request!, name);
    case "fault": {
      const server = serverName(event.server);
      return event.what === "stopped"
        ? `${server} is cut off from the clerks`
        : `${server} is back`;
    }
    case "timer":
      return `A timer of ${event.machine} runs`;
  }
}

/** Returns the call of the operation that ends. */
function endingText({ client }: { client: number }, situation: Situation): string {
  const operation = situation.underWay(client);
  return operation === undefined ? "its operation" : showCall(operation);
}

function dropText(
  { what, why }: { what: "request" | "reply"; why: string },
  { to }: RequestState,
  name: string,
): string {
  const subject = what === "request" ? name : `the reply to ${name}`;
  const start = subject[0]!.toUpperCase() + subject.slice(1);
  switch (why) {
    case "late":
      return `${start} comes too late and is thrown away`;
    case "unreachable":
      return `${start} is lost: there is no way between its caller and ${to}`;
    case "no reply":
      return `${to} does not answer ${name}: its handler let a TimeoutError escape`;
    default:
      return `${start} is lost`;
  }
}

/** Describes what a handler waits for.
 *
 * @param mayGoOn True if its code may go on at the same time.
 * @returns `undefined` if that is unknown. */
export function handlerWaitsFor(
  { id, to }: RequestState,
  situation: Situation,
  mayGoOn: boolean,
): string | undefined {
  const replies = situation.waiting().filter(({ handled }) => handled === id);
  const timers = situation.timers.values().filter((timer) => {
    return timer.machine === to && timer.handled === id;
  });
  const others = situation.handlers(to).filter((other) => other.id !== id);
  const ofOwnCode = `a promise of its own code, ${
    others.length === 0
      ? "and no other handler runs that could settle it"
      : `perhaps a lock that ${others.map((other) => requestName(other.id)).join(" or ")} holds`
  }`;
  return waitText(replies, [...timers]) ?? (mayGoOn ? undefined : ofOwnCode);
}

/** Describes what a clerk's operation waits for, like {@linkcode handlerWaitsFor}. */
export function clerkWaitsFor(
  clerk: string,
  situation: Situation,
  mayGoOn: boolean,
): string | undefined {
  const replies = situation.waiting().filter(({ from }) => from === clerk);
  const timers = situation.timers.values().filter(({ machine }) => machine === clerk);
  const ofOwnCode =
    "a promise of its own code, and neither a reply nor a timer that could settle it";
  return waitText(replies, [...timers]) ?? (mayGoOn ? undefined : ofOwnCode);
}

function waitText(
  replies: readonly RequestState[],
  timers: readonly TimerState[],
): string | undefined {
  const all = [
    ...replies.map(({ id, to }) => `the reply of ${to} to ${requestName(id)}`),
    ...timers.map(({ dueMs }) => `a timer that is due at ${dueMs.toFixed(1)} ms`),
  ];
  return all.length === 0 ? undefined : all.join(" and ");
}

/** Explains why `run on` stopped before nothing was left to happen.
 *
 * @param ran The number of events that it made. */
export function stopReasonText(situation: Situation, ran: number): string {
  const operations = situation.operations.filter(({ returned }) => returned === undefined);
  const [operation] = operations;
  const reason = operation === undefined
    ? "code sets timers without end, or for a long time"
    : `${showCall(operation)} of ${clerkName(operation.clerk)} has not returned`;
  return `The run went on for ${ran.toLocaleString("en")} events, and stopped there: ${reason}. ` +
    '"Run on" takes it further.';
}
