/**
 * Makes a failing schedule as small as it gets: delta debugging (Zeller and Hildebrandt 2002;
 * for distributed executions Scott et al., NSDI 2016).
 *
 * Whatever is found is a schedule that fails. A search that is stopped early has the smallest
 * one so far.
 *
 * @module
 */

import { token } from "../../testing/values.ts";
import { calmed, type Reduction, REDUCTIONS, withDeliveries, withoutSteps } from "./reductions.ts";
import { type Delivery, isFault, isOperation, type Schedule, type Step } from "./schedule.ts";

/** Performs schedules, and looks for the failure that is sought. */
export interface Trials {
  /** Performs a schedule.
   *
   * @returns What is known if it fails as is sought. */
  fails(schedule: Schedule): Promise<Failure | undefined>;
  /** Returns true if there is no time left. */
  isOver(): boolean;
}

/** What is known of a performance that failed. */
export interface Failure {
  /** The places of the operations that were called. */
  readonly places: readonly number[];
  /** The key of the operation that shows the failure, if one does. */
  readonly key: string | undefined;
}

/** How late the network delivers a request that it holds back for long, in milliseconds. */
const HELD_BACK_MS = 26;

/** Makes a schedule smaller as long as it fails.
 *
 * @param onFound Called with each smaller schedule that fails.
 * @returns The smallest that was found; `undefined` if the schedule does not fail. */
export async function minimize(
  schedule: Schedule,
  trials: Trials,
  onFound: (schedule: Schedule) => void = () => {},
): Promise<Schedule | undefined> {
  const failure = await trials.fails(schedule);
  if (failure === undefined) return undefined;
  onFound(schedule);
  const search = new Search(schedule, trials, onFound);
  await search.run(failure);
  return search.best;
}

/** One search. */
class Search {
  best: Schedule;
  readonly #trials: Trials;
  readonly #onFound: (schedule: Schedule) => void;

  constructor(schedule: Schedule, trials: Trials, onFound: (schedule: Schedule) => void) {
    this.best = schedule;
    this.#trials = trials;
    this.#onFound = onFound;
  }

  async run(failure: Failure): Promise<void> {
    await this.#cutEnd(failure);
    await this.#try((schedule) => withDeliveries(schedule, calmed));
    await this.#keepKey(failure.key);
    await this.#cutEnd(failure, true);
    for (let before = ""; before !== JSON.stringify(this.best) && !this.#trials.isOver();) {
      before = JSON.stringify(this.best);
      for (const reduction of REDUCTIONS) await this.#takeAway(reduction);
      await this.#useFewerServers();
      await this.#simplify();
    }
  }

  /** Replaces the best schedule by another one if that fails as well. */
  async #try(change: (schedule: Schedule) => Schedule | undefined): Promise<Failure | undefined> {
    if (this.#trials.isOver()) return undefined;
    const changed = change(this.best);
    if (changed === undefined || JSON.stringify(changed) === JSON.stringify(this.best)) {
      return undefined;
    }
    const failure = await this.#trials.fails(changed);
    if (failure === undefined) return undefined;
    this.best = changed;
    this.#onFound(changed);
    return failure;
  }

