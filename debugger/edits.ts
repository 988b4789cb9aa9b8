/**
 * Decisions of a person, written into the schedule of a branch. A branch is only its schedule and a
 * time: performed again up to that time, it is the same.
 *
 * @module
 */

import {
  type Delivery,
  isOperation,
  type OperationStep,
  type Schedule,
  TRANSIT_MS,
} from "../explore/counterexample/schedule.ts";
import type { Action } from "./protocol.ts";
import type { InFlight, RequestState, Situation } from "./situation.ts";
import { UNDECIDED_MS } from "./undecided.ts";

/** Returns the time of a person's next action: the next multiple of the usual travel time. */
export function nextMs(nowMs: number): number {
  return (Math.floor(nowMs / TRANSIT_MS) + 1) * TRANSIT_MS;
}

/** Changes the delivery of a request or of a duplicate. */
function withDelivery(
  schedule: Schedule,
  situation: Situation,
  request: RequestState,
  change: (delivery: Delivery) => Delivery,
): Schedule {
  if (request.copyOf !== undefined) {
    const original = situation.requests.get(request.copyOf)!;
    return withDelivery(schedule, situation, original, (delivery) => {
      return { ...delivery, duplicate: change(delivery.duplicate ?? {}) };
    });
  }
  const { index, from, to } = request;
  const clerk = numberOf(from, "clerk");
  if (clerk === undefined) {
    const { forwards = [] } = schedule;
    const [sender, server] = [numberOf(from, "server"), numberOf(to, "server")];
    let count = 0;
    return {
      ...schedule,
      forwards: forwards.map((forward) => {
        if (forward.from !== sender || forward.to !== server || count++ !== index) return forward;
        const { from, to, index: place, sentMs, ...delivery } = forward;
        const when = place === undefined ? { sentMs: sentMs! } : { index: place };
        return { from, to, ...when, ...change(delivery) };
      }),
    };
  }
  const { place } = situation.operations[request.operation!]!;
  let count = 0;
  return {
    ...schedule,
    steps: schedule.steps.map((step) => {
      if (!isOperation(step) || step.clerk !== clerk || count++ !== place) return step;
      return withRequest(step, index, change);
    }),
  };
}

/** Makes a message arrive at a time. */
export function deliver(
  schedule: Schedule,
  situation: Situation,
  { request, what }: InFlight,
  atMs: number,
): Schedule {
  const time = what === "request"
    ? { requestMs: atMs - request.sentMs }
    : { replyMs: atMs - request.repliedMs! };
  return withDelivery(schedule, situation, request, (delivery) => ({ ...delivery, ...time }));
}

/** Makes a message get lost at a time. */
export function drop(
  schedule: Schedule,
  situation: Situation,
  message: InFlight,
  atMs: number,
): Schedule {
  const { request, what } = message;
  const ended = deliver(schedule, situation, message, atMs);
  return withDelivery(ended, situation, request, (delivery) => {
    return { ...delivery, lost: what, lostOnArrival: true };
  });
}

/** Removes the decisions about messages that are still on their way, so that a person can decide
 * about them.
 *
 * @param schedule The performance up to the situation. */
export function undecide(schedule: Schedule, situation: Situation): Schedule {
  let opened = schedule;
  for (const request of situation.requests.values()) {
    if (request.isOver) continue;
    const isDelivered = request.deliveredMs !== undefined;
    const open = {
      ...isDelivered ? {} : { requestMs: UNDECIDED_MS },
      replyMs: UNDECIDED_MS,
    };
    opened = withDelivery(opened, situation, request, (delivery) => {
      const { lost: _1, lostOnArrival: _2, ...rest } = delivery;
      return { ...rest, ...open };
    });
  }
  return opened;
}

/** Delivers all messages that nobody holds back.
 *
 * @param nowMs The time of the situation. */
export function releaseMessages(
  schedule: Schedule,
  situation: Situation,
  nowMs: number,
  isHeld: (message: InFlight) => boolean,
): Schedule {
  let [going, atMs] = [schedule, nowMs];
  for (const message of situation.inFlight()) {
    if (isHeld(message)) continue;
    atMs = nextMs(atMs);
    going = deliver(going, situation, message, atMs);
    // The reply to a request that arrives is delivered, too.
    if (message.what === "reply") continue;
    going = withDelivery(going, situation, message.request, withReply);
  }
  // So are the replies of handlers that are running.
  for (const request of situation.requests.values()) {
    const { deliveredMs, repliedMs, isOver } = request;
    if (deliveredMs === undefined || repliedMs !== undefined || isOver) continue;
    going = withDelivery(going, situation, request, withReply);
  }
  return going;
}

/** Makes the reply arrive. */
function withReply(delivery: Delivery): Delivery {
  return { ...delivery, replyMs: TRANSIT_MS };
}

/** Adds an operation, or a server that stops or starts. */
export function addStep(
  schedule: Schedule,
  action: Extract<Action, { act: "operation" | "stop" | "start" }>,
  atMs: number,
): Schedule {
  const { steps } = schedule;
  const waitMs = atMs;
  switch (action.act) {
    case "operation": {
      const { clerk, op, key, value } = action;
      const step: OperationStep = {
        waitMs,
        clerk,
        op,
        key,
        ...value === undefined ? {} : { value },
        requests: [],
      };
      return { ...schedule, steps: [...steps, step] };
    }
    case "stop":
      return { ...schedule, steps: [...steps, { waitMs, stop: action.server }] };
    case "start":
      return { ...schedule, steps: [...steps, { waitMs, start: action.server }] };
  }
}

function withRequest(
  step: OperationStep,
  index: number,
  change: (delivery: Delivery) => Delivery,
): OperationStep {
  const requests = [...step.requests ?? []];
  while (requests.length <= index) requests.push(null);
  requests[index] = change(requests[index] ?? {});
  return { ...step, requests };
}

/** Returns the number of a clerk or of a server by its name. */
export function numberOf(machine: string, role: "clerk" | "server"): number | undefined {
  const [, number] = machine.match(new RegExp(`^${role} (\\d+)$`)) ?? [];
  return number === undefined ? undefined : Number(number);
}
