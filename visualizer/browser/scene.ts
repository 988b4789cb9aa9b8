/**
 * The content of the stage: one part, its layout, the view, and what the reader points at.
 * Everything that draws or tells takes its facts from here.
 *
 * @module
 */

import type { PageFault } from "../content.ts";
import type { Axis } from "./axis.ts";
import type { FlatMessage, Part } from "./data.ts";
import type { Layout } from "./layout.ts";
import type { View } from "./view.ts";

/** Something that can be pointed at: an operation by its place in the part, a message
 * by its place among all messages. */
export type Item =
  | { readonly kind: "operation"; readonly place: number }
  | { readonly kind: "message"; readonly place: number };

/** The stage. */
export interface Scene {
  part: Part;
  layout: Layout;
  axis: Axis;
  /** The places of the linearization points. */
  points: Float64Array;
  readonly view: View;
  /** The beginning and end of each message on the axis. */
  extents: Extents;
  readonly messages: readonly FlatMessage[];
  readonly faults: readonly PageFault[];
  /** True if a story says already what went wrong. */
  readonly isTold: boolean;
  /** The item at the pointer. */
  hovered: Item | undefined;
  /** The item that has the keyboard, in either pane. */
  active: { operation: number | undefined; message: number | undefined };
  /** The item that was clicked. */
  pinned: Item | undefined;
}

/** The beginnings and ends of things on the axis. */
export interface Extents {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** Returns the beginning and end of each message; none if the axis has no place for it. */
export function messageExtents(messages: readonly FlatMessage[], { place }: Axis): Extents {
  const starts = new Float64Array(messages.length).fill(NaN);
  const ends = new Float64Array(messages.length).fill(NaN);
  if (place === undefined) return { starts, ends };
  messages.forEach((message, i) => {
    const { sentMs, deliveredMs, repliedMs, receivedMs, timedOutMs, droppedMs } = message;
    starts[i] = place(sentMs);
    const times = [deliveredMs, repliedMs, receivedMs, timedOutMs, droppedMs];
    ends[i] = place(Math.max(sentMs, ...times.filter((atMs) => atMs !== undefined)));
  });
  return { starts, ends };
}

/** Room for names at the left of the lanes, in pixels. */
export const GUTTER_PX = 108;

/** The part of a pane that can be seen, in pixels from its top. */
export interface Window {
  readonly topPx: number;
  readonly bottomPx: number;
}

/** Returns true if two items are the same. */
export function isSame(one: Item | undefined, other: Item | undefined): boolean {
  return one?.kind === other?.kind && one?.place === other?.place;
}

/** The operations that tell why a part is not linearizable: those that the reason names,
 * then the first that cannot be placed. */
export function witnessesOf({ reason, stuck }: Part): number[] {
  return [...new Set([...reason?.operations ?? [], ...stuck === undefined ? [] : [stuck]])];
}

/** The messages that a client sent while an operation ran: places among all. */
export function messagesOf(scene: Scene, place: number): number[] {
  const { client, callMs, returnMs = Infinity } = scene.part.operations[place]!;
  if (callMs === undefined) return [];
  const from = `clerk ${client}`;
  return [...scene.messages.keys()].filter((at) => {
    const message = scene.messages[at]!;
    return message.from === from && message.sentMs >= callMs && message.sentMs <= returnMs;
  });
}

/** Returns the word for who called: a clerk in a run of the lab, which has messages; in
 * any other history, a client. */
export function callerWord({ messages }: Pick<Scene, "messages">): "Clerk" | "Client" {
  return messages.length > 0 ? "Clerk" : "Client";
}
