/**
 * Checks that the runs of a submission are deterministic: the same seed must give the same run,
 * event for event, in any process.
 *
 * Two causes break this: something out of the simulation's reach (a timer or a clock that was taken
 * before the test began or from `node:`, the real network), and variables of a module that last
 * from one run to the next. To tell them apart, the run is repeated in new processes, where nothing
 * was kept, and in one where it ran before.
 *
 * @module
 */

import type { RunOfSeed } from "../exploration.ts";
import type { TracedEntry } from "../recording/recording.ts";
import type { Runner } from "./runner.ts";
import type { SeedResult, SeedTask } from "./seed_run.ts";
import { eventLine } from "../recording/transcript.ts";

/** A difference between two runs with the same seed. */
export interface Difference {
  /** The difference, in one sentence. */
  what: string;
  /** The first event that differs, if it was recorded. */
  events?: readonly [string, string];
  hint: string;
}

const HINTS = {
  outside: "Something in it comes from outside the simulation: a timer or a clock of node:, or " +
    "one that was copied before the test, or the real network.",
  kept: "Keep state in the two classes: a variable outside them still holds what an earlier run " +
    "left there.",
};

/** The processes in which runs are repeated. */
export interface Repeaters {
  /** One that ran many other runs. */
  readonly used: Runner;
  /** One that ran few. */
  readonly fresh: Runner;
  /** Starts a new one. */
  make(): Runner;
}

/** Looks for a difference between a run and its repetitions.
 *
 * @returns `undefined` if there is none.
 */
export async function findDifference(
  { used, fresh: one, make }: Repeaters,
  task: SeedTask,
  { seed, digest }: RunOfSeed,
): Promise<Difference | undefined> {
  const repetitions = await Promise.all([used.run(task), one.run(task)]);
  if (repetitions.every(({ summary }) => summary?.digest === digest)) return undefined;
  const recorded = { ...task, record: true };
  using two = make();
  using three = make();
  const [afterAnother, fresh, freshAgain] = await Promise.all([
    one.run(recorded),
    two.run(recorded),
    three.run(recorded),
  ]);
  if (fresh.summary?.digest !== freshAgain.summary?.digest) {
    return {
      what: `Two runs of seed ${seed}, each in a new process, differ`,
      ...firstDifference(fresh, freshAgain),
      hint: HINTS.outside,
    };
  }
  return {
    what: `A run of seed ${seed} after other runs differs from one in a new process`,
    ...firstDifference(afterAnother, fresh),
    hint: HINTS.kept,
  };
}

function firstDifference(...runs: [SeedResult, SeedResult]): Pick<Difference, "events"> {
  const [ones, others] = runs.map(({ recording }) => {
    return (recording?.entries ?? []).filter((entry) => "event" in entry);
  }) as [TracedEntry[], TracedEntry[]];
  const length = Math.max(ones.length, others.length);
  let place = 0;
  while (place < length && JSON.stringify(ones[place]) === JSON.stringify(others[place])) place++;
  if (place === length) return {};
  const line = (entry: TracedEntry | undefined) => entry ? eventLine(entry) : "nothing more";
  return { events: [line(ones[place]), line(others[place])] };
}
