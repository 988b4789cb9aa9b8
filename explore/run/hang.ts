/**
 * Describes a run that never yielded, from the events before.
 *
 * @module
 */

import type { Violation } from "../../testing/failure_report.ts";
import { HINTS } from "../../testing/hints.ts";
import { clerkName } from "../../testing/names.ts";
import { messagesOf } from "../recording/messages.ts";
import type { Entry } from "../recording/recording.ts";
import { withoutSteps } from "../counterexample/reductions.ts";
import { isOperation, type Schedule } from "../counterexample/schedule.ts";
import { numberOf } from "../story/summary.ts";

/** Returns the violation of a run that never yielded after some events. */
export function hangViolation(entries: readonly Entry[]): Violation {
  const { at = "The run", when } = lastMomentOf(entries);
  const what = `${at} never let go of the processor${when}, and nothing else could go on`;
  return { what, hint: HINTS.neverYields };
}

/** Returns the machine that never yielded, if that is known, and since when. */
export function lastMomentOf(entries: readonly Entry[]): { at?: string; when: string } {
  const last = entries.findLast((entry) => "event" in entry)?.event;
  if (last?.kind === "called" || last?.kind === "threw") {
    return { at: clerkName(last.client), when: "" };
  }
  if (last === undefined || !("message" in last)) return { when: "" };
  const message = messagesOf(entries).find(({ id }) => id === last.message)!;
  const name = `request ${numberOf(message)}`;
  switch (last.kind) {
    case "delivered":
      return { at: message.to, when: ` while it handled ${name}` };
    case "received":
      return { at: message.from, when: ` after the reply to ${name}` };
    case "timed out":
      return { at: message.from, when: ` when ${name} was not answered` };
    default:
      return { when: ` after ${name}` };
  }
}

/** Returns a schedule without the operations that never began. */
export function withoutUnstarted(schedule: Schedule, entries: readonly Entry[]): Schedule {
  const left = new Map<number, number>();
  for (const entry of entries) {
    if (!("event" in entry) || entry.event.kind !== "called") continue;
    left.set(entry.event.client, (left.get(entry.event.client) ?? 0) + 1);
  }
  return withoutSteps(schedule, (step) => {
    if (!isOperation(step)) return false;
    const count = left.get(step.clerk) ?? 0;
    left.set(step.clerk, count - 1);
    return count <= 0;
  });
}
