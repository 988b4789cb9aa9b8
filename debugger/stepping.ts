/**
 * The positions that steps of each kind lead to.
 *
 * @module
 */

import type { Branch } from "./branch.ts";
import type { Command } from "./protocol.ts";
import type { StepEvent } from "./record.ts";

type By = Extract<Command, { do: "step" }>["by"];

const OF_MESSAGES: readonly StepEvent["kind"][] = [
  "sent",
  "duplicated",
  "delivered",
  "replied",
  "received",
  "dropped",
];
const OF_OPERATIONS: readonly StepEvent["kind"][] = ["called", "returned", "threw"];

/** Returns the next position of a kind, or the end of the branch on that side. */
export function nextPosition(
  { timeline, position }: Branch,
  by: By,
  back: boolean,
): number {
  const { steps, end } = timeline;
  const isWanted = (place: number): boolean => {
    const { kind } = steps[place - 1]!.event;
    switch (by) {
      case "event":
        return true;
      case "message":
        return OF_MESSAGES.includes(kind);
      case "operation":
        return OF_OPERATIONS.includes(kind);
    }
  };
  const step = back ? -1 : 1;
  for (let place = position + step; place > 0 && place <= end; place += step) {
    if (isWanted(place)) return place;
  }
  return back ? 0 : end;
}
