/**
 * One run of one scenario: its clock, its randomness, its trace, and the guarantee
 * that it ends.
 *
 * A scenario waits only through {@linkcode Simulation.wait}. When the run fails
 * (nothing left to run, events without progress, an unhandled error, a failure that a
 * component reports), every wait is rejected with that failure: the scenario ends
 * immediately, and the failure lists what was waiting.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { GLOBALS_LABEL, machineGlobals, type TimerListener } from "./machine.ts";
import type { Clock } from "./clock.ts";
import { CLOCK_READS_MAX, GlobalsGuard } from "./globals.ts";
import { Random } from "./random.ts";
import { RealClock } from "./real_clock.ts";
import { type Fold, Trace, type TraceListener } from "./trace.ts";
import {
  EVENTS_WITHOUT_PROGRESS_MAX,
  type StuckOnTime,
  type TimeLimits,
  VirtualClock,
} from "./virtual_clock.ts";

/** The options of a simulation.
 *
 * @typeParam Event What its trace records. */
export interface SimulationOptions<Event = unknown> {
  /** Decides all chance. */
  seed: number;
  /** Simulated or real time. */
  clock: "virtual" | "real";
  /** The real time that the run may take; in virtual time only. */
  limits?: TimeLimits | undefined;
  /** Adds an event to the digest of the trace; see {@linkcode Trace}. */
  fold?: Fold<Event>;
  /** Sees every event of the trace. */
  listener?: TraceListener<Event>;
  /** Sees the timers that the code of machines sets. */
  timers?: TimerListener | undefined;
  /** Replaces the error that ended the run, before its waits are rejected with it. */
  explain?(error: unknown): unknown;
}

/** The run cannot finish. */
export class StuckError extends Error {
  /** @param how The reason; "busyWait" if the code reads the clock in a loop.
   * @param atMs The time in virtual milliseconds.
   * @param waiting The operations that wait, one line each. */
  constructor(
    readonly how: StuckOnTime | "busyWait",
    atMs: number,
    waiting: string[],
  ) {
    const { name, what } = STUCK[how];
    const list = waiting.map((line) => `\n    ${line}`).join("");
    const waits = list === "" ? NOTHING_WAITS : `these operations wait:${list}`;
    super(`${name} at ${atMs.toFixed(1)} virtual ms: ${what}, and ${waits}`);
    this.name = "StuckError";
  }
}

const NOTHING_WAITS = "no operation waits: look for calls and timers that nothing awaits";

const STUCK: Record<StuckError["how"], { name: string; what: string }> = {
  deadlock: { name: "Deadlock", what: "nothing is left to run" },
  livelock: {
    name: "Livelock",
    what: `${EVENTS_WITHOUT_PROGRESS_MAX} events ran and no operation returned`,
  },
  busyWait: {
    name: "Busy waiting",
    what: `a loop read the clock ${CLOCK_READS_MAX} times, but time passes only while it awaits`,
  },
  neverYields: { name: "Endless loop", what: "something never let go of the processor" },
  held: { name: "Held", what: "the machine slept, or a breakpoint held the run" },
  starved: { name: "Held", what: "the machine was busy with other things" },
  outOfTime: { name: "Out of time", what: "the run has used up its processor time" },
};

interface Wait {
  /** True if it only lets time pass: then no report lists it. */
  readonly isPause: boolean;
  readonly what: string | (() => string);
  readonly sinceMs: number;
  readonly reject: (error: unknown) => void;
}

/** A pause of the scenario ends before any timer of a machine at the same time: their order must not
 * depend on the number of earlier waits. */
const BEFORE_MACHINES = -Infinity;

/** The latest simulation, until it is disposed of. */
let active: Disposable | undefined;

/** A run, until it is disposed of. In virtual time it replaces the globals.
 *
 * One simulation runs at a time: a new one disposes of an earlier one whose test was ended from
 * outside.
 */
export class Simulation<Event = unknown> implements Disposable {
  /** The time of the run. */
  readonly clock: Clock;
  /** The stream of the seed, to make children of. */
  readonly random: Random;
  /** Everything that happened. */
  readonly trace: Trace<Event>;
  readonly #explain: (error: unknown) => unknown;
  readonly #waits = new Set<Wait>();
  readonly #guard: GlobalsGuard | undefined;
  #failure: { error: unknown } | undefined;

