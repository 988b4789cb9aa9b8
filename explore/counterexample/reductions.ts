/**
 * The reductions of a schedule: smaller schedules without a clerk, an operation, an outage, a fault
 * or a wait.
 *
 * @module
 */

import {
  type Delivery,
  isFault,
  isOperation,
  mapOperations,
  type OperationStep,
  type Schedule,
  type Step,
} from "./schedule.ts";

/** The moment at which a step begins. */
export type Trigger = Pick<Step, "after" | "waitMs">;

/** Returns a step that begins at once. */
export function withoutTrigger<T extends Step>({ after: _, waitMs: __, ...step }: T): T {
  return step as T;
}

/** Names something that can be taken away. */
type Place = string;

/** Things of one kind that can be taken away. */
export interface Reduction {
  placesOf(schedule: Schedule): Place[];
  without(schedule: Schedule, places: ReadonlySet<Place>): Schedule;
}

/** Takes clerks away with all that they do. */
const clerks: Reduction = {
  placesOf: ({ steps }) => [...new Set(steps.filter(isOperation).map(({ clerk }) => `${clerk}`))],
  without: (schedule, places) => {
    return withoutSteps(schedule, (step) => isOperation(step) && places.has(`${step.clerk}`));
  },
};

const operations: Reduction = {
  placesOf: ({ steps }) => steps.flatMap((step, place) => isOperation(step) ? [`${place}`] : []),
  without: (schedule, places) => withoutSteps(schedule, (_, place) => places.has(`${place}`)),
};

/** Takes away that servers stop, with the next time that they start. */
const outages: Reduction = {
  placesOf: ({ steps }) => steps.flatMap((step, place) => isOperation(step) ? [] : [`${place}`]),
  without(schedule, places) {
    const { steps } = schedule;
    const all = new Set(places);
    for (const place of places) {
      const step = steps[Number(place)]!;
      if (!("stop" in step)) continue;
      const back = steps.findIndex((other, i) => {
        return i > Number(place) && "start" in other && other.start === step.stop;
      });
      if (back >= 0) all.add(`${back}`);
    }
    return withoutSteps(schedule, (_, place) => all.has(`${place}`));
  },
};

/** Lets requests travel well. */
const deliveries: Reduction = {
  placesOf: ({ steps, forwards = [] }) => [
    ...steps.flatMap((step, place) => {
      const { requests = [] } = isOperation(step) ? step : {};
      return requests.flatMap((request, i) => request === null ? [] : [`${place} ${i}`]);
    }),
    ...forwards.map((_, i) => `forward ${i}`),
  ],
  without: (schedule, places) => ({
    ...mapOperations(schedule, (step, place) => {
      return withRequests(step, (request, i) => places.has(`${place} ${i}`) ? null : request);
    }),
    forwards: (schedule.forwards ?? []).filter((_, i) => !places.has(`forward ${i}`)),
  }),
};

/** All kinds: first what most depends on, so that the rest is soon little. */
export const REDUCTIONS: readonly Reduction[] = [clerks, operations, outages, deliveries];

/** Takes steps away. What followed one of them follows what that one followed. */
export function withoutSteps(
  { steps, ...rest }: Schedule,
  isRemoved: (step: Step, place: number) => boolean,
): Schedule {
  const triggers: (Trigger & { isGone: boolean })[] = [];
  const places: number[] = [];
  const last = new Map<number, number>();
  const left: Step[] = [];
  for (const [place, step] of steps.entries()) {
    const own = isOperation(step) ? last.get(step.clerk) : undefined;
    if (isOperation(step)) last.set(step.clerk, place);
    const isGone = isRemoved(step, place);
    const after = new Set<number>();
    let { waitMs } = step;
    for (const other of step.after ?? []) {
      const trigger = triggers[other]!;
      for (const each of trigger.isGone ? trigger.after ?? [] : [other]) after.add(each);
      if (trigger.isGone) waitMs ??= trigger.waitMs;
    }
    // A clerk waits for its own operation anyway, as long as it is there.
    if (isGone && own !== undefined) {
      const trigger = triggers[own]!;
      for (const each of trigger.isGone ? trigger.after ?? [] : [own]) after.add(each);
    }
    const sorted = after.size === 0 ? undefined : [...after].sort((one, two) => one - two);
    triggers.push({ after: sorted, waitMs, isGone });
    places.push(left.length);
    if (isGone) continue;
    left.push({
      ...sorted && { after: sorted.map((other) => places[other]!) },
      ...waitMs !== undefined && { waitMs },
      ...withoutTrigger(step),
    });
  }
  return { ...rest, steps: left };
}

/** Replaces what becomes of a clerk's requests. */
function withRequests(
  { requests = [], ...step }: OperationStep,
  replace: (request: Delivery | null, i: number) => Delivery | null,
): OperationStep {
  const replaced = requests.map(replace);
  const length = replaced.findLastIndex((request) => request !== null) + 1;
  return length === 0 ? step : { ...step, requests: replaced.slice(0, length) };
}

/** Replaces what becomes of every request. */
export function withDeliveries(
  schedule: Schedule,
  replace: (delivery: Delivery) => Delivery | null,
): Schedule {
  return {
    ...mapOperations(schedule, (step) => withRequests(step, (each) => each && replace(each))),
    forwards: (schedule.forwards ?? []).flatMap(({ from, to, index, sentMs, ...delivery }) => {
      const replaced = replace(delivery);
      const when = index === undefined ? { sentMs } : { index };
      return replaced === null ? [] : [{ from, to, ...when, ...replaced }];
    }),
  };
}

/** Leaves of what becomes of a request only what a clerk may notice. */
export function calmed(delivery: Delivery): Delivery | null {
  if (!isFault(delivery)) return null;
  const { lost, duplicate, requestMs = 0, replyMs = 0 } = delivery;
  return {
    ...isFault({ requestMs }) && lost !== "request" && { requestMs },
    ...isFault({ replyMs }) && lost === undefined && { replyMs },
    ...lost && { lost },
    ...duplicate && { duplicate },
  };
}
