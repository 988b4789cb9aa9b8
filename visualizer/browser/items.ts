/**
 * What a reader can point at, and how the one belongs to the other.
 *
 * @module
 */

import type { PageMessage, PageOperation, PagePart } from "../content.ts";
import type { Axis, Extents } from "./axis.ts";

/** Something that can be pointed at: an operation by its place in the part, a message
 * by its place among all messages. */
export interface Item {
  readonly kind: "operation" | "message";
  readonly place: number;
}

/** Returns the beginning and end of each message; none if the axis has no place for it. */
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

/** The operations that tell why a part is not linearizable: those that the reason names,
 * then the first that cannot be placed. */
export function witnessesOf({ reason, stuck }: PagePart): number[] {
  return [...new Set([...reason?.operations ?? [], ...stuck === undefined ? [] : [stuck]])];
}

/** The messages that a client sent while an operation ran: places among all. */
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
