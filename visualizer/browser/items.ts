/**
 * The items that a reader can point at: operations and messages.
 *
 * @module
 */

import type { PageMessage, PageOperation, PagePart } from "../content.ts";
import type { Axis, Extents } from "./axis.ts";

/** An operation, by its index in the part, or a message, by its index among all messages. */
export interface Item {
  readonly kind: "operation" | "message";
  readonly place: number;
}

/** Returns the beginning and end of each message on an axis; `NaN` if the axis has no times. */
export function messageExtents(messages: readonly PageMessage[], { place }: Axis): Extents {
  const starts = new Float64Array(messages.length).fill(NaN);
  const ends = new Float64Array(messages.length).fill(NaN);
  if (place === undefined) return { starts, ends };
  messages.forEach((message, i) => {
    const { sentMs, deliveredMs, repliedMs, receivedMs, timedOutMs, dropped } = message;
    starts[i] = place(sentMs);
    const times = [deliveredMs, repliedMs, receivedMs, timedOutMs, dropped?.atMs];
    ends[i] = place(Math.max(sentMs, ...times.filter((atMs) => atMs !== undefined)));
  });
  return { starts, ends };
}

/** Returns true if two items are the same. */
export function isSame(one: Item | undefined, other: Item | undefined): boolean {
  return one?.kind === other?.kind && one?.place === other?.place;
}

/** Returns the operations that show why a part is not linearizable: those that the reason
 * names, then the first that cannot be placed. */
export function witnessesOf({ reason, stuck }: PagePart): number[] {
  return [...new Set([...reason?.operations ?? [], ...stuck === undefined ? [] : [stuck]])];
}

/** Returns the indexes of the messages that a client sent while its operation ran. */
export function messagesOf(
  { client, callMs, returnMs = Infinity }: PageOperation,
  messages: readonly PageMessage[],
): number[] {
  if (callMs === undefined) return [];
  return [...messages.keys()].filter((at) => {
    const { from, sentMs } = messages[at]!;
    return from === `clerk ${client}` && sentMs >= callMs && sentMs <= returnMs;
  });
}
