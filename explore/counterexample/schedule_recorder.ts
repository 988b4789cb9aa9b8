/**
 * Records a run as a schedule that can be performed again.
 *
 * @module
 */

import type { Run, RunHooks } from "../../config.ts";
import type { DrawnCall } from "../../labrpc.ts";
import type { Fate } from "../../labrpc/faults.ts";
import type { MessageId } from "../../labrpc/network_event.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { clerkOf, serversOf } from "../../testing/names.ts";
import type { Delivery, Forward, OperationStep, Schedule, Step } from "./schedule.ts";

/** The events that begin a new moment: a call after one of them does not follow from a return before
 * it. */
const MOMENTS: readonly TraceEvent["kind"][] = ["delivered", "received", "timed out"];

/** The fields of a delivery that matter only if the server can be reached. */
const IN_REACH = ["requestMs", "replyMs", "lost", "lostOnArrival", "duplicate"] as const;

/** Records one run. */
export class ScheduleRecorder {
  readonly #steps: Step[] = [];
  readonly #forwards: Forward[] = [];
  /** The last operation of each clerk. */
  readonly #last = new Map<number, { step: OperationStep; place: number }>();
  /** The operation that returned at this moment, if one did. */
  #returned: { place: number; atMs: number } | undefined;
  /** The last request. */
  #sent: { message: MessageId; atMs: number } | undefined;
  #delivery: Delivery | undefined;
  #config: Run | undefined;

  /** The hooks to pass to the run. */
  readonly hooks = {
    started: (config: Run): void => void (this.#config = config),
    listener: (event: TraceEvent, atMs: number): void => this.#record(event, atMs),
    network: { fates: (call: DrawnCall): Fate => this.#decide(call) },
  } satisfies RunHooks;

  /** Returns the schedule so far; `undefined` if there was no cluster.
   *
   * @param seed The seed of the run. */
  schedule(seed: number): Schedule | undefined {
    if (this.#config === undefined) return undefined;
    const { nservers, nreplicas } = this.#config.summary;
    // Flaps of the network cut clerks off like stops of servers.
    const flaps = this.#config.flaps().flatMap(({ server, startMs, endMs }) => [
      { stop: server, waitMs: startMs },
      { start: server, waitMs: endMs },
    ]);
    const steps = [...this.#steps, ...flaps];
    return { nservers, nreplicas, seed, steps, forwards: this.#forwards };
  }

  #record(event: TraceEvent, atMs: number): void {
    if (MOMENTS.includes(event.kind)) this.#returned = undefined;
    switch (event.kind) {
      case "called": {
        const { client: clerk, operation, key, value } = event;
        const op = operation as OperationStep["op"];
        const trigger = this.#trigger(atMs, this.#last.get(clerk)?.place);
        const what = { clerk, op, key, ...op !== "get" && { value } };
        const step: OperationStep = { ...trigger, ...what, requests: [] };
        this.#last.set(clerk, { step, place: this.#steps.push(step) - 1 });
        return;
      }
      case "returned":
        this.#returned = { place: this.#last.get(event.client)!.place, atMs };
        return;
      case "sent":
        this.#sent = { message: event.message, atMs };
        return;
      case "dropped":
        if (event.why !== "unreachable") return;
        // A request whose server is out of reach when it is sent has no other fate.
        if (event.message === this.#sent?.message && atMs === this.#sent.atMs) {
          for (const what of IN_REACH) delete this.#delivery![what];
        }
        return;
      case "fault": {
        const { server, what } = event;
        const step = what === "stopped" ? { stop: server } : { start: server };
        this.#steps.push({ ...this.#trigger(atMs), ...step });
        return;
      }
    }
  }

  /** @param own The place of the operation before the step by the same clerk. */
  #trigger(atMs: number, own?: number): Pick<Step, "after" | "waitMs"> {
    const { place } = this.#returned?.atMs === atMs ? this.#returned : {};
    if (place !== undefined) return place === own ? {} : { after: [place] };
    return atMs === 0 ? {} : { waitMs: atMs };
  }

  #decide({ end, drawn }: DrawnCall): Fate {
    const clerk = clerkOf(end);
    const delivery = deliveryOf(drawn);
    this.#delivery = delivery;
    if (clerk !== undefined) this.#last.get(clerk)?.step.requests?.push(delivery);
    // Servers always reach each other.
    else this.#forwards.push({ ...serversOf(end), sentMs: this.#config!.now(), ...delivery });
    return drawn;
  }
}

function deliveryOf(fate: Fate): Delivery {
  const { duplicate, unreachableAfterMs: unreachableMs } = fate;
  return {
    ...travelOf(fate),
    unreachableMs,
    ...duplicate && { duplicate: travelOf(duplicate) },
  };
}

function travelOf(travel: Omit<Fate, "duplicate" | "unreachableAfterMs">) {
  const { requestDelayMs, requestDropped, replyDelayMs, replyDropped, lostOnArrival } = travel;
  return {
    requestMs: requestDelayMs,
    replyMs: replyDelayMs,
    ...(requestDropped || replyDropped) &&
      { lost: requestDropped ? "request" as const : "reply" as const },
    ...lostOnArrival && { lostOnArrival },
  };
}
