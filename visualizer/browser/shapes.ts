/**
 * The shapes of bars, points and columns, and the text that fits into them. Nothing here
 * draws.
 *
 * @module
 */

/** The width of the names at the left of the lanes, in pixels. */
export const GUTTER_PX = 108;
/** The height of a row, and the positions in it, in pixels. */
export const ROW_PX = 54;
export const BAR = { topPx: 5, bottomPx: 37, callPx: 18, resultPx: 32, pointPx: 43 };
/** The width of a character of the monospaced font. */
export const CHARACTER_PX = 6.65;
/** Shorter texts are cut at their end instead of in their middle. */
const MIDDLE_CUT_LENGTH_MIN = 10;
const PILL_HEIGHT_PX = 14;
/** The size of a zigzag at the open end of an operation that never returned. */
const ZIGZAG_PX = 4;

/** Returns the outline of a bar, closed or with an open end. */
export function barShape(left: number, right: number, top: number, isOpen: boolean): string {
  const [start, end] = [top + BAR.topPx, top + BAR.bottomPx];
  if (!isOpen) return `M${round(left)} ${start}H${round(right)}V${end}H${round(left)}z`;
  const zigzags = `l${ZIGZAG_PX} ${ZIGZAG_PX}l-${ZIGZAG_PX} ${ZIGZAG_PX}`
    .repeat((end - start) / (2 * ZIGZAG_PX));
  return `M${round(left)} ${start}H${round(right)}${zigzags}H${round(left)}z`;
}

/** Returns the frame around the number of a point. */
export function pill(x: number, y: number, half: number): string {
  const radius = PILL_HEIGHT_PX / 2;
  const straight = Math.max(0, 2 * (half - radius));
  const arc = `a${radius} ${radius} 0 0 1 0`;
  return `M${x - straight / 2} ${y - radius}h${straight}${arc} ${PILL_HEIGHT_PX}` +
    `h${-straight}${arc} ${-PILL_HEIGHT_PX}z`;
}

/** Cuts the end of a text so that it fits. */
export function fit(text: string, roomPx: number): string {
  const length = Math.floor(roomPx / CHARACTER_PX);
  if (length < 2) return "";
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Cuts the middle of a text so that it fits: an appended value is at its end. */
export function fitEnds(text: string, roomPx: number): string {
  const length = Math.floor(roomPx / CHARACTER_PX);
  if (length < MIDDLE_CUT_LENGTH_MIN || text.length <= length) return fit(text, roomPx);
  const end = Math.floor(length / 2);
  return `${text.slice(0, length - end - 1)}…${text.slice(-end)}`;
}

/** Rounds to a tenth of a pixel. */
export function round(px: number): number {
  return Math.round(px * 10) / 10;
}

/** Returns the columns of a chart.
 *
 * @param heightPx The height of a column that counts `most`. */
export function columnsShape(
  counts: Int32Array,
  { bottom, widthPx, gapPx = 0, heightPx, most }: {
    readonly bottom: number;
    readonly widthPx: number;
    readonly gapPx?: number;
    readonly heightPx: number;
    readonly most: number;
  },
): string {
  let d = "";
  counts.forEach((count, column) => {
    const height = round(count * heightPx / most);
    if (count > 0) d += `M${column * widthPx} ${bottom}v${-height}h${widthPx - gapPx}v${height}z`;
  });
  return d;
}
