/**
 * Makes a failing schedule as small as it gets: delta debugging (Zeller and Hildebrandt 2002;
 * for distributed executions Scott et al., NSDI 2016).
 *
 * Whatever is found is a schedule that fails, so that a search can be ended at any time.
 *
 * @module
 */

import type { Performance } from "./perform.ts";
import {
  earlier,
  isPossible,
  onlyLost,
  rotated,
  rounded,
  timesOf,
  withClerks,
  withPlainValues,
  withShiftedKeys,
  withSmallestKey,
} from "./plainer.ts";
import {
  calmed,
  REDUCTIONS,
  type Trigger,
  withDeliveries,
  without,
  withoutSteps,
  withoutTrigger,
} from "./reductions.ts";
import { isOperation, mapOperations, mapSteps, type Schedule } from "./schedule.ts";

/** Performs a schedule, and returns what is known if it fails as the goal says. */
export type Fails = (schedule: Schedule) => Promise<Failure | undefined>;

/** A failed performance of a schedule. */
export interface Failure {
  readonly performance: Performance;
  /** The key of the operation that shows the failure, if one does. */
  readonly key: string | undefined;
}

/** Pauses that are tried instead of longer ones, in milliseconds. */
const PAUSES_MS = [0, 100, 1000];

/** The keys of a shard that are tried on a smaller cluster, one of them with two digits: a
 * mistake may lie in how a key is turned into a number. */
