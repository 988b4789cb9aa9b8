/**
 * Simulated time: events run one at a time in the order of their deadlines, and
 * the time between two of them takes no time at all.
 *
 * Each event gets a macrotask of its own, so that every promise that it settled
 * has been followed to its end before the next event runs. The hop is
 * `setImmediate`; several are queued at once because microtasks are drained
 * between two immediates of one turn of the event loop as well, and a turn costs
 * more than an immediate.
 *
 * When nothing is left to run, or when events run on and on without progress,
 * the clock says so instead of hanging. A loop that never leaves one macrotask ends
 * only if turns have a limit: then up to {@linkcode EVENTS_PER_TURN} events run in one
 * macrotask, and the promises of each are followed in between.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { cpuNow, type EndOfTurn, runBounded } from "./bounded_turn.ts";
import type { Clock, Timer } from "./clock.ts";
import { EventQueue, type QueuedEvent } from "./event_queue.ts";
import type { Random } from "./random.ts";

/** The number of events that run in one turn of the event loop. */
const EVENTS_PER_TURN = 64;

/** The time that an empty queue is given, in real milliseconds, before it counts as
 * a deadlock: real asynchronous work (a dynamic import, a digest) may be about
 * to add an event. */
const IDLE_GRACE_MS = 20;

/** The number of events that may run without progress before they count as a livelock. A
 * clerk that asks a dead server for ten minutes of virtual time needs fewer. */
export const EVENTS_WITHOUT_PROGRESS_MAX = 50_000;

const NOW = Promise.resolve();

// Taken before any simulation can replace them.
const { setTimeout, clearTimeout } = globalThis;

/** The real time that a run may take. */
export interface TimeLimits {
  /** The time on the wall that one turn of the event loop may take, in milliseconds. */
  readonly turnMsMax: number;
  /** The processor time that the whole run may take, in milliseconds. */
  readonly cpuMsMax: number;
}

/** Why a run ends before its scenario does: nothing is left to run, too much runs without
 * progress, a turn came to its limit, or the run has used up its processor time. */
export type StuckOnTime = "deadlock" | "livelock" | EndOfTurn | "outOfTime";

/** The options of a {@linkcode VirtualClock}. */
export interface VirtualClockOptions {
  /** Breaks ties between equal deadlines of timers that bring no tie-break. */
  random: Random;
  /** Without limits, a loop that never yields is not ended. */
  limits?: TimeLimits | undefined;
  /** Called when the run can or must not go on. */
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
  #hopsQueued = 0;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #eventsRun = 0;
  #eventsAtProgress = 0;
  readonly #startCpuMs = cpuNow();

  constructor(options: VirtualClockOptions) {
    this.#options = options;
    this.#queueHops();
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

  /** Looks again whether there is anything to do: somebody began to wait. */
  wake(): void {
    if (this.#hopsQueued === 0 && !this.#stopped) this.#queueHops();
  }

  clearTimer(timer: Timer): void {
    this.#queue.remove(timer as QueuedEvent);
  }

  /** Tells the clock that the run got somewhere, so that the count of events
   * without progress starts again. */
  progress(): void {
    this.#eventsAtProgress = this.#eventsRun;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#idleTimer);
  }

  #queueHops(): void {
    clearTimeout(this.#idleTimer);
    this.#hopsQueued = this.#options.limits === undefined ? EVENTS_PER_TURN : 1;
    for (let i = 0; i < this.#hopsQueued; i++) setImmediate(this.#hop);
  }

  readonly #hop = (): void => {
    const { limits } = this.#options;
    if (limits !== undefined) return this.#runTurn(limits);
    this.#hopsQueued--;
    // After the immediate: an error in it would leave the runtime's list of immediates broken.
    NOW.then(this.#runEvent);
  };

  readonly #runEvent = (): void => {
    if (this.#stopped) return;
    this.#runNext();
    if (this.#hopsQueued === 0) this.#goOn();
  };

  /** Runs the events of one turn within a limit. */
  #runTurn({ turnMsMax, cpuMsMax }: TimeLimits): void {
    if (this.#stopped) return;
    let left = EVENTS_PER_TURN;
    const end = runBounded(() => {
      if (this.#stopped) return false;
      this.#runNext();
      return --left > 0 && !this.#stopped;
    }, turnMsMax);
    this.#hopsQueued--;
    if (end !== undefined) this.#options.onStuck(end);
    else if (cpuNow() - this.#startCpuMs > cpuMsMax) this.#options.onStuck("outOfTime");
    this.#goOn();
  }

  #goOn(): void {
    if (this.#stopped) return;
    if (this.#queue.size > 0) this.#queueHops();
    else this.#waitIdle();
  }

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

  #waitIdle(): void {
    this.#idleTimer = setTimeout(() => this.#options.onStuck("deadlock"), IDLE_GRACE_MS);
  }
}
