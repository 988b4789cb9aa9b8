/**
 * The chance of one machine: what its code draws, and how its timers are ordered among
 * others of the same deadline.
 *
 * Machines of one realm share `Math.random` and `setTimeout`. The runtime carries the
 * chance of the machine along with its promises and timers, so that each machine has
 * streams of its own, whatever the others do.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Random } from "./random.ts";

/** The label of the stream that the globals of all machines draw from. */
export const GLOBALS_LABEL = "globals";

/** The streams of one machine. */
export interface Chance {
  /** The name of the machine, for example `"server 0"`. */
  readonly machine: string;
  /** The stream that its code draws from. */
  readonly random: Random;
  /** Orders its timers among others of the same deadline. */
  readonly ties: Random;
}

const current = new AsyncLocalStorage<Chance>();

/** Makes the chance of a machine.
 *
 * @param random The stream of all machines of a run.
 * @param machine The machine, for example `"server 0"`. */
export function chanceOf(random: Random, machine: string): Chance {
  const own = random.child(machine);
  return { machine, random: own, ties: own.child("ties") };
}

/** Runs code of a machine. What it starts and awaits belongs to the machine as well. */
export function withChance<T>(chance: Chance | undefined, run: () => T): T {
  return chance === undefined ? run() : current.run(chance, run);
}

/** Returns the chance of the machine whose code is running, if any. */
export function currentChance(): Chance | undefined {
  return current.getStore();
}
