/**
 * Everything that happened in a run, in order, folded into one digest.
 *
 * Two runs with the same digest sent, delivered, dropped and answered the same
 * messages and returned the same results at the same virtual times. That is how
 * a replay shows that it is the same run. Of a text above 128 characters only the
 * length, the beginning and the end count.
 *
 * The trace keeps no events. Whoever wants them listens, and sees what messages carry
 * as well.
 *
 * @module
 */

import { hashText, mix32 } from "./random.ts";

/** What a message is called in the trace: its number, in the order of sending. */
export type MessageId = number;

/** One thing that happened. `content` is a hash of what was carried. */
export type TraceEvent =
  | {
    kind: "sent";
    message: MessageId;
    end: string;
    method: string;
    bytes: number;
    content: number;
  }
  | { kind: "copied"; message: MessageId; original: MessageId }
  | { kind: "delivered"; message: MessageId; server: string }
  | {
    kind: "dropped";
    message: MessageId;
    what: "request" | "reply";
    why: DropReason;
  }
  | { kind: "replied"; message: MessageId; bytes: number; content: number }
  | { kind: "received"; message: MessageId }
  | { kind: "timed out"; message: MessageId }
  | { kind: "called"; client: number; operation: string; key: string; value: string }
  | { kind: "returned"; client: number; output: string | null }
  | { kind: "fault"; what: string };

/** Why the network did not deliver a message. */
export type DropReason = "lost" | "unreachable" | "late" | "no reply";

const KIND_CODES: Record<TraceEvent["kind"], number> = {
  sent: 1,
  delivered: 2,
  dropped: 3,
  replied: 4,
  received: 5,
  "timed out": 6,
  called: 7,
  returned: 8,
  fault: 9,
  copied: 10,
};

/** Sees each event with its virtual time in milliseconds, and what was sent or replied.
 * That may change later: whoever wants to keep it makes a copy. */
export type TraceListener = (event: TraceEvent, atMs: number, carried: unknown) => void;

/** The running digest of one run. */
export class Trace {
  readonly #now: () => number;
  readonly #listener: TraceListener | undefined;
  #count = 0;
  #high = 0x6a09e667;
  #low = 0xbb67ae85 | 0;

  /** @param now Tells the virtual time in milliseconds.
   * @param listener Sees every event. */
  constructor(now: () => number, listener?: TraceListener) {
    this.#now = now;
    this.#listener = listener;
  }

  /** How many events were recorded. */
  get count(): number {
    return this.#count;
  }

  /** The digest of all events so far: 16 hexadecimal digits. */
  get digest(): string {
    return [mix32(this.#high), mix32(this.#low ^ this.#count)]
      .map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
  }

  /** Adds an event.
   *
   * @param carried What was sent or replied, for the listener alone: the event has a
   * hash of it. */
  record(event: TraceEvent, carried?: unknown): void {
    const atMs = this.#now();
    this.#count++;
    const atUs = Math.round(atMs * 1000);
    this.#add(atUs);
    this.#add(atUs / 2 ** 32);
    this.#add(KIND_CODES[event.kind]);
    this.#addFields(event);
    this.#listener?.(event, atMs, carried);
  }

  #addFields(event: TraceEvent): void {
    switch (event.kind) {
      case "sent":
        this.#addText(event.end);
        this.#addText(event.method);
        this.#add(event.bytes);
        return this.#add(event.content);
      case "copied":
        this.#add(event.message);
        return this.#add(event.original);
      case "delivered":
        this.#add(event.message);
        return this.#addText(event.server);
      case "dropped":
        this.#add(event.message);
        this.#addText(event.what);
        return this.#addText(event.why);
      case "replied":
        this.#add(event.message);
        this.#add(event.bytes);
        return this.#add(event.content);
      case "received":
      case "timed out":
        return this.#add(event.message);
      case "called":
        this.#add(event.client);
        this.#addText(event.operation);
        this.#addText(event.key);
        return this.#addText(event.value);
      case "returned":
        this.#add(event.client);
        this.#add(event.output === null ? 0 : 1);
        return this.#addText(event.output ?? "");
      case "fault":
        return this.#addText(event.what);
    }
  }

  #addText(text: string): void {
    this.#add(hashText(text));
  }

  #add(bits: number): void {
    this.#high = Math.imul(this.#high ^ bits, 0x01000193) ^ (this.#low >>> 13);
    this.#low = Math.imul(this.#low + bits, 0x85ebca6b) ^ (this.#high >>> 16);
  }
}
