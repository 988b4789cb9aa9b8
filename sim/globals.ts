/**
 * Simulated globals: during a scenario, the timers, dates and randomness that code
 * reaches through `globalThis` come from the simulation. Code under test needs
 * nothing special, and its runs replay.
 *
 * Not replaced: a function that was copied from `globalThis` before, `node:` modules,
 * real input and output, and `Temporal`, which submissions may not use.
 *
 * @module
 */

import type { Clock, Timer } from "./clock.ts";
import type { Random } from "./random.ts";

/** The date at which every simulation starts. */
export const EPOCH_MS = Date.UTC(2000, 0, 1);

/** The shortest delay of a timer in milliseconds, as in browsers and Node: a loop that
 * polls with `setTimeout(f, 0)` must not stop time. */
const TIMER_DELAY_MS_MIN = 1;
/** Timers with a longer delay get the shortest one, as in browsers and Node. */
const TIMER_DELAY_MS_MAX = 2 ** 31 - 1;

/** The number of clock reads at the same virtual time that counts as busy waiting: simulated time
 * passes only between events. They take some 50 ms. */
export const CLOCK_READS_MAX = 1_000_000;

type Saved = [target: object, key: string, descriptor: PropertyDescriptor | undefined];

/** Replaces the globals until it is disposed of.
 *
 * @example Time passes without taking any
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { GlobalsGuard } from "./globals.ts";
 * import { Random } from "./random.ts";
 * import { VirtualClock } from "./virtual_clock.ts";
 *
 * const random = new Random(1);
 * const stuck = () => {};
 * const clock = new VirtualClock({ random, onStuck: stuck, onError: stuck });
 * {
 *   using _guard = new GlobalsGuard(clock, random);
 *   await new Promise((resolve) => setTimeout(resolve, 60_000));
 *   assertEquals(new Date().toISOString(), "2000-01-01T00:01:00.000Z");
 * }
 * clock.stop();
 * ```
 */
export class GlobalsGuard implements Disposable {
  readonly #saved: Saved[] = [];
  readonly #clock: Omit<Clock, "stop">;
  readonly #timers = new Map<number, Timer>();
  readonly #onBusyWait: () => void;
  #nextTimerId = 1;
  #readMs = -1;
  #reads = 0;

  /** @param clock The time of the run.
   * @param random The source of randomness.
   * @param onBusyWait Called when code reads the clock {@linkcode CLOCK_READS_MAX} times at one
   * time. */
  constructor(
    clock: Omit<Clock, "stop">,
    random: Pick<Random, "bits">,
    onBusyWait: () => void = () => {},
  ) {
    this.#clock = clock;
    this.#onBusyWait = onBusyWait;
    this.#replaceTimers();
    this.#replaceDates();
    this.#replaceRandomness(random);
  }

  [Symbol.dispose](): void {
    for (const [target, key, descriptor] of this.#saved.reverse()) {
      if (descriptor) Object.defineProperty(target, key, descriptor);
      else Reflect.deleteProperty(target, key);
    }
    this.#saved.length = 0;
  }

