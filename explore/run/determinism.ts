/**
 * Checks that the runs of a submission are deterministic: a run with the same seed must be the same
 * run, event for event, in any process.
 *
 * Causes out of the simulation's reach break this: a timer or a clock that was taken before
 * the test began or from `node:`, the real network, or variables of a module that last from
 * one run to the next. The two are told apart by where the run is
 * repeated: in a new process, where nothing was kept, or in one where it ran before.
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
  /** The first event that is not the same in both, where it could be caught. */
  events?: readonly [string, string];
  hint: string;
}

const HINTS = {
  outside: "Something in it comes from outside the simulation: a timer or a clock of node:, or " +
    "one that was copied before the test, or the real network.",
  kept: "Keep state in the two classes: a variable outside them still holds what an earlier run " +
    "left there.",
};

/** Looks for a difference between a run and its repetitions, in a new process and in one
 * that ran much else.
 *
 * @param usedRunner The process that ran much else.
 * @param makeRunner Starts a new process.
 * @param task What was run.
 * @param run What it came to.
 * @returns `undefined` if there is none.
 */
export async function findDifference(
  usedRunner: Runner,
  makeRunner: () => Runner,
  task: SeedTask,
  { seed, digest }: RunOfSeed,
): Promise<Difference | undefined> {
  using one = makeRunner();
  const repetitions = await Promise.all([usedRunner.run(task), one.run(task)]);
  if (repetitions.every(({ summary }) => summary?.digest === digest)) return undefined;
  const recorded = { ...task, record: true };
  using two = makeRunner();
  using three = makeRunner();
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
