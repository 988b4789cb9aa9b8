/**
 * What is known of a run that never let go of the processor: what its thread said up
 * to that moment.
 *
 * @module
 */

import type { Violation } from "../testing/failure_report.ts";
import { HINTS } from "../testing/hints.ts";
import { messagesOf } from "./messages.ts";
import type { Entry } from "./recording.ts";
import type { Scene, Script } from "./script.ts";
import { numberOf } from "./summary.ts";

/** Says who it was, as far as the last thing tells that happened before. */
export function hangViolation(entries: readonly Entry[]): Violation {
  return { what: `${culpritOf(entries)}, and nothing else could go on`, hint: HINTS.neverYields };
}

function culpritOf(entries: readonly Entry[]): string {
  const last = entries.findLast((entry) => "event" in entry)?.event;
  if (last?.kind === "called") return `clerk ${last.client} never let go of the processor`;
  const message = last !== undefined && "message" in last
    ? messagesOf(entries).find(({ id }) => id === last.message)
    : undefined;
  if (message === undefined) return "The run never let go of the processor";
  const name = `request ${numberOf(message)}`;
  switch (last!.kind) {
    case "delivered":
      return `${message.to} never let go of the processor while it handled ${name}`;
    case "received":
      return `${message.from} never let go of the processor after the reply to ${name}`;
    case "timed out":
      return `${message.from} never let go of the processor after ${name} was not answered`;
    default:
      return `The run never let go of the processor after ${name}`;
  }
}

/** A script without the operations that nobody had begun. */
export function begunOf(script: Script, entries: readonly Entry[]): Script {
  const left = new Map<number, number>();
  for (const entry of entries) {
    if (!("event" in entry) || entry.event.kind !== "called") continue;
    left.set(entry.event.client, (left.get(entry.event.client) ?? 0) + 1);
  }
  const scenes = script.scenes.map((scene): Scene => {
    const clerks = scene.clerks.map((operations, clerk) => {
      const begun = operations.slice(0, left.get(clerk) ?? 0);
      left.set(clerk, (left.get(clerk) ?? 0) - begun.length);
      return begun;
    });
    return { ...scene, clerks };
  });
  const isBegun = ({ clerks }: Scene) => clerks.some((operations) => operations.length > 0);
  return { ...script, scenes: scenes.slice(0, scenes.findLastIndex(isBegun) + 1) };
}
