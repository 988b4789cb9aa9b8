/**
 * The event that is due next: a binary heap in the order (deadline, seeded
 * tie-break, sequence number).
 *
 * Each entry knows its place in the heap, so that a cancelled timer leaves
 * immediately. Most timers of a simulation are RPC timeouts that are cancelled a
 * millisecond later. If they stayed until their deadline, they would outnumber the
 * live timers a hundred to one.
 *
 * @module
 */

/** An event that waits for its deadline. */
export interface QueuedEvent {
  /** The time at which it is due, in virtual milliseconds. */
  readonly deadlineMs: number;
  /** Orders events of the same deadline. */
  readonly tieBreak: number;
  /** Orders events of the same tie-break: the number of events queued before this one. */
  readonly sequence: number;
  readonly action: () => void;
  /** The index in the heap, -1 after the event left. Updated by {@linkcode EventQueue}. */
  place: number;
}

function isBefore(a: QueuedEvent, b: QueuedEvent): boolean {
  if (a.deadlineMs !== b.deadlineMs) return a.deadlineMs < b.deadlineMs;
  if (a.tieBreak !== b.tieBreak) return a.tieBreak < b.tieBreak;
  return a.sequence < b.sequence;
}

/** A priority queue of events with removal. Every operation is O(log n). */
export class EventQueue {
  readonly #heap: QueuedEvent[] = [];
  #sequence = 0;

  /** The number of events that wait. */
  get size(): number {
    return this.#heap.length;
  }

  /** Queues an event.
   *
   * @returns The entry, for {@linkcode remove}. */
  add(deadlineMs: number, tieBreak: number, action: () => void): QueuedEvent {
    const sequence = this.#sequence++;
    const event = { deadlineMs, tieBreak, sequence, action, place: this.#heap.length };
    this.#heap.push(event);
    this.#rise(event);
    return event;
  }

  /** Removes an event. Does nothing if it has left already. */
  remove(event: QueuedEvent): void {
    const place = event.place;
    if (place < 0) return;
    event.place = -1;
    const last = this.#heap.pop()!;
    if (last === event) return;
    this.#put(last, place);
    this.#rise(last);
    this.#sink(last);
  }

  /** Removes and returns the event that is due first; `undefined` if none waits. */
  takeNext(): QueuedEvent | undefined {
    const first = this.#heap[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  #put(event: QueuedEvent, place: number): void {
    this.#heap[place] = event;
    event.place = place;
  }

  #rise(event: QueuedEvent): void {
    let place = event.place;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above]!;
      if (!isBefore(event, parent)) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(event, place);
  }

  #sink(event: QueuedEvent): void {
    const size = this.#heap.length;
    let place = event.place;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= size) break;
      if (below + 1 < size && isBefore(this.#heap[below + 1]!, this.#heap[below]!)) below++;
      const child = this.#heap[below]!;
      if (!isBefore(child, event)) break;
      this.#put(child, place);
      place = below;
    }
    this.#put(event, place);
  }
}
