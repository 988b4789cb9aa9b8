/**
 * The reductions of a schedule: smaller schedules without a clerk, an operation, an outage or a
 * delivery.
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

/** Returns a step that begins with the run. */
export function withoutTrigger<T extends Step>({ after: _, waitMs: __, ...step }: T): T {
  return step as T;
}

/** The names of parts that are removed together: a step has its place, a delivery the place and the
 * number of its request, or the number of its forward. */
type Group = readonly string[];

function placesOf({ steps }: Schedule, isWanted: (step: Step) => boolean): number[] {
  return [...steps.keys()].filter((place) => isWanted(steps[place]!));
}

const operations = (schedule: Schedule): Group[] => {
  return placesOf(schedule, isOperation).map((place) => [`${place}`]);
};

const clerks = (schedule: Schedule): Group[] => {
  const clerkAt = ([place]: Group) => (schedule.steps[Number(place)] as OperationStep).clerk;
  return [...Map.groupBy(operations(schedule), clerkAt).values()].map((groups) => groups.flat());
};

/** Each stop of a server with the next start, and each start alone. */
const outages = (schedule: Schedule): Group[] => {
  return placesOf(schedule, (step) => !isOperation(step)).map((place) => {
    const step = schedule.steps[place]!;
    const [back] = placesOf(schedule, (other) => {
      return "stop" in step && "start" in other && other.start === step.stop;
    }).filter((other) => other > place);
    return back === undefined ? [`${place}`] : [`${place}`, `${back}`];
  });
};

/** Each delivery that the schedule decides. */
const deliveries = ({ steps, forwards = [] }: Schedule): Group[] => [
  ...steps.flatMap((step, place) => {
    const { requests = [] } = isOperation(step) ? step : {};
    return requests.flatMap((request, i) => request === null ? [] : [[`${place} ${i}`]]);
  }),
  ...forwards.map((_, i) => [`forward ${i}`]),
];

/** All kinds of reductions. The first ones remove most. */
export const REDUCTIONS = [clerks, operations, outages, deliveries] as const;

/** Removes groups of parts. */
export function without(schedule: Schedule, groups: readonly Group[]): Schedule {
  const gone = new Set(groups.flat());
  const { forwards = [] } = schedule;
  const calm = mapOperations(schedule, (step, place) => {
    return withRequests(step, (request, i) => gone.has(`${place} ${i}`) ? null : request);
  });
  return withoutSteps(
    { ...calm, forwards: forwards.filter((_, i) => !gone.has(`forward ${i}`)) },
    (_, place) => gone.has(`${place}`),
  );
}

/** Removes steps. A step that followed one of them follows its predecessors instead. */
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
    // A clerk waits for its own operation, unless that is removed.
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

function withRequests(
  { requests = [], ...step }: OperationStep,
  replace: (request: Delivery | null, i: number) => Delivery | null,
): OperationStep {
  const replaced = requests.map(replace);
  const length = replaced.findLastIndex((request) => request !== null) + 1;
  return length === 0 ? step : { ...step, requests: replaced.slice(0, length) };
}

/** Replaces the deliveries of a schedule. */
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

/** Removes what a clerk cannot notice from a delivery. */
export function withoutInvisibleFaults(delivery: Delivery): Delivery | null {
  if (!isFault(delivery)) return null;
  const { lost, duplicate, requestMs = 0, replyMs = 0 } = delivery;
  return {
    ...isFault({ requestMs }) && lost !== "request" && { requestMs },
    ...isFault({ replyMs }) && lost === undefined && { replyMs },
    ...lost && { lost },
    ...duplicate && { duplicate },
  };
}
