/**
 * Scenes: a short way to write small schedules. In each scene servers start and stop, then
 * all clerks begin, each with its operations one after the other. The next scene begins when
 * all of them have returned.
 *
 * @module
 */

import type { Request } from "../../testing/history_recorder.ts";
import type { Delivery, Forward, Schedule, Step } from "./schedule.ts";

/** A fault that the network inflicts on one request. */
export type Fault =
  /** The server never sees it. */
  | "request lost"
  /** The server executes it, and its caller never knows. */
  | "reply lost"
  /** It is held back for as long as the unreliable network may. */
  | "request slow"
  /** It arrives a second time, after its caller has gone on. Only a hostile network does
   * that. */
  | "request repeated";

/** A request that a clerk's next request overtakes, and not the one after that. */
const DUPLICATE_MS = 1.7;

const DELIVERIES: Record<Fault, Delivery> = {
  "request lost": { lost: "request" },
  "reply lost": { lost: "reply" },
  "request slow": { requestMs: 26 },
  "request repeated": { duplicate: { requestMs: DUPLICATE_MS } },
};

/** One operation of a clerk. */
export interface SceneOperation extends Request {
  /** The faults of the requests that the clerk makes for it, in their order. */
  readonly faults?: readonly Fault[];
}

/** Operations that overlap, with their faults. */
export interface Scene {
  /** The servers that stop. */
  readonly stop?: readonly number[];
  /** After how many milliseconds they are back, while the scene goes on; if absent, they stay
   * away. */
  readonly stopMs?: number;
  readonly start?: readonly number[];
  /** The operations of each clerk, by its number. */
  readonly clerks: readonly (readonly SceneOperation[])[];
}

/** A fault of the first request that one server sends to another one. */
export interface ForwardFault {
  readonly from: number;
  readonly to: number;
  readonly fault: Fault;
}

/** A run in scenes. */
export interface Script {
  readonly nservers: number;
  readonly nreplicas: number;
  readonly scenes: readonly Scene[];
  readonly forwardFaults?: readonly ForwardFault[];
}

/** Makes the schedule of a script. */
export function scheduleOf(
  { nservers, nreplicas, scenes, forwardFaults = [] }: Script,
): Schedule {
  const steps: Step[] = [];
  let before: number[] = [];
  for (const { start = [], stop = [], stopMs, clerks } of scenes) {
    const trigger = before.length === 0 ? {} : { after: before };
    steps.push(...start.map((server): Step => ({ ...trigger, start: server })));
    steps.push(...stop.map((server): Step => ({ ...trigger, stop: server })));
    const back = stopMs === undefined ? [] : stop;
    steps.push(...back.map((server): Step => ({ ...trigger, waitMs: stopMs!, start: server })));
    const places: number[] = [];
    for (const [clerk, operations] of clerks.entries()) {
      for (const [i, { faults = [], ...request }] of operations.entries()) {
        const requests = faults.map((fault) => DELIVERIES[fault]);
        places.push(steps.length);
        steps.push({
          ...i === 0 ? trigger : {},
          clerk,
          ...request,
          ...requests.length === 0 ? {} : { requests },
        });
      }
    }
    before = places;
  }
  const forwards = forwardFaults.map(({ from, to, fault }): Forward => {
    return { from, to, index: 0, ...DELIVERIES[fault] };
  });
  return {
    nservers,
    nreplicas,
    seed: 1,
    steps,
    ...forwards.length === 0 ? {} : { forwards },
  };
}
