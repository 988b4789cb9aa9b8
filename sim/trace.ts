/**
 * The digest of all events of a run.
 *
 * Two runs with the same digest recorded the same events at the same virtual times: a
 * replay shows that it is the same run. For a text above 128 characters, only the
 * length, the beginning and the end count.
 *
 * The trace stores no events. A listener sees each event and what it carried.
 *
 * @module
 */

import { hashText, mix32 } from "./random.ts";

/** Adds an event to a digest. */
export type Fold<Event> = (event: Event, digest: Digest) => void;

/** Sees each event with its virtual time in milliseconds, and what it carried. The code under test
 * may change `carried` later: a listener that keeps it must clone it. */
export type TraceListener<Event> = (event: Event, atMs: number, carried: unknown) => void;

/** A running hash of 64 bits: quick, and the same on every machine. */
export class Digest {
  #high = 0x6a09e667;
  #low = 0xbb67ae85 | 0;

  /** Adds a number; all of its 32 lower bits count. */
  add(bits: number): void {
    this.#high = Math.imul(this.#high ^ bits, 0x01000193) ^ (this.#low >>> 13);
    this.#low = Math.imul(this.#low + bits, 0x85ebca6b) ^ (this.#high >>> 16);
  }

  /** Adds a text. */
  addText(text: string): void {
    this.add(hashText(text));
  }

  /** Returns the hash as 16 hexadecimal digits.
   *
   * @param count The number of events that went in. */
  text(count: number): string {
    return [mix32(this.#high), mix32(this.#low ^ count)]
      .map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

/** The events of one run. */
export class Trace<Event> {
  readonly #now: () => number;
  readonly #fold: Fold<Event>;
  readonly #listener: TraceListener<Event> | undefined;
  readonly #digest = new Digest();
  #count = 0;

  /** @param now Returns the virtual time in milliseconds.
   * @param fold Adds an event to the digest; its JSON text is added if absent.
   * @param listener Sees every event. */
  constructor(
    now: () => number,
    fold: Fold<Event> = (event, digest) => digest.addText(JSON.stringify(event)),
    listener?: TraceListener<Event>,
  ) {
    this.#now = now;
    this.#fold = fold;
    this.#listener = listener;
  }

  /** The number of events so far. */
  get count(): number {
    return this.#count;
  }

  /** The digest of all events so far, 16 hexadecimal digits. */
  get digest(): string {
    return this.#digest.text(this.#count);
  }

  /** Adds an event.
   *
   * @param carried Also shown to the listener; not part of the digest. */
  record(event: Event, carried?: unknown): void {
    const atMs = this.#now();
    this.#count++;
    const atUs = Math.round(atMs * 1000);
    this.#digest.add(atUs);
    this.#digest.add(atUs / 2 ** 32);
    this.#fold(event, this.#digest);
    this.#listener?.(event, atMs, carried);
  }
}
