/**
 * The actions of a person on a cluster. Each action changes the branch's schedule, which is then
 * performed again up to a slightly later time. Everything before the action stays the same.
 *
 * @module
 */

import type { Schedule } from "../explore/counterexample/schedule.ts";
import { isOperation } from "../explore/counterexample/schedule.ts";
import { clerkName, serverName } from "../testing/names.ts";
import { Branch, type Origin, travelKey } from "./branch.ts";
import { addStep, deliver, drop, nextMs, releaseMessages, undecide } from "./edits.ts";
import type { Performed } from "./executor.ts";
import type { PerformTask, Until } from "./inside/performance.ts";
import { type Action, type ClusterSize, LIMITS } from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { type InFlight, timeoutMsOf } from "./situation.ts";
import { requestName } from "./words.ts";

/** The schedule of a cluster in which nothing happens yet. */
export function clusterSchedule({ servers, replicas, clerks }: ClusterSize): Schedule {
  const lasting = [...Array(clerks).keys()];
  return { nservers: servers, nreplicas: replicas, seed: 1, steps: [], forwards: [], lasting };
}

/** Performs a task. */
type Perform = (task: PerformTask) => Promise<Performed>;

/** A branch that is about to be performed to a later time. */
interface Next {
  schedule: Schedule;
  until: Until;
  /** The number of steps that stay as they are. */
  known: number;
}

/** Carries out the actions of a person on one branch. */
export class BranchActions {
  #branch: Branch;
  readonly #perform: Perform;

  constructor(branch: Branch, perform: Perform) {
    this.#branch = branch;
    this.#perform = perform;
  }

  /** Does something at the current position.
   *
   * @param originOf Names the branch that begins there, if one does.
   * @returns The branch that the action changed.
   * @throws {Refusal} The action is impossible there. */
  async act(action: Action, originOf: (from: Branch) => Origin): Promise<Branch> {
    const { timeline, position } = this.#branch;
    const at = timeline.momentEnd(position);
    if (this.#branch.hasEnded && at === timeline.end) {
      throw new Refusal("The run ends with this step; go back before it and act there");
    }
    const isEnd = this.#branch.isHandDriven && at === timeline.end;
    if (!isEnd) this.#branch = await this.#fork(at, originOf(this.#branch));
    const next = this.#next(action);
    if (next === undefined) return this.#branch;
    await this.#go(next);
    if (next.until.is !== "time" && this.#branch.timeline.end === next.known) {
      throw new Refusal(
        "Nothing is left to happen on its own; start an operation, or act on a message",
      );
    }
    return this.#branch;
  }

  /** Begins a branch at a position. */
  async #fork(at: number, origin: Origin): Promise<Branch> {
    const { schedule, timeline, held } = this.#branch;
    const atMs = timeline.atMs(at);
    const until: Until = { is: "time", ms: atMs };
    const { result } = await this.#perform({ schedule, until, known: at });
    if (result === undefined) {
      throw new Refusal("The code did not finish when it ran again up to here");
    }
    const situation = this.#branch.situation(at);
    const gone = goneClerks(this.#branch, at);
    const clerks = Math.max(origin.clerks, Math.min(LIMITS.clerks, origin.clerks + gone.size));
    const lasting = [...Array(clerks).keys()].filter((clerk) => !gone.has(clerk));
    const opened = undecide({ ...result.schedule, lasting }, situation);
    const branch = new Branch(origin, opened, until);
    branch.timeline = timeline.until(at);
    for (const key of held) branch.held.add(key);
    const performed = await this.#perform({ schedule: opened, until, known: at });
    branch.take(performed, at);
    this.#keep(branch);
    branch.position = at;
    return branch;
  }

