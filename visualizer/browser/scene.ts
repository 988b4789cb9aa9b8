/**
 * What is on the stage: one part, its layout, the view, and what the reader points at.
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
  /** Where the linearization points lie. */
  points: Float64Array;
  readonly view: View;
  /** Where each message begins and ends on the axis. */
  extents: Extents;
  readonly messages: readonly FlatMessage[];
  readonly faults: readonly PageFault[];
  /** What the pointer is on. */
  hovered: Item | undefined;
  /** What the keyboard is on, in either pane. */
  active: { operation: number | undefined; message: number | undefined };
  /** What was clicked. */
  pinned: Item | undefined;
}

/** Where things begin and end on the axis. */
export interface Extents {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** Where each message begins and ends; at no place if the axis has none for it. */
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

/** Which part of a pane can be seen, in pixels from its top. */
export interface Window {
  readonly topPx: number;
  readonly bottomPx: number;
}

/** Whether two items are the same. */
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
