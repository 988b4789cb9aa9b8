import { assert, assertEquals } from "@std/assert";
import { EventQueue, type QueuedEvent } from "./event_queue.ts";
import { Random } from "./random.ts";

const nothing = () => {};

/** Takes every event that waits. */
function takeAll(queue: EventQueue): QueuedEvent[] {
  const taken: QueuedEvent[] = [];
  for (let event = queue.takeNext(); event; event = queue.takeNext()) taken.push(event);
  return taken;
}

/** A queue of events with the deadlines 0, 1, 2, …, added in a mixed order. */
function mixedQueue(size: number): { queue: EventQueue; events: QueuedEvent[] } {
  const queue = new EventQueue();
  const step = 7; // coprime with the sizes below, so that every deadline occurs once
  const events: QueuedEvent[] = [];
  for (let i = 0; i < size; i++) {
    const deadlineMs = (i * step) % size;
    events[deadlineMs] = queue.add(deadlineMs, 0, nothing);
  }
  return { queue, events };
}

Deno.test("EventQueue.takeNext() follows the deadlines when they differ", () => {
  const { queue, events } = mixedQueue(20);
  assertEquals(queue.size, 20);
  assertEquals(takeAll(queue), events);
  assertEquals(queue.size, 0);
});

Deno.test("EventQueue.takeNext() follows the tie-break when deadlines are equal", () => {
  const queue = new EventQueue();
  for (const tieBreak of [3, -5, 0, 2, -1]) queue.add(10, tieBreak, nothing);
  queue.add(9, 100, nothing);
  assertEquals(takeAll(queue).map(({ tieBreak }) => tieBreak), [100, -5, -1, 0, 2, 3]);
});

Deno.test("EventQueue.takeNext() follows the order of adding when all else is equal", () => {
  const queue = new EventQueue();
  const added = Array.from({ length: 20 }, () => queue.add(10, 1, nothing));
  assert(takeAll(queue).every((event, i) => event === added[i]));
});

Deno.test("EventQueue.takeNext() gives what was added when there was something", () => {
  const queue = new EventQueue();
  assertEquals(queue.takeNext(), undefined);
  const action = () => {};
  queue.add(5, 6, action);
  const event = queue.takeNext();
  assert(event?.action === action);
  assertEquals([event.deadlineMs, event.tieBreak], [5, 6]);
  assertEquals(queue.takeNext(), undefined);
});

Deno.test("EventQueue.remove() leaves the others in order when one leaves from any place", () => {
  const size = 20;
  for (let removed = 0; removed < size; removed++) {
    const { queue, events } = mixedQueue(size);
    queue.remove(events[removed]!);
    assertEquals(queue.size, size - 1);
    assertEquals(takeAll(queue), events.toSpliced(removed, 1));
  }
});

Deno.test("EventQueue.remove() does nothing when the event has left already", () => {
  const { queue, events } = mixedQueue(20);
  const taken = queue.takeNext()!;
  const removed = events[10]!;
  queue.remove(removed);
  queue.remove(removed);
  queue.remove(taken);
  assertEquals(takeAll(queue), events.filter((event) => event !== taken && event !== removed));
});

Deno.test("EventQueue agrees with a sorted array when events come and go at random", () => {
  const random = new Random(1);
  const queue = new EventQueue();
  const known: QueuedEvent[] = [];
  let sorted: QueuedEvent[] = [];
  const isBefore = (a: QueuedEvent, b: QueuedEvent) => {
    return a.deadlineMs - b.deadlineMs || a.tieBreak - b.tieBreak || a.sequence - b.sequence;
  };
  for (let step = 0; step < 5000; step++) {
    const dice = random.next();
    if (dice < 0.5) {
      const event = queue.add(random.integerBelow(50), random.integerBelow(3), nothing);
      known.push(event);
      sorted = [...sorted, event].sort(isBefore);
    } else if (dice < 0.8 && known.length > 0) {
      const event = known[random.integerBelow(known.length)]!; // may have left already
      queue.remove(event);
      sorted = sorted.filter((other) => other !== event);
    } else {
      assert(queue.takeNext() === sorted.shift());
    }
    assertEquals(queue.size, sorted.length);
  }
  assert(sorted.length > 20, "the run ended with too few events to mean anything");
  assertEquals(takeAll(queue).map(({ sequence }) => sequence), sorted.map((e) => e.sequence));
});
