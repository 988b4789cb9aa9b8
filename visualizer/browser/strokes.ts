/**
 * The strokes that draw a message in the band of its server. Nothing here draws.
 *
 * @module
 */

import type { PageMessage } from "../content.ts";
import { round } from "./shapes.ts";
import type { Stage } from "./stage.ts";

/** The height of a band and the positions of its lines, in pixels. */
export const BAND = { heightPx: 78, callersPx: 24, serverPx: 66 };

/** The least width of a line of a lost message. */
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

/** All kinds of strokes, in the order of drawing. */
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

/** Returns the strokes of a message.
 *
 * @param topPx The top of the band. */
export function strokesOf(
  { view, axis }: Pick<Stage, "view" | "axis">,
  message: PageMessage,
  topPx: number,
): Stroke[] {
  const x = (atMs: number) => round(view.pxNear(axis.place!(atMs)));
  const callers = topPx + BAND.callersPx;
  const server = topPx + BAND.serverPx;
  const { sentMs, deliveredMs, repliedMs, receivedMs, timedOutMs, dropped } = message;
  const strokes: Stroke[] = [];
  const line = (kind: Stroke["kind"], x1: number, y1: number, x2 = x1, y2 = y1) => {
    strokes.push({ kind, x1, y1, x2, y2 });
  };
  const arrow = (kind: Stroke["kind"], x1: number, y1: number, x2: number, y2: number) => {
    line(kind, x1, y1, x2, y2);
    line("head", x2, y2, x1, y1);
  };
  const lost = (kind: Stroke["kind"], x1: number, y1: number, y2: number, atMs: number) => {
    const height = dropped?.why === "unreachable"
      ? y2 + Math.sign(y1 - y2) * CROSS_PX
      : (y1 + y2) / 2;
    const end = Math.max(x(atMs), x1 + STUB_PX);
    line(kind, x1, y1, end, height);
    if (dropped !== undefined) line("cross", end, height);
  };
  if (timedOutMs !== undefined) {
    line("gave-up", x(timedOutMs), callers - 6, x(timedOutMs), callers + 6);
  }
  if (deliveredMs === undefined) {
    lost("request", x(sentMs), callers, server, dropped?.atMs ?? sentMs);
    return strokes;
  }
  arrow("request", x(sentMs), callers, x(deliveredMs), server);
  const isUnanswered = dropped?.why === "no reply";
  const worked = repliedMs ?? (isUnanswered ? dropped.atMs : undefined);
  if (worked === undefined) return strokes;
  line("work", x(deliveredMs), server, x(worked));
  if (isUnanswered) line("cross", x(worked), server);
  else if (receivedMs !== undefined) arrow("reply", x(worked), server, x(receivedMs), callers);
  else if (dropped?.why === "late") {
    line("late", x(worked), server, x(dropped.atMs), callers);
    line("ring", x(dropped.atMs), callers);
  } else if (dropped?.what === "reply") lost("reply", x(worked), server, callers, dropped.atMs);
  return strokes;
}

/** Returns the path of a stroke. */
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

/** Returns the head of an arrow from (x2, y2) to (x1, y1). */
function headPath(x1: number, y1: number, x2: number, y2: number): string {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(x2 - x1) / length * 7, (y2 - y1) / length * 7];
  return `M${x1} ${y1}L${round(x1 + dx - dy / 2.5)} ${round(y1 + dy + dx / 2.5)}` +
    `L${round(x1 + dx + dy / 2.5)} ${round(y1 + dy - dx / 2.5)}z`;
}

/** Returns the distance of a point from a stroke, in pixels. */
export function distanceTo({ x1, y1, x2, y2 }: Stroke, x: number, y: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const squared = dx * dx + dy * dy;
  const along = squared === 0 ? 0 : ((x - x1) * dx + (y - y1) * dy) / squared;
  const near = Math.min(Math.max(along, 0), 1);
  return Math.hypot(x - x1 - near * dx, y - y1 - near * dy);
}
