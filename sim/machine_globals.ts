/**
 * The clock and the chance behind the globals that the code of machines uses: each machine
 * draws from streams of its own, and a listener may see its timers.
 *
 * @module
 */

import { currentChance, withChance } from "./chance.ts";
import type { Clock, Timer } from "./clock.ts";
import type { Random } from "./random.ts";

/** A timer that the code of a machine set. */
export interface MachineTimer {
  readonly machine: string;
  /** When it is due, in virtual milliseconds. */
  readonly dueMs: number;
}

/** Sees timers of machines. Each ends in one of two ways. */
export interface TimerListener {
  set(timer: MachineTimer): void;
  /** Called before the timer's code runs. */
  ran(timer: MachineTimer): void;
  cleared(timer: MachineTimer): void;
}

/** The clock and the chance of whatever code is running. */
export type MachineGlobals = Omit<Clock, "stop"> & Pick<Random, "bits">;

/** Makes what the simulated globals draw from: the streams of the machine that uses them.
 *
 * @param clock The time of the run.
 * @param shared What code draws from that belongs to no machine.
 * @param listener Sees the timers of machines. */
export function machineGlobals(
  clock: Clock,
  shared: Random,
  listener?: TimerListener,
): MachineGlobals {
  /** The timers of machines that wait, if anybody listens. */
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
