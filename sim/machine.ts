/**
 * The machines of a run, as the simulation knows them: the random numbers that each draws, and
 * the order of its timers.
 *
 * Machines of one realm share `Math.random` and `setTimeout`. The runtime carries the machine's
 * chance along with its promises and timers, so that no machine changes what another draws.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock, Timer } from "./clock.ts";
import type { Random } from "./random.ts";

/** The label of the stream that the globals of all machines draw from. */
export const GLOBALS_LABEL = "globals";

/** The streams of one machine. */
export interface Chance {
  /** The name of the machine, for example `"server 0"`. */
  readonly machine: string;
  /** The stream that its code draws from. */
  readonly random: Random;
  /** Orders its timers among others with the same deadline. */
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

/** Runs code of a machine. Everything that it starts and awaits belongs to the machine. */
export function withChance<T>(chance: Chance | undefined, run: () => T): T {
  return chance === undefined ? run() : current.run(chance, run);
}

/** Returns the chance of the machine whose code is running, if any. */
export function currentChance(): Chance | undefined {
  return current.getStore();
}

/** A timer that the code of a machine set. */
export interface MachineTimer {
  readonly machine: string;
  /** When it is due, in virtual milliseconds. */
  readonly dueMs: number;
}

/** Sees the timers of machines. Each of them runs or is cleared. */
export interface TimerListener {
  set(timer: MachineTimer): void;
  /** Called before the timer's code runs. */
  ran(timer: MachineTimer): void;
  cleared(timer: MachineTimer): void;
}

/** The clock, and the chance of the code that is running. */
export type MachineGlobals = Omit<Clock, "stop"> & Pick<Random, "bits">;

/** Makes the source of the simulated globals: each machine draws from its streams.
 *
 * @param clock The time of the run.
 * @param shared The stream of code that belongs to no machine.
 * @param listener Sees the timers of machines. */
export function machineGlobals(
  clock: Clock,
  shared: Random,
  listener?: TimerListener,
): MachineGlobals {
  /** The timers of machines that wait, if there is a listener. */
  const waiting = new Map<Timer, MachineTimer>();
  const leave = (timer: Timer, how: "ran" | "cleared") => {
    const watched = waiting.get(timer);
    waiting.delete(timer);
    if (watched !== undefined) listener![how](watched);
  };
  return {
    kind: clock.kind,
    now: () => clock.now(),
    bits: () => (currentChance()?.random ?? shared).bits(),
    setTimer(delayMs, action) {
      const chance = currentChance();
      const fire = () => {
        leave(timer, "ran");
        withChance(chance, action);
      };
      const timer = clock.setTimer(delayMs, fire, chance?.ties.bits());
      if (chance !== undefined && listener !== undefined) {
        const watched = { machine: chance.machine, dueMs: clock.now() + delayMs };
        waiting.set(timer, watched);
        listener.set(watched);
      }
      return timer;
    },
    clearTimer(timer) {
      leave(timer, "cleared");
      clock.clearTimer(timer);
    },
  };
}
