/**
 * `AbortController` and `AbortSignal`. The maintained polyfills extend the platform's own classes,
 * which a realm lacks.
 *
 * @module
 */

import { Event, EventTarget } from "event-target-shim";
import { DOMException } from "./dom_exception.ts";

/** Aborts a signal. Only this module may. */
let abort: (signal: AbortSignal, reason: unknown) => void;

class AbortSignal extends EventTarget {
  #reason: unknown;
  #aborted = false;
  onabort: ((event: Event) => void) | null = null;

  static {
    abort = (signal, reason) => signal.#abort(reason);
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = new AbortSignal();
    abort(signal, reason);
    return signal;
  }

  static timeout(delayMs: number): AbortSignal {
    const signal = new AbortSignal();
    const reason = new DOMException("Signal timed out.", "TimeoutError");
    setTimeout(() => abort(signal, reason), delayMs);
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const all = [...signals];
    const signal = new AbortSignal();
    const first = all.find(({ aborted }) => aborted);
    if (first !== undefined) abort(signal, first.reason);
    for (const each of all) {
      each.addEventListener("abort", () => abort(signal, each.reason), { once: true });
    }
    return signal;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  #abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason ?? new DOMException("The signal has been aborted", "AbortError");
    const event = new Event("abort");
    this.onabort?.(event);
    this.dispatchEvent(event);
  }
}

class AbortController {
  readonly signal = new AbortSignal();

  abort(reason?: unknown): void {
    abort(this.signal, reason);
  }
}

export { AbortController, AbortSignal };
