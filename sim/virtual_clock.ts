/**
 * Simulated time: events run one at a time in the order of their deadlines, and no
 * time passes between them.
 *
 * Every promise that an event settled is followed to its end before the next event
 * runs. A turn of the event loop costs more than an event, so one turn runs several.
 *
 * The clock reports when nothing is left to run, and when events run without progress.
 * It can end a loop that never yields only if turns have a limit.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { cpuNow, type EndOfTurn, runTurn } from "./turn.ts";
import type { Clock, Timer } from "./clock.ts";
import { EventQueue, type QueuedEvent } from "./event_queue.ts";
import type { Random } from "./random.ts";

/** The number of events that run in one turn of the event loop. */
const EVENTS_PER_TURN = 64;

/** An empty queue counts as a deadlock after this number of timers of this length, in real
 * milliseconds: real asynchronous work, such as a dynamic import, may be about to add an event.
 * One long timer would be over when a busy machine runs this process again. */
const IDLE_TIMERS = 4;
const IDLE_TIMER_MS = 5;

/** The number of events without progress that counts as a livelock. A clerk that asks a dead
 * server for ten minutes of virtual time needs fewer. */
export const EVENTS_WITHOUT_PROGRESS_MAX = 50_000;

// Taken before any simulation can replace them.
const { setTimeout, clearTimeout } = globalThis;

/** The real time that a run may take. */
export interface TimeLimits {
  /** The wall time that one turn of the event loop may take, in milliseconds. */
  readonly turnMsMax: number;
  /** The processor time that the whole run may take, in milliseconds. */
  readonly cpuMsMax: number;
}

/** Why a run ends before its scenario does: nothing is left to run, too many events ran without
 * progress, a turn reached its limit, or the run used up its processor time. */
export type StuckOnTime = "deadlock" | "livelock" | EndOfTurn | "outOfTime";

/** The options of a {@linkcode VirtualClock}. */
export interface VirtualClockOptions {
  /** Orders timers with the same deadline and without a tie-break. */
  random: Random;
  /** Without limits, a loop that never yields is not ended. */
  limits?: TimeLimits | undefined;
  /** Called when the run cannot or must not continue. */
  onStuck(how: StuckOnTime): void;
  /** Called with what an event threw. */
  onError(error: unknown): void;
}

/** A clock that jumps from one event to the next. */
export class VirtualClock implements Clock {
  readonly kind = "virtual";
  readonly #options: VirtualClockOptions;
  readonly #queue = new EventQueue();
  #nowMs = 0;
  #isTurnQueued = false;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #eventsRun = 0;
  #eventsAtProgress = 0;
  readonly #startCpuMs = cpuNow();

  constructor(options: VirtualClockOptions) {
    this.#options = options;
    this.#queueTurn();
  }

  now(): number {
    return this.#nowMs;
  }

  setTimer(
    delayMs: number,
    action: () => void,
    tieBreak: number = this.#options.random.bits(),
  ): Timer {
    const deadlineMs = this.#nowMs + (delayMs > 0 ? delayMs : 0);
    const event = this.#queue.add(deadlineMs, tieBreak, action);
    this.wake();
    return event;
  }

  /** Continues if the clock has stopped for lack of events: an operation waits again. */
  wake(): void {
    if (!this.#isTurnQueued && !this.#stopped) this.#queueTurn();
  }

  clearTimer(timer: Timer): void {
    this.#queue.remove(timer as QueuedEvent);
  }

  /** Restarts the count of events without progress. */
  progress(): void {
    this.#eventsAtProgress = this.#eventsRun;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#idleTimer);
  }

  #queueTurn(): void {
    clearTimeout(this.#idleTimer);
    this.#isTurnQueued = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    if (this.#stopped) return;
    const { limits } = this.#options;
    let left = EVENTS_PER_TURN;
    const end = runTurn(() => {
      if (this.#stopped) return false;
      this.#runNext();
      return --left > 0 && !this.#stopped;
    }, limits?.turnMsMax);
    this.#isTurnQueued = false;
    if (end !== undefined) this.#options.onStuck(end);
    else if (limits !== undefined && cpuNow() - this.#startCpuMs > limits.cpuMsMax) {
      this.#options.onStuck("outOfTime");
    }
    if (this.#stopped) return;
    if (this.#queue.size > 0) this.#queueTurn();
    else this.#waitIdle();
  };

  #runNext(): void {
    const event = this.#queue.takeNext();
    if (event === undefined) return;
    this.#nowMs = event.deadlineMs;
    this.#eventsRun++;
    try {
      event.action();
    } catch (error) {
      this.#options.onError(error);
    }
    if (this.#eventsRun - this.#eventsAtProgress > EVENTS_WITHOUT_PROGRESS_MAX) {
      this.#eventsAtProgress = this.#eventsRun;
      this.#options.onStuck("livelock");
    }
  }

  #waitIdle(timers = IDLE_TIMERS): void {
    this.#idleTimer = setTimeout(() => {
      if (timers > 1) this.#waitIdle(timers - 1);
      else this.#options.onStuck("deadlock");
    }, IDLE_TIMER_MS);
  }
}