  /** Drops the operations that were never called, and then as many of the last steps as it
   * can. */
  async #cutEnd(failure: Failure, isThorough = false): Promise<void> {
    const called = new Set(failure.places);
    if (!isThorough) {
      await this.#try((schedule) =>
        withoutSteps(schedule, (step, place) => {
          return isOperation(step) && !called.has(place);
        })
      );
      return;
    }
    let [tooFew, enough] = [0, this.best.steps.length];
    while (enough - tooFew > 1) {
      const length = Math.floor((tooFew + enough) / 2);
      const fails = await this.#try(({ steps, ...rest }) => {
        return { ...rest, steps: steps.slice(0, length) };
      });
      if (fails) enough = length;
      else tooFew = length;
    }
  }

  /** Drops all operations on other keys than the one that shows the failure. */
  async #keepKey(key: string | undefined): Promise<void> {
    if (key === undefined) return;
    await this.#try((schedule) =>
      withoutSteps(schedule, (step) => {
        return isOperation(step) && step.key !== key;
      })
    );
  }

  /** Takes things of one kind away, in ever smaller portions. */
  async #takeAway({ placesOf, without }: Reduction): Promise<void> {
    let portion = placesOf(this.best).length;
    for (; portion >= 1; portion = Math.floor(portion / 2)) {
      // From the end: what comes later depends on what came before.
      for (let end = placesOf(this.best).length; end > 0 && !this.#trials.isOver();) {
        const start = Math.max(0, end - portion);
        await this.#try((schedule) => {
          return without(schedule, new Set(placesOf(schedule).slice(start, end)));
        });
        end = Math.min(start, placesOf(this.best).length);
      }
    }
  }

  async #useFewerServers(): Promise<void> {
    const { nservers: all, nreplicas: replicas } = this.best;
    for (let nservers = 1; nservers <= all; nservers++) {
      for (let nreplicas = 1; nreplicas <= Math.min(nservers, replicas); nreplicas++) {
        if (nservers === all && nreplicas === replicas) return;
        if (!isPossible(this.best, nservers)) continue;
        if (await this.#try((schedule) => ({ ...schedule, nservers, nreplicas }))) return;
      }
    }
  }

  /** Makes what is left plainer: numbers, names, times. */
  async #simplify(): Promise<void> {
    await this.#try((schedule) => ({ ...schedule, seed: 1 }));
    await this.#try(withClosedRanks);
    for (const key of new Set(this.best.steps.filter(isOperation).map(({ key }) => key))) {
      await this.#try((schedule) => withSmallestKey(schedule, key));
    }
    await this.#try(withPlainValues);
    await this.#try((schedule) => withDeliveries(schedule, calmed));
    await this.#try((schedule) => withDeliveries(schedule, rounded));
    for (const place of this.best.steps.keys()) {
      await this.#try((schedule) => withRoundWait(schedule, place));
    }
  }
}

/** Returns true if the servers exist that something happens to, and one is left where one is
 * stopped: without it, a right solution would wait for ever, too. */
function isPossible({ steps, forwards = [] }: Schedule, nservers: number): boolean {
  const servers = [
    ...steps.flatMap((step) => isOperation(step) ? [] : ["stop" in step ? step.stop : step.start]),
    ...forwards.flatMap(({ from, to }) => [from, to]),
  ];
  return servers.every((server) => server < nservers) && (nservers > 1 || servers.length === 0);
}

/** Numbers the clerks from 0. */
function withClosedRanks({ steps, ...rest }: Schedule): Schedule {
  const clerks = [...new Set(steps.filter(isOperation).map(({ clerk }) => clerk))];
  return {
    ...rest,
    steps: steps.map((step) => {
      return isOperation(step) ? { ...step, clerk: clerks.indexOf(step.clerk) } : step;
    }),
  };
}

/** Replaces a key by the smallest of its shard that is not used. */
function withSmallestKey({ steps, nservers, ...rest }: Schedule, key: string): Schedule {
  const used = new Set(steps.filter(isOperation).map((step) => step.key));
  let smallest = Number(key) % nservers;
  while (used.has(`${smallest}`) && smallest < Number(key)) smallest += nservers;
  const replaced = Number.isNaN(smallest) ? key : `${smallest}`;
  return {
    ...rest,
    nservers,
    steps: steps.map((step) => {
      return isOperation(step) && step.key === key ? { ...step, key: replaced } : step;
    }),
  };
}

/** Gives each write a value that tells its clerk. */
function withPlainValues({ steps, ...rest }: Schedule): Schedule {
  const written = new Map<number, number>();
  return {
    ...rest,
    steps: steps.map((step) => {
      if (!isOperation(step) || step.value === undefined) return step;
      const n = written.get(step.clerk) ?? 0;
      written.set(step.clerk, n + 1);
      return { ...step, value: token(step.clerk, n) };
    }),
  };
}

/** Rounds the times of a request that is held back. */
function rounded(delivery: Delivery): Delivery {
  const { requestMs } = delivery;
  if (requestMs === undefined) return delivery;
  return { ...delivery, requestMs: isFault({ requestMs }) ? HELD_BACK_MS : 1 };
}

/** Rounds the pause before a step. */
function withRoundWait({ steps, ...rest }: Schedule, place: number): Schedule | undefined {
  const { waitMs } = steps[place] ?? {};
  if (waitMs === undefined) return undefined;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(waitMs)));
  const round = Math.ceil(waitMs / unit) * unit;
  const step = { ...steps[place]!, waitMs: round } as Step;
  return { ...rest, steps: steps.with(place, step) };
}