const KEY_SHIFTS = [0, 1, 5];

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
    await this.#cutEnd();
    // What is left out must not change when the rest happens.
    await this.#try((schedule, { performance }) => pinned(schedule, performance));
    await this.#keepKey();
    await this.#cutSteps();
    for (const reduction of REDUCTIONS) await this.#takeAway(reduction);
    await this.#try((schedule, { performance: { forwards } }) => {
      return { ...schedule, forwards: [...forwards] };
    });
    for (let before = ""; before !== JSON.stringify(this.best);) {
      before = JSON.stringify(this.best);
      await this.#simplify();
      for (const reduction of REDUCTIONS) await this.#takeAway(reduction);
      await this.#useFewerServers();
    }
  }

  /** Replaces the best schedule by another one if that fails as well.
   *
   * @returns True if it does. */
  async #try(
    change: (schedule: Schedule, failure: Failure) => Schedule | undefined,
  ): Promise<boolean> {
    const changed = change(this.best, this.#failure);
    if (changed === undefined || isSame(changed, this.best)) return false;
    const failure = await this.#fails(changed);
    if (failure === undefined) return false;
    this.best = changed;
    this.#failure = failure;
    this.#onFound(changed);
    return true;
  }

  /** Drops the steps that were never taken. */
  async #cutEnd(): Promise<void> {
    await this.#try((schedule, { performance: { taken } }) => {
      const places = new Set(taken.map(({ place }) => place));
      return withoutSteps(schedule, (_, place) => !places.has(place));
    });
  }

  /** Drops all operations on other keys than the one that shows the failure. */
  async #keepKey(): Promise<void> {
    await this.#try((schedule, { key }) => {
      if (key === undefined) return undefined;
      return withoutSteps(schedule, (step) => isOperation(step) && step.key !== key);
    });
  }

  /** Drops as many of the last steps as possible, and then of the first ones. */
  async #cutSteps(): Promise<void> {
    for (const isKept of [isFirst, isLast]) {
      let [tooFew, enough] = [0, this.best.steps.length];
      while (enough - tooFew > 1) {
        const count = Math.floor((tooFew + enough) / 2);
        const fails = await this.#try((schedule) => {
          const { length } = schedule.steps;
          return withoutSteps(schedule, (step, place) => {
            return isOperation(step) && !isKept(place, count, length);
          });
        });
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
        await this.#try((schedule) => {
          return without(schedule, groupsOf(schedule).slice(start, end));
        });
        end = Math.min(start, groupsOf(this.best).length);
      }
    }
  }

  async #useFewerServers(): Promise<void> {
    await this.#try(rotated);
    const { nservers: all, nreplicas: replicas } = this.best;
    for (let nservers = 1; nservers <= all; nservers++) {
      if (!isPossible(this.best, nservers)) continue;
      for (let nreplicas = 1; nreplicas <= Math.min(nservers, replicas); nreplicas++) {
        if (nservers === all && nreplicas === replicas) return;
        for (const shift of KEY_SHIFTS) {
          const shrink = (schedule: Schedule) => {
            return { ...withShiftedKeys(schedule, shift * nservers), nservers, nreplicas };
          };
          if (await this.#try(shrink)) return;
        }
      }
    }
  }

  /** Makes what is left plainer: times, numbers, names. */
  async #simplify(): Promise<void> {
    await this.#try((schedule) => withDeliveries(schedule, calmed));
    await this.#try((schedule) => mapSteps(schedule, withoutTrigger));
    await this.#shortenPauses();
    for (const place of this.best.steps.keys()) await this.#simplifyTrigger(place);
    await this.#try((schedule) => withDeliveries(schedule, onlyLost));
    await this.#try((schedule) => withDeliveries(schedule, rounded));
    await this.#try((schedule) => mapOperations(schedule, (step) => ({ ...step, clerk: 0 })));
    await this.#rename();
    for (const key of new Set(this.best.steps.filter(isOperation).map(({ key }) => key))) {
      await this.#try((schedule) => withSmallestKey(schedule, key));
    }
    await this.#try(withPlainValues);
  }

  /** Takes the time away in which nothing happens. */
  async #shortenPauses(): Promise<void> {
    for (let i = 0; i < timesOf(this.best).length; i++) {
      const times = timesOf(this.best);
      const pauseMs = times[i]! - (times[i - 1] ?? 0);
      for (const leftMs of PAUSES_MS.filter((each) => each < pauseMs)) {
        if (await this.#try((best) => earlier(best, times[i]!, pauseMs - leftMs))) break;
      }
    }
  }

  /** Numbers the clerks from 0. Each has chance of its own, so that one may need another
   * number or another seed to be as unlucky. */
  async #rename(): Promise<void> {
    const clerks = [...new Set(this.best.steps.filter(isOperation).map(({ clerk }) => clerk))];
    for (const seed of [1, this.best.seed, 2, 3, 4]) {
      for (const order of [clerks, clerks.toSorted((one, other) => one - other)]) {
        const renamed = { ...withClerks(this.best, order), seed };
        if (isSame(renamed, this.best) || await this.#try(() => renamed)) return;
      }
    }
  }

  /** Lets a step begin at once; or when an operation returned; or a while after that. */
  async #simplifyTrigger(place: number): Promise<void> {
    const { waitMs, after } = this.best.steps[place]!;
    if (waitMs === undefined && after === undefined) return;
    const replace = (trigger: (failure: Failure) => Trigger | undefined) => {
      return this.#try((schedule, failure) => {
        const made = trigger(failure);
        return made && mapSteps(schedule, (step, i) => {
          return i === place ? { ...made, ...withoutTrigger(step) } : step;
        });
      });
    };
    if (await replace(() => ({}))) return;
    if (waitMs === undefined) return;
    const isPinned = after === undefined;
    if (isPinned && await replace(({ performance }) => lastReturn(performance, place)?.trigger)) {
      return;
    }
    for (const digits of [1, 2, 3]) {
      const isRounded = await replace(({ performance }) => {
        const last = isPinned ? lastReturn(performance, place) : undefined;
        const round = Number((waitMs - (last?.atMs ?? 0)).toPrecision(digits));
        if (round === waitMs) return undefined;
        return { ...last?.trigger ?? (after && { after }), waitMs: Math.max(0, round) };
      });
      if (isRounded) return;
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
function pinned(schedule: Schedule, { taken }: Performance): Schedule {
  const times = new Map(taken.map(({ place, atMs }) => [place, atMs]));
  return mapSteps(schedule, (step, place) => {
    const waitMs = times.get(place);
    return waitMs === undefined ? step : { waitMs, ...withoutTrigger(step) };
  });
}

/** Returns the last operation that had returned when a step was taken, and when that was. */
function lastReturn(
  { taken, operations }: Performance,
  place: number,
): { trigger: Trigger; atMs: number } | undefined {
  const own = taken.find((each) => each.place === place);
  if (own === undefined) return undefined;
  // An operation is called as its step is taken, so both are in the same order.
  const called = taken.filter(({ isOperation }) => isOperation);
  const returns = operations.flatMap(({ returnMs }, i) => {
    const before = called[i]?.place ?? Infinity;
    const hasReturned = returnMs != null && returnMs <= own.atMs && before < place;
    return hasReturned ? { trigger: { after: [before] }, atMs: returnMs } : [];
  });
  return returns.toSorted((one, other) => one.atMs - other.atMs).at(-1);
}
