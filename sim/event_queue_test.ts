import { assert, assertEquals } from "@std/assert";
import { EventQueue, type QueuedEvent } from "./event_queue.ts";
import { Random } from "./random.ts";

Deno.test("EventQueue orders events as a sorted array does: by deadline, tie-break, order of adding", () => {
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
      const event = queue.add(random.integerBelow(50), random.integerBelow(3), () => {});
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
  for (const event of [...sorted, undefined]) assert(queue.takeNext() === event);
});
