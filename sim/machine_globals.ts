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

/** What the simulated globals draw from: the streams of the machine that uses them. */
export class MachineGlobals {
  readonly clock: Omit<Clock, "stop">;
  readonly #shared: Random;
  /** The timers of machines that wait, if anybody listens. */
  readonly #waiting = new Map<Timer, MachineTimer>();

  /** @param clock The time of the run.
   * @param shared What code draws from that belongs to no machine.
   * @param listener Sees the timers of machines. */
  constructor(clock: Clock, shared: Random, listener?: TimerListener) {
    this.#shared = shared;
    this.clock = {
      kind: clock.kind,
      now: () => clock.now(),
      setTimer: (delayMs, action) => {
        const chance = currentChance();
        const timer = clock.setTimer(
          delayMs,
          () => {
            this.#leave(timer, "ran", listener);
            withChance(chance, action);
          },
          chance?.ties.bits(),
        );
        if (chance !== undefined && listener !== undefined) {
          const watched = { machine: chance.machine, dueMs: clock.now() + delayMs };
          this.#waiting.set(timer, watched);
          listener.set(watched);
        }
        return timer;
      },
      clearTimer: (timer) => {
        this.#leave(timer, "cleared", listener);
        clock.clearTimer(timer);
      },
    };
  }

  bits(): number {
    return (currentChance()?.random ?? this.#shared).bits();
  }

  #leave(timer: Timer, how: "ran" | "cleared", listener: TimerListener | undefined): void {
    const watched = this.#waiting.get(timer);
    if (watched === undefined) return;
    this.#waiting.delete(timer);
    listener![how](watched);
  }
}