  constructor(options: SimulationOptions<Event>) {
    active?.[Symbol.dispose]();
    active = this;
    this.#explain = (error) => options.explain?.(error) ?? error;
    this.random = new Random(options.seed);
    this.clock = options.clock === "real" ? new RealClock() : new VirtualClock({
      random: this.random.child("ties"),
      limits: options.limits,
      onStuck: (how) => this.stuck(how),
      onError: (error) => this.fail(error),
    });
    this.trace = new Trace(() => this.clock.now(), options.fold, options.listener);
    if (this.clock.kind === "virtual") {
      const shared = this.random.child(GLOBALS_LABEL);
      const globals = machineGlobals(this.clock, shared, options.timers);
      this.#guard = new GlobalsGuard(globals, globals, () => this.busyWait());
    }
    globalThis.addEventListener("unhandledrejection", this.#onUnhandled);
    globalThis.addEventListener("error", this.#onUncaught);
  }

  /** The error that ended the run early, if any. */
  get failure(): { error: unknown } | undefined {
    return this.#failure;
  }

  /** The operations that wait now, one line each, without pauses. */
  get waiting(): string[] {
    return Array.from(
      this.#waits.values().filter(({ isPause }) => !isPause),
      ({ what, sinceMs }) =>
        `${typeof what === "string" ? what : what()}, since ${sinceMs.toFixed(1)} ms`,
    );
  }

  /** Ends the run: rejects every wait with the error, and stops time. Later failures are
   * ignored. */
  fail(cause: unknown): void {
    if (this.#failure) return;
    const error = this.#explain(cause);
    this.#failure = { error };
    this.clock.stop();
    for (const wait of this.#waits) wait.reject(error);
    this.#waits.clear();
  }

  /** Waits for a promise, or for the failure of the run.
   *
   * @param what Describes the wait in the report of a deadlock; a function if that takes time. */
  wait<T>(what: string | (() => string), promise: Promise<T>): Promise<T> {
    return this.#wait(what, promise, true);
  }

  /** Waits for some time of this clock, in milliseconds. This does not count as progress. */
  sleep(delayMs: number): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.clock.setTimer(delayMs, resolve, BEFORE_MACHINES);
    });
    return this.#wait(() => `a pause of ${delayMs} ms`, over, false);
  }

  #wait<T>(what: string | (() => string), promise: Promise<T>, progress: boolean): Promise<T> {
    const clock = this.clock instanceof VirtualClock ? this.clock : undefined;
    const waited = new Promise<T>((resolve, reject) => {
      const wait: Wait = { what, isPause: !progress, sinceMs: this.clock.now(), reject };
      const settled = () => {
        this.#waits.delete(wait);
        if (progress) clock?.progress();
      };
      promise.then((value) => {
        settled();
        resolve(value);
      }, (error) => {
        settled();
        reject(error);
      });
      if (this.#failure) reject(this.#failure.error);
      else this.#waits.add(wait);
    });
    // A scenario that ends early never awaits this.
    waited.catch(() => {});
    clock?.wake();
    return waited;
  }

  /** Waits until the runtime has reported unhandled rejections, which it does after all pending
   * promise jobs. */
  async settle(): Promise<void> {
    await new Promise((resolve) => void setImmediate(resolve));
  }

  [Symbol.dispose](): void {
    this.clock.stop();
    this.#guard?.[Symbol.dispose]();
    globalThis.removeEventListener("unhandledrejection", this.#onUnhandled);
    globalThis.removeEventListener("error", this.#onUncaught);
    if (active === this) active = undefined;
  }

  /** Ends the run because code reads the clock until a time that never comes.
   *
   * @throws {StuckError} Always: only an error ends the code's loop. */
  busyWait(): never {
    const error = new StuckError("busyWait", this.clock.now(), this.waiting);
    this.fail(error);
    throw error;
  }

  /** Ends the run because it cannot or must not continue. */
  stuck(how: StuckOnTime): void {
    // Without a wait, the scenario is busy with something outside the simulation.
    const isStill = how === "deadlock" || how === "livelock";
    if (isStill && this.#waits.size === 0) return;
    this.fail(new StuckError(how, this.clock.now(), this.waiting));
  }

  readonly #onUnhandled = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    this.fail(event.reason);
  };

  readonly #onUncaught = (event: ErrorEvent): void => {
    event.preventDefault();
    this.fail(event.error);
  };
}