  async #go({ schedule, until, known }: Next): Promise<void> {
    const branch = this.#branch;
    const performed = await this.#perform({ schedule, until, known });
    branch.schedule = schedule;
    branch.until = until;
    branch.take(performed, known);
    this.#keep(branch);
    branch.position = branch.timeline.end;
  }

  /** Replaces the schedule with the performance, in which every decision is explicit. */
  #keep(branch: Branch): void {
    const { result, schedule, until } = branch;
    if (result === undefined || result.ended !== undefined) return;
    const { lasting } = schedule;
    branch.schedule = { ...result.schedule, ...lasting && { lasting } };
    const ms = Math.max(result.atMs, until.is === "time" ? until.ms : 0);
    branch.until = { is: "time", ms };
  }

  #next(action: Action): Next | undefined {
    const branch = this.#branch;
    const { schedule, timeline, until } = branch;
    const known = timeline.end;
    const nowMs = until.is === "time" ? until.ms : timeline.atMs(known);
    const situation = branch.situation(known);
    const atMs = nextMs(nowMs);
    const soon: Until = { is: "time", ms: atMs };
    switch (action.act) {
      case "operation":
        this.#checkOperation(action);
        return { schedule: addStep(schedule, action, atMs), until: soon, known };
      case "stop":
      case "start": {
        const isDown = situation.down.has(action.server);
        if (action.server >= schedule.nservers || isDown !== (action.act === "start")) {
          const state = isDown ? "is stopped already" : "runs already";
          throw new Refusal(`${serverName(action.server)} ${state}`);
        }
        return { schedule: addStep(schedule, action, atMs), until: soon, known };
      }
      case "deliver": {
        const message = this.#message(action);
        branch.held.delete(travelKey(message));
        return { schedule: deliver(schedule, situation, message, atMs), until: soon, known };
      }
      case "drop": {
        const message = this.#message(action);
        branch.held.delete(travelKey(message));
        return { schedule: drop(schedule, situation, message, atMs), until: soon, known };
      }
      case "hold":
        branch.held.add(travelKey(this.#message(action)));
        return undefined;
      case "release":
        branch.held.delete(travelKey(this.#message(action)));
        return undefined;
      case "fire": {
        const request = situation.waiting().find(({ id }) => id === action.message);
        if (request === undefined) {
          throw new Refusal(`Nobody waits for the reply to ${requestName(action.message)}`);
        }
        const ms = Math.max(nowMs, timeoutMsOf(request));
        return { schedule, until: { is: "time", ms }, known };
      }
      case "wait":
        return { schedule, until: { is: "next", afterMs: nowMs }, known };
      case "run on": {
        const isHeld = (message: InFlight) => branch.held.has(travelKey(message));
        const going = releaseMessages(schedule, situation, nowMs, isHeld);
        return { schedule: going, until: { is: "quiet", afterMs: nowMs }, known };
      }
    }
  }

  #checkOperation({ clerk, op, key, value }: Extract<Action, { act: "operation" }>): void {
    const branch = this.#branch;
    if (!/^\d+$/.test(key)) {
      throw new Refusal(
        `A key is a whole number, which determines its shard; expected for example "0", not ${
          JSON.stringify(key)
        }`,
      );
    }
    if ((op === "get") !== (value === undefined)) {
      throw new Refusal("A put and an append have a value; a get has none");
    }
    if (branch.schedule.lasting?.includes(clerk) !== true) {
      throw new Refusal(
        `${clerkName(clerk)} has left, as clerks do in the tests after their last operation`,
      );
    }
    if (branch.situation(branch.timeline.end).underWay(clerk) !== undefined) {
      throw new Refusal(`${clerkName(clerk)} has an operation under way`);
    }
  }

  #message({ message, what }: { message: number; what: "request" | "reply" }): InFlight {
    const branch = this.#branch;
    const found = branch.situation(branch.timeline.end).inFlight().find((flight) => {
      return flight.request.id === message && flight.what === what;
    });
    if (found !== undefined) return found;
    const name = what === "request" ? requestName(message) : `the reply to ${requestName(message)}`;
    throw new Refusal(`${name} is not on its way`);
  }
}

/** Returns the clerks that had completed their last operation, and so lost their links. */
function goneClerks({ schedule, timeline }: Branch, at: number): Set<number> {
  const left = new Map<number, number>();
  for (const step of schedule.steps) {
    if (isOperation(step)) left.set(step.clerk, (left.get(step.clerk) ?? 0) + 1);
  }
  const gone = new Set<number>();
  for (const { event } of timeline.steps.slice(0, at)) {
    if (event.kind !== "returned") continue;
    const count = left.get(event.client)! - 1;
    left.set(event.client, count);
    if (count === 0 && schedule.lasting?.includes(event.client) !== true) gone.add(event.client);
  }
  return gone;
}
