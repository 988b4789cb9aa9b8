/**
 * The operations and messages under way, which show when nothing is left to happen. Messages that a
 * person holds back do not count.
 *
 * @module
 */

import type { DrawnCall } from "../../labrpc.ts";
import type { TraceEvent } from "../../testing/trace_event.ts";
import { isUndecided } from "../undecided.ts";

/** The operations and messages that are under way. */
export class Traffic {
  readonly #clerks = new Set<number>();
  /** The messages that travel. */
  readonly #messages = new Set<number>();
  /** The requests whose replies are held back. */
  readonly #heldReplies = new Set<number>();
  #last = 0;

  /** True if nothing travels, and no operation is under way. */
  get isQuiet(): boolean {
    return this.#clerks.size === 0 && this.#messages.size === 0;
  }

  /** Records an event. */
  record(event: TraceEvent): void {
    switch (event.kind) {
      case "called":
        return void this.#clerks.add(event.client);
      case "returned":
      case "threw":
        return void this.#clerks.delete(event.client);
      case "sent":
      case "duplicated":
        this.#last = event.message;
        return void this.#messages.add(event.message);
      case "replied":
        if (!this.#heldReplies.has(event.message)) this.#messages.add(event.message);
        return;
      case "delivered":
      case "received":
      case "dropped":
        return void this.#messages.delete(event.message);
    }
  }

  /** Records the decision of the network about the request that was sent last. */
  decide({ drawn }: DrawnCall): void {
    if (isUndecided(drawn.requestDelayMs)) this.#messages.delete(this.#last);
    if (isUndecided(drawn.replyDelayMs)) this.#heldReplies.add(this.#last);
  }
}
