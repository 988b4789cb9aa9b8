/**
 * Makes a failing schedule as small as it gets: delta debugging (Zeller and Hildebrandt 2002;
 * for distributed executions Scott et al., NSDI 2016).
 *
 * Whatever is found is a schedule that fails, so that a search can be ended at any time.
 *
 * @module
 */

import type { Failure } from "./failure.ts";
import { REDUCTIONS, without, withoutSteps, withoutTrigger } from "./reductions.ts";
import { isOperation, mapSteps, type Schedule } from "./schedule.ts";
import { type Change, once, SIMPLIFICATIONS, SMALLER_CLUSTERS } from "./simplifications.ts";

/** Performs a schedule, and returns what is known if it fails as the goal says. */
export type Fails = (schedule: Schedule) => Promise<Failure | undefined>;

/** The first changes, which leave out what cannot matter. */
const PREPARATIONS: readonly Change[] = [
  // Steps that were never taken.
  once((schedule, { performance: { taken } }) => {
    const places = new Set(taken.map(({ place }) => place));
    return withoutSteps(schedule, (_, place) => !places.has(place));
  }),
  // What is left out must not change when the rest happens.
  once(pinned),
  // Operations on other keys than the one that shows the failure.
  once((schedule, { key }) => {
    return withoutSteps(schedule, (step) => {
      return key !== undefined && isOperation(step) && step.key !== key;
    });
  }),
];

/** Names requests between servers by their numbers instead of their times. */
const numberForwards = once((schedule, { performance: { forwards } }) => {
  return { ...schedule, forwards: [...forwards] };
});

/** Makes a schedule smaller as long as it fails.
 *
 * @param onFound Called with each smaller schedule that fails.
 * @returns The smallest that was found; `undefined` if the schedule does not fail. */
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

/** One search. */
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

  /** Replaces the best schedule by another one if that fails as well.
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

  /** Makes a change at every place, as far as what comes of it fails. */
  async #make(change: Change): Promise<void> {
    for (let place = 0;; place++) {
      const tries = change(this.best, this.#failure, place);
      if (tries === undefined) return;
      for (const changed of tries) if (await this.#try(changed)) break;
    }
  }

  /** Drops as many of the last steps as possible, and then of the first ones. */
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

  /** Takes things of one kind away, in ever smaller portions. */
  async #takeAway(groupsOf: typeof REDUCTIONS[number]): Promise<void> {
    let portion = groupsOf(this.best).length;
    for (; portion >= 1; portion = Math.floor(portion / 2)) {
      // From the end: what comes later depends on what came before.
      for (let end = groupsOf(this.best).length; end > 0;) {
        const start = Math.max(0, end - portion);
        await this.#try(without(this.best, groupsOf(this.best).slice(start, end)));
        end = Math.min(start, groupsOf(this.best).length);
      }
    }
  }
}

function isSame(one: Schedule, other: Schedule): boolean {
  // Most that differ differ in this, and to compare large ones takes long.
  if (one.steps.length !== other.steps.length) return false;
  return JSON.stringify(one) === JSON.stringify(other);
}

const isFirst = (place: number, count: number) => place < count;
const isLast = (place: number, count: number, length: number) => place >= length - count;

/** Lets every step begin when it did, whatever happens to the others. */
function pinned(schedule: Schedule, { performance: { taken } }: Failure): Schedule {
  const times = new Map(taken.map(({ place, atMs }) => [place, atMs]));
  return mapSteps(schedule, (step, place) => {
    const waitMs = times.get(place);
    return waitMs === undefined ? step : { waitMs, ...withoutTrigger(step) };
  });
}
