/**
 * One branch: a schedule, the time up to which it is performed, and the result.
 *
 * @module
 */

import type { Schedule } from "../explore/counterexample/schedule.ts";
import { isOperation } from "../explore/counterexample/schedule.ts";
import type { Violation } from "../testing/failure_report.ts";
import { HINTS } from "../testing/hints.ts";
import { clerkName } from "../testing/names.ts";
import type { Performed } from "./executor.ts";
import { firstViolationIn } from "./history.ts";
import type { PerformResult, Until } from "./inside/performance.ts";
import type { Branch as ShownBranch, Trouble } from "./protocol.ts";
import { type InFlight, Situation } from "./situation.ts";
import { Timeline } from "./timeline.ts";

/** The origin of a branch. */
export interface Origin {
  id: string;
  name: string;
  isByHand: boolean;
  from?: { branch: string; position: number };
  /** The smallest number of clerks. */
  clerks: number;
  /** The violation of the recorded test. */
  testFailure?: Violation | undefined;
}

/** A violation, and the position at which it shows. */
export interface Failure {
  position: number;
  violation: Violation;
}

/** One branch. */
export class Branch {
  readonly id: string;
  name: string;
  readonly isByHand: boolean;
  readonly from: Origin["from"];
  readonly #origin: Origin;
  /** The position that is shown. */
  position = 0;
  /** The messages that a person holds back, by their keys. */
  readonly held = new Set<string>();
  schedule: Schedule;
  until: Until;
  timeline = new Timeline({});
  result: PerformResult | undefined;
  trouble: Trouble | undefined;
  /** The first position at which the history is not linearizable. */
  #since: Failure | undefined;
  #situation: { position: number; situation: Situation } | undefined;

  constructor(origin: Origin, schedule: Schedule, until: Until) {
    this.#origin = origin;
    this.id = origin.id;
    this.name = origin.name;
    this.isByHand = origin.isByHand;
    this.from = origin.from;
    this.schedule = schedule;
    this.until = until;
  }

  /** Stores the result of its schedule.
   *
   * @param known The number of steps that were known before. */
  take(performed: Performed, known: number): void {
    const { beginning, steps, result, loss } = performed;
    if (beginning !== undefined) this.timeline = new Timeline(beginning);
    else this.timeline = this.timeline.until(known);
    for (const step of steps) this.timeline.add(step);
    this.#situation = undefined;
    this.result = result;
    this.trouble = undefined;
    this.#since = result?.since;
    if (loss !== undefined) {
      const position = Math.max(0, this.timeline.end - 1);
      this.#since = firstViolationIn(this.timeline.until(position), this.schedule);
      this.trouble = { ...loss, position, ...this.#lastMachine() };
    } else if (result?.ended !== undefined && TROUBLE_HINTS.includes(result.ended.hint)) {
      const { what, hint, where } = result.ended;
      this.trouble = {
        kind: STUCK_HINTS.includes(hint) ? "stuck" : "threw",
        what,
        hint,
        ...where && { where },
        position: this.timeline.end,
        ...this.#lastMachine(),
      };
    }
  }

  /** Returns the situation at a position. */
  situation(position: number): Situation {
    if (this.#situation?.position !== position) {
      this.#situation = { position, situation: new Situation(this.timeline, position) };
    }
    return this.#situation.situation;
  }

  /** The first violation, if there is one. */
  get failure(): Failure | undefined {
    const { ended, violations: [violation] = [] } = this.result ?? {};
    const since = this.#since;
    const end = this.timeline.end;
    if (since !== undefined) {
      const isOther = this.isByHand || ended !== undefined;
      const own = isOther ? undefined : this.#origin.testFailure ?? violation;
      return { position: since.position, violation: own ?? since.violation };
    }
    if (ended !== undefined) return { position: end, violation: ended };
    const other = this.#origin.testFailure ?? violation;
    return other && { position: end, violation: other };
  }

  /** The number of clerks. */
  get clerks(): number {
    const { steps, lasting = [] } = this.schedule;
    const numbers = [...steps.filter(isOperation).map(({ clerk }) => clerk), ...lasting];
    return numbers.reduce((most, clerk) => Math.max(most, clerk + 1), this.#origin.clerks);
  }

  /** True if nothing can come after its last step. */
  get hasEnded(): boolean {
    return this.result === undefined || this.result.ended !== undefined;
  }

  /** True if it ends at a time that a person chose. */
  get isHandDriven(): boolean {
    return this.until.is !== "over";
  }

  /** Returns the branch as a list shows it. */
  get shown(): ShownBranch {
    const { id, name, isByHand, from, timeline } = this;
    const hasFailed = this.failure !== undefined || this.trouble !== undefined;
    return { id, name, isByHand, ...from && { from }, steps: timeline.end, hasFailed };
  }

  #lastMachine(): Pick<Trouble, "machine"> {
    const last = this.timeline.steps.at(-1)?.event;
    if (last === undefined) return {};
    switch (last.kind) {
      case "called":
      case "returned":
      case "threw":
        return { machine: clerkName(last.client) };
      case "timer":
        return { machine: last.machine };
      case "delivered":
        return { machine: last.server };
      case "received":
      case "timed out":
      case "sent": {
        const request = this.situation(this.timeline.end).requests.get(last.message);
        return request === undefined ? {} : { machine: request.from };
      }
      default:
        return {};
    }
  }
}

/** The hints at a run without progress. */
const STUCK_HINTS: readonly string[] = [
  HINTS.deadlock,
  HINTS.livelock,
  HINTS.serverLoop,
  HINTS.busyWait,
];

/** The hints at code that threw, and at a run without progress. */
const TROUBLE_HINTS: readonly string[] = [
  ...STUCK_HINTS,
  HINTS.constructed,
  HINTS.handlerThrew,
  HINTS.noMethod,
  HINTS.notWritten,
  HINTS.plainData,
  HINTS.rpc,
  HINTS.threw,
  HINTS.unhandled,
  HINTS.unhandledTimeout,
];

/** Names a message among those that a person holds back. */
export function travelKey({ request, what }: InFlight): string {
  return `${what} ${request.id}`;
}
