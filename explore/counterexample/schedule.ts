/**
 * A schedule: one run as plain data. It holds the cluster, each operation and its beginning, the
 * servers that stop and start, and the fate of each request. Performed on other code, a schedule
 * leads to another run.
 *
 * @module
 */

import { z } from "zod";
import { CommandError } from "../../cli/mod.ts";

/** The usual delay of a message, in milliseconds. */
export const TRANSIT_MS = 0.5;
/** The longest delay of a message that is not held back, in milliseconds: a little less than on a
 * hostile network, where a call within a call within a call still ends in time. */
const TRANSIT_MS_MAX = 15;

const Ms = z.number().min(0);
const Index = z.int().min(0);
/** The number of a clerk: a performance makes all clerks up to the largest number. */
const ClerkIndex = z.int().min(0).max(99, "expected a clerk from 0 to 99");

const TRAVEL = {
  /** The delay of the request, in milliseconds. */
  requestMs: Ms.optional(),
  /** The delay of the reply, in milliseconds. */
  replyMs: Ms.optional(),
  lost: z.enum(["request", "reply"]).optional(),
  /** True if the message is lost when it would arrive, and not when it is sent. */
  lostOnArrival: z.boolean().optional(),
};

/** The fate of one request. Absent times are short, and messages arrive unless they are lost. */
const Delivery = z.strictObject({
  ...TRAVEL,
  /** The time after which the call fails if its server is out of reach. */
  unreachableMs: Ms.optional(),
  /** A second delivery of the request, which only a hostile network makes. */
  duplicate: z.strictObject(TRAVEL).optional(),
});

/** The beginning of a step: with the run if both are absent. A clerk makes one call at a time, so its
 * operation also waits for the one before it. */
const Trigger = {
  /** The operations that must have returned, by their places among the steps. */
  after: z.array(Index).min(1).optional(),
  /** The wait before it, in milliseconds: from the last of those returns, or from the start of the
   * run. */
  waitMs: Ms.optional(),
};

const OperationStep = z.strictObject({
  ...Trigger,
  clerk: ClerkIndex,
  op: z.enum(["get", "put", "append"]),
  // Its shard is Number(key) % nservers.
  key: z.string().regex(/^\d{1,15}$/, 'expected the digits of a whole number, such as "7"'),
  value: z.string().optional(),
  /** The deliveries of the clerk's requests for it, in order. The network does not touch a request
   * with null, or one beyond the list. */
  requests: z.array(Delivery.nullable()).optional(),
}).refine(({ op, value }) => (op === "get") === (value === undefined), {
  path: ["value"],
  error: "expected a value for a put or an append, and none for a get",
});
const StopStep = z.strictObject({ ...Trigger, stop: Index });
const StartStep = z.strictObject({ ...Trigger, start: Index });

const Forward = z.strictObject({
  from: Index,
  to: Index,
  /** The number of earlier requests on that link; absent if `sentMs` is given. */
  index: Index.optional(),
  /** The exact time at which the request is sent, from a recorded run. */
  sentMs: Ms.optional(),
  ...Delivery.shape,
}).refine(({ index, sentMs }) => (index === undefined) !== (sentMs === undefined), {
  path: ["index"],
  error: "expected either an index or the time at which the request is sent",
});

const Schedule = z.strictObject({
  nservers: z.int().min(1).max(100),
  nreplicas: z.int().min(1),
  /** The delay of each message that has no other one, in milliseconds; half of one if absent. */
  transitMs: Ms.max(TRANSIT_MS_MAX).optional(),
  /** The seed of the submission's random numbers and of the order of simultaneous events. */
  seed: z.int().default(1),
  steps: z.array(z.union([OperationStep, StopStep, StartStep])),
  /** The deliveries of requests between servers; the network does not touch the others. */
  forwards: z.array(Forward).optional(),
  /** True if the servers must get even shares of the requests, provided that the operations are
   * spread evenly over the shards. */
  isSpread: z.boolean().optional(),
  /** The clerks whose links stay after their last operation, so that messages on their way still
   * arrive. The links of others are removed, as in the tests. */
  lasting: z.array(ClerkIndex).optional(),
}).superRefine(({ nservers, nreplicas, steps, forwards = [] }, context) => {
  const refuse = (path: PropertyKey[], message: string) => {
    context.addIssue({ code: "custom", path, message });
  };
  if (nreplicas > nservers) refuse(["nreplicas"], `expected at most ${nservers}`);
  const checkServer = (server: number, ...path: PropertyKey[]) => {
    if (server >= nservers) refuse(path, `expected a server from 0 to ${nservers - 1}`);
  };
  for (const [i, step] of steps.entries()) {
    if ("stop" in step) checkServer(step.stop, "steps", i, "stop");
    if ("start" in step) checkServer(step.start, "steps", i, "start");
    for (const place of step.after ?? []) {
      const isEarlier = place < i && "op" in steps[place]!;
      if (!isEarlier) refuse(["steps", i, "after"], "expected the places of earlier operations");
    }
  }
  for (const [i, { from, to }] of forwards.entries()) {
    checkServer(from, "forwards", i, "from");
    checkServer(to, "forwards", i, "to");
  }
});