  #replace(target: object, key: string, value: unknown): void {
    const enumerable = Object.getOwnPropertyDescriptor(target, key)?.enumerable ?? true;
    this.#define(target, key, { value, writable: true, configurable: true, enumerable });
  }

  #define(target: object, key: string, replacement: PropertyDescriptor): void {
    this.#saved.push([target, key, Object.getOwnPropertyDescriptor(target, key)]);
    Object.defineProperty(target, key, replacement);
  }

  #replaceTimers(): void {
    const start = (repeat: boolean) => (action: Action, delayMs?: number, ...args: unknown[]) => {
      const timeout = makeTimeout(this.#nextTimerId++);
      const id = Number(timeout);
      const delay = timerDelay(Number(delayMs));
      const fire = () => {
        if (repeat) this.#timers.set(id, this.#clock.setTimer(delay, fire));
        else this.#timers.delete(id);
        action(...args);
      };
      this.#timers.set(id, this.#clock.setTimer(delay, fire));
      return timeout;
    };
    const clear = (timeout?: unknown) => {
      const id = Number(timeout);
      const timer = this.#timers.get(id);
      if (timer === undefined) return;
      this.#clock.clearTimer(timer);
      this.#timers.delete(id);
    };
    this.#replace(globalThis, "setTimeout", start(false));
    this.#replace(globalThis, "setInterval", start(true));
    this.#replace(globalThis, "clearTimeout", clear);
    this.#replace(globalThis, "clearInterval", clear);
    this.#replace(globalThis, "setImmediate", (action: Action, ...args: unknown[]) => {
      return this.#clock.setTimer(0, () => action(...args));
    });
    this.#replace(globalThis, "clearImmediate", (timer?: Timer) => {
      if (timer) this.#clock.clearTimer(timer);
    });
    // A realm has its own, which uses the timers.
    if (globalThis.AbortSignal === undefined) return;
    this.#replace(AbortSignal, "timeout", (delayMs: number) => {
      const controller = new AbortController();
      const reason = new DOMException("Signal timed out.", "TimeoutError");
      this.#clock.setTimer(delayMs, () => controller.abort(reason));
      return controller.signal;
    });
  }

  /** Reads the clock for code under test. */
  #now(): number {
    const nowMs = this.#clock.now();
    if (nowMs !== this.#readMs) {
      this.#readMs = nowMs;
      this.#reads = 0;
    } else if (++this.#reads >= CLOCK_READS_MAX) this.#onBusyWait();
    return nowMs;
  }

  #replaceDates(): void {
    const now = () => this.#now();
    const epochNow = () => Math.floor(EPOCH_MS + now());
    const simulatedDate = makeSimulatedDate(epochNow);
    this.#replace(Date.prototype, "constructor", simulatedDate);
    this.#replace(globalThis, "Date", simulatedDate);
    this.#replace(performance, "now", now);
    // The other members of the runtime's object tell the real time. A realm has none of them.
    for (const key of Object.getOwnPropertyNames(Object.getPrototypeOf(performance))) {
      const isTime = !["constructor", "now"].includes(key) && !(key in Object.prototype);
      if (isTime) this.#replace(performance, key, undefined);
    }
    this.#replaceFormats(epochNow);
  }

  /** Makes a format without a date show the simulated present. */
  #replaceFormats(epochNow: () => number): void {
    const { prototype } = Intl.DateTimeFormat;
    const { get: format } = Object.getOwnPropertyDescriptor(prototype, "format")!;
    const { formatToParts } = prototype;
    this.#define(prototype, "format", {
      get(this: Intl.DateTimeFormat) {
        const bound: Intl.DateTimeFormat["format"] = format!.call(this);
        return (date?: Date | number) => bound(date === undefined ? epochNow() : date);
      },
      enumerable: false,
      configurable: true,
    });
    this.#replace(prototype, "formatToParts", function (this: Intl.DateTimeFormat, date?: Date) {
      return formatToParts.call(this, date === undefined ? epochNow() : date);
    });
  }

  #replaceRandomness(random: Pick<Random, "bits">): void {
    this.#replace(Math, "random", () => {
      return ((random.bits() >>> 5) * 2 ** 26 + (random.bits() >>> 6)) / 2 ** 53;
    });
    const fill = <T extends ArrayBufferView>(array: T): T => {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      for (let i = 0; i < bytes.length; i++) bytes[i] = random.bits();
      return array;
    };
    this.#replace(crypto, "getRandomValues", fill);
    this.#replace(crypto, "randomUUID", () => {
      const bytes = fill(new Uint8Array(16));
      bytes[6] = (bytes[6]! & 0x0f) | 0x40;
      bytes[8] = (bytes[8]! & 0x3f) | 0x80;
      return bytes.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    });
  }
}

type Action = (...args: unknown[]) => void;

/** Returns the delay that the runtime would use. */
function timerDelay(delayMs: number): number {
  const possible = delayMs >= TIMER_DELAY_MS_MIN && delayMs <= TIMER_DELAY_MS_MAX;
  return possible ? delayMs : TIMER_DELAY_MS_MIN;
}

/** Makes the result of `setTimeout`, which converts to its number. */
function makeTimeout(id: number) {
  const timeout = {
    [Symbol.toPrimitive]: () => id,
    ref: () => timeout,
    unref: () => timeout,
    hasRef: () => true,
  };
  return timeout;
}

/** Makes a `Date` whose present is the simulation's. Assignments to it vanish with it. */
function makeSimulatedDate(epochNow: () => number): DateConstructor {
  const RealDate = Date;
  function SimulatedDate(...args: []): string | Date {
    if (new.target === undefined) return new RealDate(epochNow()).toString();
    const own = new.target as unknown === SimulatedDate;
    const target: DateConstructor = own ? RealDate : new.target as never;
    return Reflect.construct(RealDate, args.length > 0 ? args : [epochNow()], target);
  }
  const { UTC, parse, prototype } = RealDate;
  Object.defineProperty(SimulatedDate, "name", { value: "Date" });
  return Object.assign(SimulatedDate, { now: epochNow, UTC, parse, prototype }) as never;
}
