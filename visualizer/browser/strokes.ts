/**
 * The strokes of a message in the band of its server. Nothing here draws.
 *
 * @module
 */

import type { FlatMessage } from "./data.ts";
import type { Scene } from "./scene.ts";

/** The height of a band, and where the lines of it are, in pixels. */
export const BAND = { heightPx: 78, callersPx: 24, serverPx: 66 };

/** The least width of a line that ends on its way. */
export const STUB_PX = 7;
const CROSS_PX = 4;

/** One stroke of a message. */
export interface Stroke {
  readonly kind: "request" | "reply" | "late" | "work" | "gave-up" | "cross" | "ring" | "head";
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** All kinds, in the order of drawing. */
export const STROKES: readonly Stroke["kind"][] = [
  "work",
  "request",
  "reply",
  "late",
  "gave-up",
  "head",
  "ring",
  "cross",
];

/** The drawing of a message.
 *
 * @param topPx The top of the band. */
export function strokesOf({ view, axis }: Scene, message: FlatMessage, topPx: number): Stroke[] {
  const x = (atMs: number) => Math.round(view.pxNear(axis.place!(atMs)) * 10) / 10;
  const callers = topPx + BAND.callersPx;
  const server = topPx + BAND.serverPx;
  const middle = (callers + server) / 2;
  const { sentMs, deliveredMs, repliedMs, receivedMs, timedOutMs, dropped, why } = message;
  const strokes: Stroke[] = [];
  const line = (kind: Stroke["kind"], x1: number, y1: number, x2: number, y2: number) => {
    strokes.push({ kind, x1, y1, x2, y2 });
  };
  const sent = x(sentMs);
  const droppedAt = message.droppedMs === undefined ? sent : x(message.droppedMs);
  if (deliveredMs !== undefined) {
    line("request", sent, callers, x(deliveredMs), server);
    line("head", x(deliveredMs), server, sent, callers);
  } else {
    const height = why === "unreachable" ? server - CROSS_PX : middle;
    const end = Math.max(dropped === undefined ? sent : droppedAt, sent + STUB_PX);
    line("request", sent, callers, end, height);
    if (dropped !== undefined) line("cross", end, height, end, height);
  }
  if (timedOutMs !== undefined) {
    line("gave-up", x(timedOutMs), callers - 6, x(timedOutMs), callers + 6);
  }
  if (deliveredMs === undefined) return strokes;
  const worked = repliedMs ?? (why === "no reply" ? message.droppedMs : undefined);
  if (worked !== undefined) line("work", x(deliveredMs), server, x(worked), server);
  if (repliedMs === undefined) {
    if (why === "no reply") line("cross", droppedAt, server, droppedAt, server);
    return strokes;
  }
  const replied = x(repliedMs);
  if (receivedMs !== undefined) {
    line("reply", replied, server, x(receivedMs), callers);
    line("head", x(receivedMs), callers, replied, server);
  } else if (why === "late") {
    line("late", replied, server, droppedAt, callers);
    line("ring", droppedAt, callers, droppedAt, callers);
  } else if (dropped === "reply") {
    const height = why === "unreachable" ? callers + CROSS_PX : middle;
    const end = Math.max(droppedAt, replied + STUB_PX);
    line("reply", replied, server, end, height);
    line("cross", end, height, end, height);
  }
  return strokes;
}

/** The path of a stroke. */
export function strokePath({ kind, x1, y1, x2, y2 }: Stroke): string {
  if (kind === "cross") {
    const size = 2 * CROSS_PX;
    return `M${x1 - CROSS_PX} ${y1 - CROSS_PX}l${size} ${size}m0 ${-size}l${-size} ${size}`;
  }
  if (kind === "ring") {
    return `M${x1 - CROSS_PX} ${y1}a${CROSS_PX} ${CROSS_PX} 0 1 1 0 0.1z`;
  }
  if (kind === "head") return headPath(x1, y1, x2, y2);
  return `M${x1} ${y1}L${x2} ${y2}`;
}

/** The head of an arrow that comes from (x2, y2) and ends at (x1, y1). */
function headPath(x1: number, y1: number, x2: number, y2: number): string {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(x2 - x1) / length * 7, (y2 - y1) / length * 7];
  const at = (value: number) => Math.round(value * 10) / 10;
  return `M${x1} ${y1}L${at(x1 + dx - dy / 2.5)} ${at(y1 + dy + dx / 2.5)}` +
    `L${at(x1 + dx + dy / 2.5)} ${at(y1 + dy - dx / 2.5)}z`;
}

/** Returns the distance of a place from a stroke, in pixels. */
export function distanceTo({ x1, y1, x2, y2 }: Stroke, x: number, y: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((x - x1) * dx + (y - y1) * dy) / squared;
  const near = Math.min(Math.max(along, 0), 1);
  return Math.hypot(x - x1 - near * dx, y - y1 - near * dy);
}
