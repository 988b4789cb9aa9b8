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

  /** @param clock The time of the run.
   * @param shared What code draws from that belongs to no machine.
   * @param timers Sees the timers of machines. */
  constructor(clock: Clock, shared: Random, timers?: TimerListener) {
    this.#shared = shared;
    const watch = timers && new TimerWatch(timers);
    this.clock = {
      kind: clock.kind,
      now: () => clock.now(),
      setTimer(delayMs, action) {
        const chance = currentChance();
        const watched = chance && watch?.watch(chance.machine, clock.now() + delayMs, action);
        const run = watched?.run ?? action;
        const timer = clock.setTimer(delayMs, () => withChance(chance, run), chance?.ties.bits());
        watched?.isSet(timer);
        return timer;
      },
      clearTimer(timer) {
        watch?.cleared(timer);
        clock.clearTimer(timer);
      },
    };
  }

  bits(): number {
    return (currentChance()?.random ?? this.#shared).bits();
  }
}

/** Tells a listener of the timers of machines. */
class TimerWatch {
  readonly #listener: TimerListener;
  readonly #waiting = new Map<Timer, MachineTimer>();

  constructor(listener: TimerListener) {
    this.#listener = listener;
  }

  /** Wraps the action of a timer, before it is set. */
  watch(machine: string, dueMs: number, action: () => void) {
    const watched: MachineTimer = { machine, dueMs };
    let set: Timer | undefined;
    return {
      isSet: (timer: Timer) => {
        set = timer;
        this.#waiting.set(timer, watched);
        this.#listener.set(watched);
      },
      run: () => {
        this.#waiting.delete(set!);
        this.#listener.ran(watched);
        action();
      },
    };
  }

  cleared(timer: Timer): void {
    const watched = this.#waiting.get(timer);
    if (watched === undefined) return;
    this.#waiting.delete(timer);
    this.#listener.cleared(watched);
  }
}