/** @see {@linkcode Schedule.steps} */
export type Delivery = z.infer<typeof Delivery>;
export type OperationStep = z.infer<typeof OperationStep>;
/** An operation of a clerk, or a server that stops or starts. */
export type Step = Schedule["steps"][number];
/** The delivery of one request between two servers. */
export type Forward = z.infer<typeof Forward>;
/** A whole run. */
export type Schedule = z.infer<typeof Schedule>;

/** Returns true if a step is an operation. */
export function isOperation(step: Step): step is OperationStep {
  return "op" in step;
}

/** Replaces the steps of a schedule. */
export function mapSteps(
  schedule: Schedule,
  replace: (step: Step, place: number) => Step,
): Schedule {
  return { ...schedule, steps: schedule.steps.map(replace) };
}

/** Replaces the operations of a schedule. */
export function mapOperations(
  schedule: Schedule,
  replace: (step: OperationStep, place: number) => OperationStep,
): Schedule {
  return mapSteps(schedule, (step, i) => isOperation(step) ? replace(step, i) : step);
}

/** A request that takes longer than this was held back, in milliseconds. */
export const HELD_BACK_MS = 10;

/** Returns true if a clerk may notice the delivery of its request. */
export function isFault(delivery: Delivery | null): boolean {
  if (delivery === null) return false;
  const { lost, duplicate, requestMs = 0, replyMs = 0 } = delivery;
  return (lost ?? duplicate) !== undefined || Math.max(requestMs, replyMs) > HELD_BACK_MS;
}

/** The size of a run. */
export interface Counts {
  clerks: number;
  servers: number;
  operations: number;
  faults: number;
}

/** Counts the parts of a schedule. */
export function countsOf({ nservers, steps, forwards = [] }: Schedule): Counts {
  const operations = steps.filter(isOperation);
  const deliveries = [...operations.flatMap(({ requests = [] }) => requests), ...forwards];
  return {
    clerks: new Set(operations.map(({ clerk }) => clerk)).size,
    servers: nservers,
    operations: operations.length,
    faults: deliveries.filter(isFault).length + steps.filter((step) => "stop" in step).length,
  };
}

/** Returns the number of operations and faults. */
export function sizeOf(schedule: Schedule): number {
  const { operations, faults } = countsOf(schedule);
  return operations + faults;
}

/** Reads a schedule.
 *
 * @param text The JSON text of a file.
 * @param file The name of that file, for messages.
 * @throws {CommandError} It is not a schedule.
 */
export function parseSchedule(text: string, file: string): Schedule {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`Cannot read the schedule ${file}: ${(error as Error).message}`);
  }
  return checkSchedule(data, file);
}

/** Checks that a value is a schedule.
 *
 * @param file The name of its file, for messages.
 * @throws {CommandError} It is not one.
 */
export function checkSchedule(value: unknown, file: string): Schedule {
  const { success, data: schedule, error } = Schedule.safeParse(value);
  if (success) return schedule;
  const { path, message } = error.issues[0]!;
  throw new CommandError(
    `Cannot read the schedule ${file}: ${path.join(".") || "the file"}: ${message}; ` +
      "expected one as deno task explore --schedule-out writes it",
  );
}

/** Returns the text of a schedule, with one step on each line. */
export function formatSchedule({ steps, forwards = [], ...rest }: Schedule): string {
  const lists = { steps, ...forwards.length > 0 && { forwards } };
  const lines = [
    ...Object.entries(rest).map(([name, value]) => `  "${name}": ${JSON.stringify(value)}`),
    ...Object.entries(lists).map(([name, list]) => {
      const items = list.map((item) => `    ${JSON.stringify(item)}`);
      return `  "${name}": [\n${items.join(",\n")}\n  ]`;
    }),
  ];
  return `{\n${lines.join(",\n")}\n}\n`;
}
