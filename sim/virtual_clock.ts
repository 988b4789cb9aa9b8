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
 * only if events have a limit; otherwise the test runner's own timeout ends it.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { runBounded } from "./bounded_turn.ts";
import type { Clock, Timer } from "./clock.ts";
import { EventQueue, type QueuedEvent } from "./event_queue.ts";
import type { Random } from "./random.ts";
import { realNow } from "./real_clock.ts";

const HOPS_PER_TURN = 64;

/** How long an empty queue is given, in real milliseconds, before it counts as
 * a deadlock: real asynchronous work (a dynamic import, a digest) may be about
 * to add an event. */
const IDLE_GRACE_MS = 20;

/** How many events may run without progress before they count as a livelock. A
 * clerk that asks a dead server for ten minutes of virtual time needs fewer. */
export const EVENTS_WITHOUT_PROGRESS_MAX = 50_000;

const NOW = Promise.resolve();

// Taken before any simulation can replace them.
const { setTimeout, clearTimeout } = globalThis;

/** What a {@linkcode VirtualClock} reports. */
export interface VirtualClockOptions {
  /** Breaks ties between equal deadlines of timers that bring no tie-break. */
  random: Random;
  /** How long one event may take, in real milliseconds. A limit makes events slower;
   * without one, a loop that never yields is not ended. */
  eventMsMax?: number | undefined;
  /** Called when nothing is left to run, too much runs without progress, or one event took
   * too long. */
  onStuck(how: "deadlock" | "livelock" | "neverYields"): void;
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
  #turnStartMs = 0;

  constructor(options: VirtualClockOptions) {
    this.#options = options;
    this.#queueHops();
  }

  /** How many events have run. */
  get eventsRun(): number {
    return this.#eventsRun;
  }

  /** When the last event began, in real milliseconds. */
  get turnStartMs(): number {
    return this.#turnStartMs;
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
    this.#hopsQueued = HOPS_PER_TURN;
    for (let i = 0; i < HOPS_PER_TURN; i++) setImmediate(this.#hop);
  }

  readonly #hop = (): void => {
    this.#hopsQueued--;
    if (this.#stopped) return;
    const { eventMsMax } = this.#options;
    // Not in the immediate itself: an endless loop that the test runner ends there
    // would leave the runtime's list of immediates broken.
    if (eventMsMax === undefined) NOW.then(this.#turn);
    else if (!runBounded(this.#turn, eventMsMax)) this.#options.onStuck("neverYields");
  };

  readonly #turn = (): void => {
    if (this.#stopped) return;
    this.#runNext();
    if (this.#hopsQueued > 0 || this.#stopped) return;
    if (this.#queue.size > 0) this.#queueHops();
    else this.#waitIdle();
  };

  #runNext(): void {
    const event = this.#queue.takeNext();
    if (event === undefined) return;
    this.#turnStartMs = realNow();
    this.#nowMs = event.deadlineMs;
    this.#eventsRun++;
    try {
      event.action();
    } catch (error) {
      this.#options.onError(error);
    }
    if (
      this.#eventsRun - this.#eventsAtProgress > EVENTS_WITHOUT_PROGRESS_MAX
    ) {
      this.#eventsAtProgress = this.#eventsRun;
      this.#options.onStuck("livelock");
    }
  }

  #waitIdle(): void {
    this.#idleTimer = setTimeout(
      () => this.#options.onStuck("deadlock"),
      IDLE_GRACE_MS,
    );
  }
}
