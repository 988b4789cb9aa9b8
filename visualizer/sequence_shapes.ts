/**
 * The shapes of a sequence diagram as SVG text: notes, arrows, lost messages, labels. The
 * caller decides on their positions; an arrow may end lower than it starts.
 *
 * Nothing is measured: the font is monospaced, and texts are cut to fit.
 *
 * @module
 */

import { CHARACTER_PX, fitEnds, round } from "./browser/shapes.ts";
import { strokePath } from "./browser/strokes.ts";
import { escapeHtml } from "./escape.ts";

/** The right end of the times, and the position of the first lifeline. */
export const TIME_PX = 62;
export const FIRST_COLUMN_PX = 116;

/** The row of names above the lifelines. */
export const HEADING = { heightPx: 28, baselinePx: 18 };

/** The height of a row, and the positions in it. */
export const ROW = {
  heightPx: 32,
  labelPx: 11,
  linePx: 21,
  baselinePx: 20,
  boxTopPx: 5,
  boxPx: 22,
};

/** The space beside a text. */
export const MARGIN_PX = 8;

/** The size of the loop of a message to oneself; the height is that above and below its middle. */
export const LOOP = { widthPx: 24, heightPx: 7 };

/** The length of the arrow of a lost message, as a share, and the text at its end. */
const LOST_SHARE = 0.6;
const LOST = "lost";

/** A message between two lifelines. */
export interface ArrowShape {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  /** Equal to `y1` if the arrow is level. */
  readonly y2: number;
  readonly text: string;
  /** The width for the text; the distance of the lifelines if absent. */
  readonly roomPx?: number;
  /** True if the message never arrives. */
  readonly isLost: boolean;
}

/** Draws a box with a text at a lifeline. */
export function noteShape(x: number, top: number, text: string, columnPx: number): string {
  const shown = fitEnds(text, columnPx - 4 * MARGIN_PX);
  const width = Math.ceil(widthOf(shown)) + 2 * MARGIN_PX;
  return `<rect class="note" x="${x - MARGIN_PX}" y="${top + ROW.boxTopPx}" ` +
    `width="${width}" height="${ROW.boxPx}" rx="4"/>` +
    labelShape("start", x, top + ROW.baselinePx, shown);
}

/** Draws a message from one lifeline to another. The text is above the middle of a
 * level arrow, and above the beginning of a slanted one. */
export function arrowShape({ x1, y1, x2, y2, text, roomPx, isLost }: ArrowShape): string {
  const shown = fitEnds(text, roomPx ?? Math.abs(x2 - x1) - 4 * MARGIN_PX);
  const labelY = y1 + ROW.labelPx - ROW.linePx;
  const isToRight = x2 > x1;
  const name = y1 === y2
    ? labelShape("middle", (x1 + x2) / 2, labelY, shown)
    : labelShape(isToRight ? "start" : "end", x1 + besides(isToRight), labelY, shown);
  if (!isLost) {
    return `${lineShape(`M${x1} ${y1}${lineTo(x2, y2, y1)}`)}${headShape(x2, y2, x1, y1)}${name}`;
  }
  const x = Math.round(x1 + LOST_SHARE * (x2 - x1));
  return lineShape(`M${x1} ${y1}${lineTo(x, y2, y1)}`, true) + crossShape(x, y2) +
    labelShape(isToRight ? "start" : "end", x + besides(isToRight), y2 + 4, LOST, "drop") + name;
}

/** Draws a message to oneself. */
export function loopShape(
  x: number,
  top: number,
  { text, isLost }: Pick<ArrowShape, "text" | "isLost">,
  columnPx: number,
): string {
  const middle = top + ROW.linePx - LOOP.heightPx / 2;
  const [out, above, below] = [x + LOOP.widthPx, middle - LOOP.heightPx, middle + LOOP.heightPx];
  const room = columnPx - LOOP.widthPx - 3 * MARGIN_PX;
  const shown = fitEnds(isLost ? `${LOST}: ${text}` : text, room);
  const name = labelShape("start", out + MARGIN_PX, top + ROW.baselinePx, shown);
  const line = lineShape(`M${x} ${above}H${out}V${below}${isLost ? "" : `H${x}`}`, isLost);
  return line + (isLost ? crossShape(out, below) : headShape(x, below, out, below)) + name;
}

/** Draws a text. */
export function labelShape(
  anchor: "start" | "middle" | "end",
  x: number,
  y: number,
  text: string,
  name = "text",
): string {
  return `<text class="${name}" text-anchor="${anchor}" x="${x}" y="${y}">${
    escapeHtml(text)
  }</text>`;
}

/** Draws a line; one of a lost message is dashed. */
function lineShape(path: string, isLost = false): string {
  return `<path class="stroke${isLost ? " lost" : ""}" d="${path}"/>`;
}

/** Returns the width of a text. */
export function widthOf(text: string): number {
  return text.length * CHARACTER_PX;
}

function lineTo(x: number, y: number, fromY: number): string {
  return y === fromY ? `H${x}` : `L${x} ${round(y)}`;
}

function headShape(x: number, y: number, fromX: number, fromY: number): string {
  return `<path class="stroke head" d="${
    strokePath({ kind: "head", x1: x, y1: y, x2: fromX, y2: fromY })
  }"/>`;
}

function crossShape(x: number, y: number): string {
  return `<path class="stroke cross" d="${
    strokePath({ kind: "cross", x1: x, y1: y, x2: x, y2: y })
  }"/>`;
}

function besides(isToRight: boolean): number {
  return isToRight ? MARGIN_PX : -MARGIN_PX;
}
