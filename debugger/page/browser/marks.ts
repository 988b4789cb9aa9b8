/**
 * The drawings of the diagram: notes at a lifeline, and messages from the row in which they
 * are sent to the row in which they end. Nothing here touches the page.
 *
 * @module
 */

import {
  arrowShape,
  labelShape,
  loopShape,
  MARGIN_PX,
  noteShape,
  ROW,
  TIME_PX,
} from "../../../visualizer/sequence_shapes.ts";

/** The share of the way at which a message under way is drawn. */
const UNDER_WAY_SHARE = 0.4;
const UNDER_WAY_PX = 5;

/** A drawing that begins in a row. */
export type Mark =
  | {
    readonly kind: "note";
    readonly row: number;
    readonly at: string;
    readonly text: string;
  }
  | {
    readonly kind: "message";
    readonly row: number;
    /** The row of its end; absent as long as it is under way. */
    readonly endRow?: number;
    readonly from: string;
    readonly to: string;
    readonly text: string;
    readonly isLost: boolean;
  };

/** The places of lifelines, in pixels. */
export interface Columns {
  readonly places: ReadonlyMap<string, number>;
  /** The distance of one from the next. */
  readonly columnPx: number;
  /** The width of the whole drawing. */
  readonly widthPx: number;
}

/** The distance of lifelines at least and at most. */
const COLUMN_PX_MIN = 64;
const COLUMN_PX_MAX = 380;
/** The room right of the last lifeline, for the notes there, if there is enough. */
const LAST_PX = 220;
/** The room of a note, which covers other lifelines if they are close. */
const NOTE_PX_MIN = 220;
const LAST_COLUMN_PX_MIN = 48;

/** The place of the first lifeline: half of its name stands left of it. */
const FIRST_PX = TIME_PX + 46;

/** Returns places for the lifelines that fill a width.
 *
 * @param widthPx The width of the pane. The drawing is wider if they do not fit. */
export function columnsFor(names: readonly string[], widthPx: number): Columns {
  const roomPx = widthPx - FIRST_PX - MARGIN_PX;
  const share = Math.floor(Math.max(
    roomPx / Math.max(names.length, 1),
    (roomPx - LAST_PX) / Math.max(names.length - 1, 1),
  ));
  const columnPx = Math.min(Math.max(share, COLUMN_PX_MIN), COLUMN_PX_MAX);
  const places = new Map(names.map((name, i) => [name, FIRST_PX + i * columnPx]));
  const lastPx = FIRST_PX + (names.length - 1) * columnPx;
  return { places, columnPx, widthPx: Math.max(widthPx, lastPx + LAST_COLUMN_PX_MIN) };
}

/** Returns the marks that reach into some rows.
 *
 * @param to The first row that is not shown. */
export function marksIn(marks: readonly Mark[], from: number, to: number): Mark[] {
  return marks.filter((mark) => {
    const end = mark.kind === "note" ? mark.row : mark.endRow ?? mark.row + 1;
    return mark.row < to && end >= from;
  });
}

/** The number of lifelines that are always shown. */
const NAMES_MAX = 10;
/** The number of rows around the view that count for lifelines, so that these seldom change. */
const NEAR_ROWS = 100;

/** Returns the names of the lifelines to show: all, or if they are many, those with something
 * to draw near some rows.
 *
 * @param row One of the rows in view. */
export function namesNear(
  names: readonly string[],
  marks: readonly Mark[],
  row: number,
): readonly string[] {
  if (names.length <= NAMES_MAX) return names;
  const from = (Math.floor(row / NEAR_ROWS) - 1) * NEAR_ROWS;
  const near = marksIn(marks, from, from + 3 * NEAR_ROWS);
  const taking = new Set(near.flatMap((mark) => {
    return mark.kind === "note" ? [mark.at] : [mark.from, mark.to];
  }));
  return names.filter((name) => taking.has(name));
}

/** Draws a mark.
 *
 * @returns The SVG text. */
export function drawMark(mark: Mark, { places, columnPx }: Columns): string {
  const ends = mark.kind === "note" ? [mark.at] : [mark.from, mark.to];
  if (!ends.every((name) => places.has(name))) return "";
  const top = mark.row * ROW.heightPx;
  if (mark.kind === "note") {
    const roomPx = Math.max(1.6 * columnPx, NOTE_PX_MIN);
    const shape = noteShape(places.get(mark.at)!, top, mark.text, roomPx);
    return `<g class="step">${shape}</g>`;
  }
  return `<g class="step">${drawMessage(mark, top, places, columnPx)}</g>`;
}

function drawMessage(
  { from, to, text, endRow, isLost }: Mark & { kind: "message" },
  top: number,
  places: Columns["places"],
  columnPx: number,
): string {
  const [x1, x2] = [places.get(from)!, places.get(to)!];
  if (x1 === x2) return loopShape(x1, top, { text, isLost }, columnPx);
  const y1 = top + ROW.linePx;
  const roomPx = Math.max(Math.abs(x2 - x1), 1.5 * columnPx) - 3 * MARGIN_PX;
  if (endRow !== undefined) {
    const y2 = endRow * ROW.heightPx + ROW.linePx;
    return arrowShape({ x1, y1, x2, y2, text, roomPx, isLost });
  }
  // Under way: it may still arrive, or not.
  const x = Math.round(x1 + UNDER_WAY_SHARE * (x2 - x1));
  const y = y1 + UNDER_WAY_PX;
  const side = x2 > x1 ? 1 : -1;
  return `<path class="stroke under-way" d="M${x1} ${y1}L${x} ${y}"/>` +
    `<circle class="dot" cx="${x}" cy="${y}" r="4"/>` +
    labelShape(side > 0 ? "start" : "end", x1 + side * MARGIN_PX, y1 - 10, text);
}

/** Draws the time of a row. */
export function drawTime(row: number, atMs: number): string {
  const y = row * ROW.heightPx + ROW.baselinePx;
  return labelShape("end", TIME_PX, y, atMs.toFixed(1), "time");
}
