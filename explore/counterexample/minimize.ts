/**
 * Minimizes a failing schedule by delta debugging (Zeller and Hildebrandt 2002; for distributed
 * executions Scott et al., NSDI 2016). Each schedule that is found fails, so that a search can end
 * at any time.
 *
 * @module
 */

import type { Failure } from "./failure.ts";
import { REDUCTIONS, without, withoutSteps, withoutTrigger } from "./reductions.ts";
import { isOperation, mapSteps, type Schedule } from "./schedule.ts";
import { type Change, once, SIMPLIFICATIONS, SMALLER_CLUSTERS } from "./simplifications.ts";

/** Performs a schedule, and returns its failure if that is of the wanted kind. */
export type Fails = (schedule: Schedule) => Promise<Failure | undefined>;

/** The first changes, which remove what cannot matter. */
const PREPARATIONS: readonly Change[] = [
  // Remove steps that were never taken.
  once((schedule, { performance: { taken } }) => {
    const places = new Set(taken.map(({ place }) => place));
    return withoutSteps(schedule, (_, place) => !places.has(place));
  }),
  // Removals must not change the times of other steps.
  once(pinned),
  // Remove operations on keys that do not show the failure.
  once((schedule, { key }) => {
    return withoutSteps(schedule, (step) => {
      return key !== undefined && isOperation(step) && step.key !== key;
    });
  }),
];

/** Identifies requests between servers by their numbers instead of their times. */
const numberForwards = once((schedule, { performance: { forwards } }) => {
  return { ...schedule, forwards: [...forwards] };
});

/** Minimizes a schedule.
 *
 * @param onFound Receives the schedule and then each smaller one that fails.
 * @returns The smallest one; `undefined` if the schedule does not fail. */
export async function minimize(
  schedule: Schedule,
  fails: Fails,
  onFound: (schedule: Schedule) => void = () => {},
): Promise<Schedule | undefined> {
  const failure = await fails(schedule);
  if (failure === undefined) return undefined;
  onFound(schedule);
  const search = new Search(schedule, failure, fails, onFound);
  await search.run();
  return search.best;
}

class Search {
  best: Schedule;
  readonly #fails: Fails;
  readonly #onFound: (schedule: Schedule) => void;
  /** The failure of the best schedule. */
  #failure: Failure;

  constructor(
    schedule: Schedule,
    failure: Failure,
    fails: Fails,
    onFound: (schedule: Schedule) => void,
  ) {
    this.best = schedule;
    this.#failure = failure;
    this.#fails = fails;
    this.#onFound = onFound;
  }

  async run(): Promise<void> {
    for (const change of PREPARATIONS) await this.#make(change);
    await this.#cutSteps();
    for (const groupsOf of REDUCTIONS) await this.#takeAway(groupsOf);
    await this.#make(numberForwards);
    let before: Schedule;
    do {
      before = this.best;
      for (const change of SIMPLIFICATIONS) await this.#make(change);
      for (const groupsOf of REDUCTIONS) await this.#takeAway(groupsOf);
      for (const change of SMALLER_CLUSTERS) await this.#make(change);
    } while (before !== this.best);
  }

  /** Replaces the best schedule if another one fails as well.
   *
   * @returns True if it does. */
  async #try(changed: Schedule): Promise<boolean> {
    if (isSame(changed, this.best)) return false;
    const failure = await this.#fails(changed);
    if (failure === undefined) return false;
    this.best = changed;
    this.#failure = failure;
    this.#onFound(changed);
    return true;
  }

  /** Makes a change at every place where the result fails. */
  async #make(change: Change): Promise<void> {
    for (let place = 0;; place++) {
      const tries = change(this.best, this.#failure, place);
      if (tries === undefined) return;
      for (const changed of tries) if (await this.#try(changed)) break;
    }
  }

  /** Removes as many of the last steps as possible, and then of the first ones. */
  async #cutSteps(): Promise<void> {
    for (const isKept of [isFirst, isLast]) {
      let [tooFew, enough] = [0, this.best.steps.length];
      while (enough - tooFew > 1) {
        const count = Math.floor((tooFew + enough) / 2);
        const { length } = this.best.steps;
        const fails = await this.#try(withoutSteps(this.best, (step, place) => {
          return isOperation(step) && !isKept(place, count, length);
        }));
        if (fails) [tooFew, enough] = [0, Math.min(count, this.best.steps.length)];
        else tooFew = count;
      }
    }
  }

  /** Removes parts of one kind, in ever smaller portions. */
  async #takeAway(groupsOf: typeof REDUCTIONS[number]): Promise<void> {
    let portion = groupsOf(this.best).length;
    for (; portion >= 1; portion = Math.floor(portion / 2)) {
      // From the end: later steps depend on earlier ones.
      for (let end = groupsOf(this.best).length; end > 0;) {
        const start = Math.max(0, end - portion);
        await this.#try(without(this.best, groupsOf(this.best).slice(start, end)));
        end = Math.min(start, groupsOf(this.best).length);
      }
    }
  }
}

function isSame(one: Schedule, other: Schedule): boolean {
  // This is quick, and tells most schedules apart.
  if (one.steps.length !== other.steps.length) return false;
  return JSON.stringify(one) === JSON.stringify(other);
}

const isFirst = (place: number, count: number) => place < count;
const isLast = (place: number, count: number, length: number) => place >= length - count;

/** Fixes the time of each step, whatever happens to the others. */
function pinned(schedule: Schedule, { performance: { taken } }: Failure): Schedule {
  const times = new Map(taken.map(({ place, atMs }) => [place, atMs]));
  return mapSteps(schedule, (step, place) => {
    const waitMs = times.get(place);
    return waitMs === undefined ? step : { waitMs, ...withoutTrigger(step) };
  });
}
